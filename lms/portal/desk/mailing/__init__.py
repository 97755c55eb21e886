"""Mailing lists at the desk: who is on them, tables in and out, writing to them."""
