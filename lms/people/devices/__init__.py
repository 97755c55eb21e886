"""Signing in without e-mail: shared devices, PINs, and the narrow session they open (DESIGN 4.5).

A worker is never `request.user`: like a guest (docs/decisions/0018) the browser is signed out to
every view but those that ask `people.guests.learner_of`. docs/decisions/0014 says the rest.
"""
