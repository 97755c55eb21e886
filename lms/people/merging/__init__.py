"""Two records that are one person: found, joined by an alias, parted again (DESIGN 4.9)."""
