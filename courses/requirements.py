"""What a version asks for besides its steps, and the one sentence that says why not yet.

The rules are frozen in `spec["rules"]`: `min_active_minutes` (minutes with the course, counted by
services.active_time) and `attestation` (the learner's own word). A rule that is not set has no key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import RequirementKind, StepState


@dataclass(frozen=True)
class Requirement:
    """Something to fulfil besides the steps. `reason` says what is missing and what to do."""

    kind: RequirementKind
    title: str
    state: StepState
    reason: str = ""

    @property
    def is_met(self) -> bool:
        return self.state == StepState.DONE


def requirements(
    rules: Mapping[str, Any], *, active_seconds: int, steps_done: bool, attested: bool
) -> tuple[Requirement, ...]:
    """What the rules ask for, in the order in which it is fulfilled."""
    found: list[Requirement] = []
    if minutes := rules.get("min_active_minutes"):
        found.append(_time(minutes, active_seconds))
    if rules.get("attestation"):
        before = steps_done and all(requirement.is_met for requirement in found)
        found.append(_own_word(attested=attested, before=before))
    return tuple(found)


def active_minutes_left(rules: Mapping[str, Any], active_seconds: int) -> int:
    """How many minutes with the course are still to come, begun minutes whole."""
    return max(0, -((active_seconds - rules.get("min_active_minutes", 0) * 60) // 60))


def minutes_so_far(rules: Mapping[str, Any], active_seconds: int) -> str:
    """How much of the minutes asked for is spent; empty where none are asked for."""
    needed = rules.get("min_active_minutes")
    if not needed:
        return ""
    spent = needed - active_minutes_left(rules, active_seconds)
    return ngettext(
        "%(spent)s of %(needed)s needed minute", "%(spent)s of %(needed)s needed minutes", needed
    ) % {"spent": spent, "needed": needed}


def _time(minutes: int, active_seconds: int) -> Requirement:
    title = ngettext(
        "%(count)s minute with the course", "%(count)s minutes with the course", minutes
    )
    title %= {"count": minutes}
    left = active_minutes_left({"min_active_minutes": minutes}, active_seconds)
    if not left:
        return Requirement(RequirementKind.ACTIVE_TIME, title, StepState.DONE)
    reason = ngettext(
        "Not yet: %(spent)s of the %(needed)s minutes; stay with the lessons for about %(left)s "
        "more minute.",
        "Not yet: %(spent)s of the %(needed)s minutes; stay with the lessons for about %(left)s "
        "more minutes.",
        left,
    ) % {"spent": minutes - left, "needed": minutes, "left": left}
    return Requirement(RequirementKind.ACTIVE_TIME, title, StepState.OPEN, reason)


def _own_word(*, attested: bool, before: bool) -> Requirement:
    title = _("Your word that you did this yourself")
    if attested:
        return Requirement(RequirementKind.OWN_WORD, title, StepState.DONE)
    if before:
        reason = _("Not yet: confirm on the course's page that you did this yourself.")
        return Requirement(RequirementKind.OWN_WORD, title, StepState.OPEN, reason)
    reason = _("Not yet: this opens as soon as everything above it is done.")
    return Requirement(RequirementKind.OWN_WORD, title, StepState.LOCKED, reason)


def statement() -> str:
    """What a learner confirms; kept in the words they read."""
    return _("I did this course myself: I read the lessons, and I answered the tests without help.")


def in_words(rules: Mapping[str, Any]) -> list[str]:
    """The rules for somebody who has not begun: "At least 45 minutes with the course"."""
    parts = []
    if minutes := rules.get("min_active_minutes"):
        wording = ngettext(
            "At least %(count)s minute with the course",
            "At least %(count)s minutes with the course",
            minutes,
        )
        parts.append(wording % {"count": minutes})
    if rules.get("attestation"):
        parts.append(_("Your word that you did it yourself"))
    return parts
