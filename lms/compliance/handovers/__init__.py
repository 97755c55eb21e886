"""Whose a facility is: companies founded, facilities handed over with their history."""
