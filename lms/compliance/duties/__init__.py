"""Duties besides training: a license, cards in place, a house policy, sources looked at again."""
