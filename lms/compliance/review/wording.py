"""What was drawn, in words without anybody's name."""

from typing import Any

from django.utils.translation import gettext as _

from lms.compliance.enums import Basis
from lms.compliance.known import approval_of
from lms.compliance.review_models import SampledItem
from lms.core.time import short_date


def item_title(item: SampledItem) -> str:
    """Program and day, fit for the middle of a sentence: "the worksheet on ..."."""
    if item.proof:
        words = {
            "program": item.proof.version.spec["title"],
            "day": short_date(item.proof.held_on),
        }
        return _("the scan for “%(program)s” of %(day)s") % words
    if item.worksheet:
        return _("the worksheet on “%(program)s”") % {"program": item.worksheet.program}
    if item.group:
        words = {
            "program": item.group.version.spec["title"],
            "day": short_date(item.group.held_on),
        }
        return _("the group training “%(program)s” of %(day)s") % words
    return _("what the record of your facility rests on")


def basis_words(spec: Any) -> str:
    """Why a frozen program counts, without who stands for it: "On the state's list of programs"."""
    approval = approval_of(0, spec.get("approval"), [])
    if approval is None or approval.basis not in Basis.values:
        return _("not shown")
    return str(Basis(approval.basis).label)
