"""Many certificates at once: issued again with credit confirmed late, printed for a session."""
