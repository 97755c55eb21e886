"""Rosters: a facility's list of employees as it is kept, read, looked at, and taken over once."""
