"""The site as the crowd's web server loads it; without the lock for the negative control."""

import logging
import os
import time
from typing import Any

from lms.wsgi import application

__all__ = ["application"]

if os.environ.get("LMS_CROWD_WITHOUT_LOCK"):
    from events.services import seats

    _count = seats.spoken_for
    # Two people in one place of the list are what the database refuses: expected here, and counted.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)

    def read_without_locking(row: Any) -> Any:
        """What somebody might write who does not know that others are counting too."""
        return type(row).objects.get(pk=row.pk)

    def count_slowly(session: Any) -> int:
        """The count is a moment old when it is used, as on a busy day."""
        counted = _count(session)
        time.sleep(0.05)
        return counted

    seats.lock = read_without_locking
    seats.spoken_for = count_slowly
