"""The doorbell of the ledger: a completion was recorded, so a certificate may be due."""

import logging
from typing import Any

from lms.certificates.tasks import issue_for_completion
from lms.completions.signals import completion_recorded

logger = logging.getLogger("lms.certificates")


def connect() -> None:
    """Listen; called in AppConfig.ready()."""
    completion_recorded.connect(
        ask_for_certificate, dispatch_uid="certificates.ask_for_certificate"
    )


def ask_for_certificate(*, completion_id: str, **_kwargs: Any) -> None:
    """Ask a worker for the certificate; a dead broker costs only time, since the sweep finds it."""
    try:
        issue_for_completion.delay(completion_id)
    except Exception:
        logger.exception("The doorbell for completion %s did not ring", completion_id)
