"""People at the desk: find somebody, see their record with the office, enter what is missing."""
