"""Laws and their sources, as the desk sees them."""
