"""The demo: readable data files, and the functions that load them through the real services."""
