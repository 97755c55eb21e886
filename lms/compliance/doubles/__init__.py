"""Facilities that are here twice: found, looked at, joined, parted again."""
