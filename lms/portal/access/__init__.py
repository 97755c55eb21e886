"""The door of a restricted training: who goes in, and how to ask for access."""
