"""The desk's queue of requests for access, and who may take a restricted training."""
