"""`make run` keeps its worker going, and ends when it cannot."""

import subprocess
import sys

from lms.trial import attend


def lasting(seconds: float) -> "subprocess.Popen[bytes]":
    """A program that ends by itself."""
    return subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({seconds})"])


def test_a_worker_that_ends_is_started_again() -> None:
    started = []

    def again() -> "subprocess.Popen[bytes]":
        started.append(lasting(60))
        return started[-1]

    children = [lasting(3), lasting(0)]
    attend(children, again, least=0)
    try:
        assert len(started) == 1
        assert children[1] is started[0]
        assert children[0].poll() == 0
    finally:
        children[1].kill()
        children[1].wait()


def test_a_worker_that_cannot_start_ends_it_all() -> None:
    web = lasting(60)
    try:
        attend([web, lasting(0)], lambda: lasting(60), least=30)
        assert web.poll() is None
    finally:
        web.kill()
        web.wait()
