"""The doorbells of the ledger: a completion was recorded, or revoked."""

import logging
from typing import Any

from lms.certificates.tasks import issue_for_completion, tell_revoked
from lms.completions.signals import completion_recorded, completion_revoked

logger = logging.getLogger("lms.certificates")


def connect() -> None:
    """Listen; called in AppConfig.ready()."""
    completion_recorded.connect(
        ask_for_certificate, dispatch_uid="certificates.ask_for_certificate"
    )
    completion_revoked.connect(ask_to_tell, dispatch_uid="certificates.ask_to_tell")


def ask_for_certificate(*, completion_id: str, **_kwargs: Any) -> None:
    """Ask a worker for the certificate; a dead broker costs only time, since the sweep finds it."""
    try:
        issue_for_completion.delay(completion_id)
    except Exception:
        logger.exception("The doorbell for completion %s did not ring", completion_id)


def ask_to_tell(*, completion_id: str, **_kwargs: Any) -> None:
    """Ask a worker to tell the person of a revocation; the sweep finds it if the bell is lost."""
    try:
        tell_revoked.delay(completion_id)
    except Exception:
        logger.exception("The doorbell for revoked completion %s did not ring", completion_id)
