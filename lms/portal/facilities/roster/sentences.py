"""What is wrong with a row of a roster, and what it comes to, each in one sentence."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.core.time import short_date
from lms.people.enums import Post
from lms.people.models import Organization

_PROBLEMS = {
    "no_name": later("First and last name are not both there: “%(text)s”."),
    "no_such_name": later("“%(text)s” does not look like a name."),
    "bad_email": later("“%(text)s” is no e-mail address. Correct it, or leave it out."),
    "no_day": later("The day of hire is missing."),
    "day_impossible": later("There is no such day: “%(text)s”."),
    "day_unreadable": later("“%(text)s” is not a day we can read."),
    "day_ambiguous": later("“%(text)s” can be read in two ways."),
    "day_unlikely": later("%(day)s cannot be right."),
    "left_before_hired": later("Left on %(left)s, which is before the day of hire, %(day)s."),
    "no_reason": later("The list says that this person does not meet guests; say why."),
    "number_twice": later(
        "Number %(number)s is also in row %(line)s, of %(name)s. Give each their own, or none."
    ),
    "email_twice": later(
        "The same e-mail address is in row %(line)s. If this is one person, leave a row out; if "
        "they are two, leave out the address."
    ),
    "number_taken": later("Number %(number)s belongs to %(name)s, who works here."),
    "same_name": later("%(name)s works here already, hired on %(day)s. Is this the same person?"),
    "worked_here": later("%(name)s worked here until %(left)s. Is this the same person?"),
    "person_twice": later("%(name)s is in another row already. Leave one of them out."),
    "left_here": later(
        "%(name)s left on %(left)s by our record, and this row says hired on %(day)s. If they came "
        "back, type the day they came back; else leave the row out."
    ),
    "other_name": later(
        "This e-mail address cannot be used with this name. Check both, or leave the address out."
    ),
    "place_unknown": later("We do not know the facility “%(text)s”."),
    "no_place": later("The facility is missing."),
}
_NOTES = {
    "nobody": later("Not a person: a total or the page’s foot."),
    "left_out": later("Left out by you."),
    "kept": later("Kept by you: still works here."),
    "missing": later("Not in the list."),
    "twice": later("The same as row %(line)s."),
    "other_place": later("Of another facility: “%(text)s”."),
    "left_long_ago": later("Left on %(day)s; the record need not be kept so long."),
    "contact_assumed": later("The list does not say who meets guests, so: yes."),
    "language_unknown": later("We do not have the language “%(text)s”; English for now."),
    "hired_otherwise": later(
        "Hired on %(day)s by our record, on %(other)s by the list. The record stays; correct it on "
        "the employee’s page if the list is right."
    ),
    "named_otherwise": later("In our record as %(name)s; that stays."),
    "post_too_new": later("The post began today or later, so it is not changed again."),
    "moved": later("Works at another of your facilities too, with this number."),
}
_DAYS = ("day", "left", "other")


def problem(row: dict[str, Any]) -> str:
    """One sentence that says what is wrong."""
    return _said(_PROBLEMS, row)


def note(row: dict[str, Any]) -> str:
    """One sentence worth knowing."""
    return _said(_NOTES, row)


def _said(sentences: dict[str, Any], row: dict[str, Any]) -> str:
    words = {**row}
    for name in _DAYS:
        if words.get(name):
            words[name] = day(str(words[name]))
    return str(sentences[row["code"]]) % words


def day(text: str) -> str:
    """A stored day as people read it."""
    try:
        return short_date(date.fromisoformat(text))
    except ValueError:
        return text


def changes(found: dict[str, Any]) -> list[str]:
    """What changes for somebody who works here, a sentence each."""
    said = []
    if left := found.get("ended_on"):
        said.append(_("Last day %(day)s") % {"day": day(left)})
    if post := found.get("post"):
        words = _("Post: %(was)s → %(now)s") % {
            "was": _post(post["was"]),
            "now": _post(post["post"]),
        }
        if not post["contact"]:
            words += " " + _("(does not meet guests: %(reason)s)") % {"reason": post["reason"]}
        said.append(words)
    if number := found.get("number"):
        said.append(
            _("Number: %(was)s → %(now)s")
            % {"was": number["was"] or _("none"), "now": number["number"]}
        )
    if sent := found.get("sent_by"):
        said.append(_("Sent by: %(name)s") % {"name": sent["sent_by"]})
    if email := found.get("email"):
        said.append(_("E-mail address: %(email)s") % {"email": email})
    return said


def _post(value: str) -> str:
    return str(Post(value).label) if value in Post.values else value


def line_of(
    values: dict[str, Any], facilities: dict[int, Organization], facility: int | None
) -> str:
    """The rest of a row in a few words: post, hired, left."""
    parts = [values.get("title") or _post(values.get("post", ""))]
    if not values.get("contact", True):
        parts.append(_("does not meet guests"))
    if started := values.get("started_on"):
        parts.append(_("hired %(day)s") % {"day": day(started)})
    if ended := values.get("ended_on"):
        parts.append(_("left %(day)s") % {"day": day(ended)})
    if values.get("sent_by"):
        parts.append(_("sent by %(name)s") % {"name": values["sent_by"]})
    if len(facilities) > 1 and facility in facilities:
        parts.append(facilities[facility].name)
    return ", ".join(part for part in parts if part)
