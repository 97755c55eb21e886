"""Webex: the client, the stand-in, and what follows from a session."""
