"""My learning, and one's own record: what a person sees of themselves."""
