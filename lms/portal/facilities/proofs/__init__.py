"""Pages about listed outside programs and the scans a facility accepts for them."""
