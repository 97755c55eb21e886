"""Proofs of courses taken elsewhere, waiting for somebody of the office."""
