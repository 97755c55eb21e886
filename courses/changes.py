"""What differs between two versions of a course, and what of one still counts in the other."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from courses.enums import StepKind

# How a step is shown and where it stands; what is left of a test's frozen step is its rule.
_NOT_THE_RULE = {
    "title", "minutes", "topics", "module", "required", "gate", "page", "pool"
}  # fmt: skip


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What a new version asks of people that the old one did not, a sentence each.

    Empty when only words differ: a spelling fix is no question for anybody.
    """
    before = {step["key"]: step for step in old["outline"]}
    after = {step["key"]: step for step in new["outline"]}
    found = [
        _("“%(title)s” is new.") % {"title": step["title"]}
        for key, step in after.items()
        if key not in before
    ]
    found += [
        _("“%(title)s” is gone.") % {"title": step["title"]}
        for key, step in before.items()
        if key not in after
    ]
    for key, step in after.items():
        if key in before:
            found += _of_step(before[key], step)
    common = [key for key in before if key in after]
    if common != [key for key in after if key in before]:
        found.append(_("The steps come in another order."))
    if old.get("rules", {}) != new.get("rules", {}):
        found.append(_("Completing the course asks for something else besides the steps."))
    if (old["credits"], old["minutes"]) != (new["credits"], new["minutes"]):
        found.append(_("The length or the credit is another."))
    if old["topics"] != new["topics"]:
        found.append(_("The topics it covers are others."))
    return found


def _of_step(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs in a step that both versions have."""
    title = {"title": new["title"]}
    if not equivalent(old, new):
        return [_("“%(title)s” follows another rule: it is to be done again.") % title]
    found = []
    if old.get("pool") != new.get("pool"):
        found.append(_("“%(title)s” draws from other questions.") % title)
    if (old["required"], old["gate"]) != (new["required"], new["gate"]):
        found.append(_("“%(title)s” is needed, or opens, in another way.") % title)
    if old.get("page") != new.get("page"):
        found.append(_("“%(title)s” shows another page.") % title)
    return found


def equivalent(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether what was done in the old step counts for the new one with the same key.

    A lesson that was done stays done; a test only under the same rule. Its result stays when the
    bank has changed: the person answered what was asked then.
    """
    if old["kind"] != new["kind"]:
        return False
    return not StepKind(new["kind"]).is_test or _rule(old) == _rule(new)


def _rule(step: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name not in _NOT_THE_RULE}


def to_be_done_again(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The keys of the new version's steps that the old one has under another rule."""
    before = {step["key"]: step for step in old["outline"]}
    return [
        step["key"]
        for step in new["outline"]
        if step["key"] in before and not equivalent(before[step["key"]], step)
    ]
