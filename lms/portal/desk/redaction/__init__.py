"""Redaction at the desk: a named officer finds words and wipes them out."""
