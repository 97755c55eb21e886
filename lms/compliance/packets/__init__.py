"""What an inspector gets: the record as plain entries, as a packet of files, and by a link."""
