"""The pages of lodging facilities: who was trained, who is due, what to sign, what to show."""
