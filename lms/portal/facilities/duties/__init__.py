"""A facility's pages on its duties besides training."""
