"""Surveys: what they came to, never who said what."""
