"""Somebody's course at the desk: where they stand, their tests, and what the office decides."""
