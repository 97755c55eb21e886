"""The pages of a shared device: signing in without e-mail, and the one course that is due."""
