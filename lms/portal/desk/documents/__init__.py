"""Documents to read and sign: who has signed which version."""
