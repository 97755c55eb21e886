"""A doorbell: something was recorded. Losing it loses nothing; receivers pull what is missing."""

from django.dispatch import Signal

# Sent after commit with completion_id (str).
completion_recorded = Signal()
completion_revoked = Signal()
