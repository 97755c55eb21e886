"""Finding trainings by the credit they give, and saying why none is found."""

from django.db.models import QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from lms.core.time import new_york_today
from lms.trainings.accreditation import credit_of_pages
from lms.trainings.accrediting import find, load_accreditors
from lms.trainings.models import TrainingPage
from lms.trainings.wording import accreditor_in_words, not_in_new_york

ANY, NONE, NEW_YORK = "yes", "no", "new-york"


def credit_choices() -> list[tuple[str, str]]:
    """What a visitor may ask for: any credit, New York's, one accreditor's, none."""
    return [
        ("", _("Any")),
        (ANY, _("Gives contact hours")),
        (NEW_YORK, _("New York hours")),
        *(
            (row.id, _("Contact hours of %(name)s") % {"name": row.short_name})
            for row in load_accreditors().values()
        ),
        (NONE, _("Gives none")),
    ]


def with_credit(pages: "QuerySet[TrainingPage]", asked: str) -> "QuerySet[TrainingPage]":
    """Those of the pages whose credit, as far as it is confirmed today, is what was asked for."""
    planned = list(pages.exclude(credit_lines=[]))
    given = {
        pk: [str(line["accreditor"]) for line in credit]
        for pk, credit in credit_of_pages(planned, day=new_york_today()).items()
        if credit
    }
    if asked == NONE:
        return pages.exclude(pk__in=given)
    if asked == ANY:
        return pages.filter(pk__in=given)
    if asked == NEW_YORK:
        return pages.filter(pk__in=[pk for pk, by in given.items() if any(map(_is_ours, by))])
    return pages.filter(pk__in=[pk for pk, by in given.items() if asked in by])


def _is_ours(accreditor: str) -> bool:
    known = find(accreditor)
    return known is not None and known.counts_in_new_york


def nothing_found(asked: str) -> dict[str, str]:
    """Heading and text where no training gives the credit that was asked for; else nothing."""
    if asked == NEW_YORK:
        refused = [row.id for row in load_accreditors().values() if row.refused_in_new_york]
        names = [accreditor_in_words(name) for name in refused]
        why = [
            _("Hours of %(names)s are not counted here.")
            % {"names": get_text_list(names, _("and"))},
            *(f"{not_in_new_york(name)}." for name in refused),
        ]
        return {
            "heading": _("None of the trainings gives New York hours"),
            "text": " ".join(
                [
                    _("No training that fits gives contact hours for a New York license now."),
                    *(why if refused else []),
                ]
            ),
        }
    if asked in {"", NONE}:
        return {}
    return {
        "heading": _("No training with credit"),
        "text": _("None of the trainings that fit gives continuing-education credit now.")
        if asked == ANY
        else _("None of the trainings that fit gives contact hours of %(name)s now.")
        % {"name": accreditor_in_words(asked)},
    }
