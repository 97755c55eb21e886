"""Mail that does not arrive: addresses that bounced, and what was held for them."""
