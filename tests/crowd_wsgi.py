"""The site as the crowd's web server loads it; without the lock for the negative control."""

import os
import time
from typing import Any

from lms.wsgi import application

__all__ = ["application"]

if os.environ.get("LMS_CROWD_WITHOUT_LOCK"):
    from events.services import seats

    def read_without_locking(row: Any) -> Any:
        """What somebody might write who does not know that others are counting too."""
        found = type(row).objects.get(pk=row.pk)
        time.sleep(0.05)
        return found

    seats.lock = read_without_locking
