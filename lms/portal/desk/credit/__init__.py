"""Accreditors: what the office confirmed, what is missing, what ends soon."""
