"""The words of a worksheet: what exactly a trainer attests, and what its mapping says."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from lms.compliance.worksheet_models import Worksheet, WorksheetTopic
from lms.core.time import long_date


def mapping_of(worksheet: Worksheet, topics: Sequence[WorksheetTopic]) -> list[dict[str, str]]:
    """Each topic of the rule set, in its order, with its name and its place; no place is a gap."""
    places = {topic.code: topic.place for topic in topics}
    return [
        {"code": topic.code, "name": topic.name, "place": places.get(topic.code, "")}
        for topic in worksheet.rule_set.topics
    ]


def gap_words(codes: Sequence[str]) -> str:
    """The gaps as one phrase, by the codes' short ends: "T4A, T4B"."""
    return ", ".join(code.rpartition("-")[2] for code in codes)


def statement(worksheet: Worksheet, mapping: Sequence[dict[str, str]], *, valid_until: date) -> str:
    """What the trainer attests, as it is shown before and kept after; one line for each point."""
    law = worksheet.rule_set.short_title
    covered = [row for row in mapping if row["place"]]
    gaps = [row for row in mapping if not row["place"]]
    lines = [
        _("I teach the program “%(program)s” of %(provider)s, or I answer for what it contains.")
        % {"program": worksheet.program, "provider": worksheet.provider},
        _("I have looked at its material, the file “%(file)s”.")
        % {"file": worksheet.material_name},
        _("It covers these topics of %(law)s at these places:") % {"law": law},
        *(f"{row['code']} {row['name']}: {row['place']}" for row in covered),
    ]
    if gaps:
        lines += [
            _("It does not cover these topics:"),
            *(f"{row['code']} {row['name']}" for row in gaps),
        ]
    else:
        lines.append(_("It leaves out none of the law’s topics."))
    lines += [
        _("I know that %(place)s shows this to inspectors for trainings until %(day)s.")
        % {"place": worksheet.organization.name, "day": long_date(valid_until)},
        _("The file’s hash (SHA-256): %(hash)s") % {"hash": worksheet.material_sha256},
    ]
    return "\n".join(lines)
