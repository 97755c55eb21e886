"""What is mailed about a worksheet: the link to the trainer, the answer to who asked."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.compliance.worksheet_models import Worksheet, WorksheetAnswer
from lms.compliance.worksheets.links import path_of
from lms.compliance.worksheets.wording import gap_words
from lms.core.mail import send_mail_later
from lms.core.time import long_date, new_york_date


def ask_trainer(worksheet: Worksheet) -> None:
    """The trainer gets the link; the mail's body goes once it is sent."""
    assert worksheet.link_until  # noqa: S101 - set by the service that sends
    with override(settings.LANGUAGE_CODE):
        place = worksheet.organization.name
        subject = _("Please look at a training for %(place)s") % {"place": place}
        paragraphs = [
            _(
                "%(place)s uses your program “%(program)s” and asks you to say where its material"
                " covers what %(law)s asks for."
            )
            % {
                "place": place,
                "program": worksheet.program,
                "law": worksheet.rule_set.short_title,
            },
            _(
                "Open the link, look at each topic, correct the pages or minutes, leave empty what"
                " is not covered, and attest it or decline. It takes about ten minutes; you need no"
                " account."
            ),
            _(
                "The link is for you alone, takes one answer and works until %(day)s."
                " %(person)s of %(place)s asks you."
            )
            % {
                "day": long_date(new_york_date(worksheet.link_until)),
                "person": worksheet.created_by,
                "place": place,
            },
        ]
    _send(
        f"worksheet-link:{worksheet.pk}:{worksheet.links_made}",
        worksheet.trainer_email,
        worksheet.trainer_name,
        subject,
        paragraphs,
        path=path_of(worksheet),
        link_words=_("Open the worksheet"),
        secret=True,
    )


def tell_answer(worksheet: Worksheet, answer: WorksheetAnswer) -> None:
    """Whoever wrote the worksheet reads what came of it; the trainer gets their own words."""
    asker = worksheet.created_by.canonical
    if asker.email:
        with override(asker.preferred_language or settings.LANGUAGE_CODE):
            subject, paragraphs = _news(worksheet, answer)
            link_words = _("Open the worksheet")
        _send(
            f"worksheet-answer:{worksheet.pk}",
            asker.email,
            asker.get_short_name(),
            subject,
            paragraphs,
            path=reverse("facilities:home"),
            link_words=link_words,
        )
    with override(settings.LANGUAGE_CODE):
        subject = _("What you answered for %(place)s") % {"place": worksheet.organization.name}
        words = [answer.text] if answer.attested else [answer.text, answer.reason]
        closing = _("We keep these words with the hash of the material. You need do no more.")
    _send(
        f"worksheet-receipt:{worksheet.pk}",
        worksheet.trainer_email,
        worksheet.trainer_name,
        subject,
        [*words, closing],
    )


def _news(worksheet: Worksheet, answer: WorksheetAnswer) -> tuple[str, list[str]]:
    words = {"program": worksheet.program, "trainer": worksheet.trainer_name}
    if not answer.attested:
        return _("Declined: the worksheet on “%(program)s”") % words, [
            _("%(trainer)s has declined to attest the worksheet on “%(program)s”:") % words,
            answer.reason,
            _("You can write a new worksheet from it."),
        ]
    assert worksheet.valid_until  # noqa: S101 - an attested worksheet has one
    paragraphs = [
        _("%(trainer)s has attested the worksheet on “%(program)s”. It counts until %(day)s.")
        % {**words, "day": long_date(worksheet.valid_until)}
    ]
    if answer.gaps:
        paragraphs.append(
            _("Not covered: %(gaps)s. Who takes this program needs these topics from elsewhere.")
            % {"gaps": gap_words([row["code"] for row in answer.gaps])}
        )
    paragraphs.append(_("You can log group trainings with it now."))
    return _("Attested: the worksheet on “%(program)s”") % words, paragraphs


def _send(
    key: str,
    to: str,
    name: str,
    subject: str,
    paragraphs: list[str],
    *,
    path: str = "",
    link_words: str = "",
    secret: bool = False,
) -> None:
    send_mail_later(
        key=key,
        to=to,
        template="lodging",
        context={
            "name": name,
            "subject": subject,
            "paragraphs": paragraphs,
            "path": path,
            "link_words": link_words,
        },
        secret=secret,
    )
