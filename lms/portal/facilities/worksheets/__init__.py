"""Pages about a facility's own programs: worksheets written here, attested through a link."""
