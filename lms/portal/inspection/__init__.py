"""What an inspector opens without an account: a facility's packet by a link, and its check."""
