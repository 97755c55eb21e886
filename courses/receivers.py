"""The doorbells of the ledger, for plans: a completion was recorded, or revoked."""

import logging
from typing import Any

from courses.tasks import follow_plans
from lms.completions.signals import completion_recorded, completion_revoked

logger = logging.getLogger("courses.plans")


def connect() -> None:
    """Listen; called in AppConfig.ready()."""
    completion_recorded.connect(look_at_plans, dispatch_uid="courses.plans.recorded")
    completion_revoked.connect(look_at_plans, dispatch_uid="courses.plans.revoked")


def look_at_plans(*, completion_id: str, **_kwargs: Any) -> None:
    """Ask a worker; a dead broker costs only time, since the sweep looks too."""
    try:
        follow_plans.delay(completion_id)
    except Exception:
        logger.exception("The doorbell for completion %s did not ring", completion_id)
