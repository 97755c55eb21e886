"""The trial's worker: a real Celery process on the file-system broker delivers what is enqueued."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from lms.core.models import OutboxMessage, TrialMail
from tests import database

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_killed_before_delivery_loses_nothing(tmp_path: Path) -> None:
    """Nobody rings the doorbell here: only beat's sweep in a fresh worker can deliver the row."""
    OutboxMessage.objects.create(
        key="killed",
        kind="mail",
        payload={
            "to": "ana@example.org",
            "subject": "After the crash",
            "text": "Hello",
            "html": "",
            "calendar": None,
        },
        # A worker claimed it and was killed; the claim has just run out.
        claimed_until=timezone.now(),
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lms.settings.trial",
        "DATABASE_URL": database.address(),
        "LMS_BROKER_DIR": str(tmp_path),
        "LMS_SWEEP_SECONDS": "1",
    }
    worker = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "celery"), "-A", "lms", "worker", "-B",
            "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING",
            "--schedule", str(tmp_path / "beat"),
        ],
        cwd=PROJECT,
        env=environment,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not TrialMail.objects.exists():
            time.sleep(0.2)
        assert list(TrialMail.objects.values_list("subject", flat=True)) == ["After the crash"]
        assert OutboxMessage.objects.get().state == "delivered"
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=30)
