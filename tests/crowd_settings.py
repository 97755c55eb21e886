"""The tests' settings for a web server of its own: kept connections, a doorbell nobody answers.

Mail then waits in the outbox, as it does in production while the worker is busy.
"""

from lms.settings.test import *  # noqa: F403
from lms.settings.test import DATABASES

CELERY_TASK_ALWAYS_EAGER = False
DATABASES["default"]["CONN_MAX_AGE"] = 60
