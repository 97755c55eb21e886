"""What a facility's managers are mailed: that the state opened the record, and its notes."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from lms.compliance.claims.selectors import managers_of as managers_of_facility
from lms.compliance.review.wording import item_title
from lms.compliance.review_models import RecordAccess, SampledItem, SampleOutcome
from lms.core.mail import send_mail_later
from lms.core.time import long_date, new_york_date
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person, RoleAssignment


@dataclass(frozen=True)
class Letter:
    """One letter: which office writes it, about which place, and what it says."""

    office: Organization
    place: Organization
    subject: str
    paragraphs: list[str]


def managers_of(place: Organization) -> list[Person]:
    """Who answers for the place and has an address: its managers and those of its company."""
    place = place.canonical_organization or place
    if place.kind == OrganizationKind.FACILITY:
        return [person for person in managers_of_facility(place) if person.email]
    held = RoleAssignment.objects.current().filter(organization=place, role=Role.COMPANY_MANAGER)
    return list(
        Person.objects.filter(
            pk__in=held.values("person"), is_active=True, email__isnull=False
        ).order_by("pk")
    )


def tell_of_access(access: RecordAccess) -> None:
    """At once, to each manager; later openings stand on the facility's page only."""
    for person in managers_of(access.facility):
        with override(person.preferred_language or settings.LANGUAGE_CODE):
            words = {
                "office": access.office.name,
                "place": access.facility.name,
                "day": long_date(new_york_date(access.begun_at)),
                "ground": access.get_ground_display(),
                "words": access.words,
                "until": long_date(new_york_date(access.until)),
            }
            subject = _("The state opened the training record of %(place)s") % words
            paragraphs = [
                _("%(office)s opened your training record on %(day)s.") % words,
                _("The ground: %(ground)s (%(words)s).") % words,
                _(
                    "It may read the record, with the names in it, until %(until)s. You see on your"
                    " page what was opened and when. You need do nothing."
                )
                % words,
            ]
        letter = Letter(access.office, access.facility, subject, paragraphs)
        _send(f"record-access:{access.pk}:{person.pk}", person, letter)


def tell_of_note(said: SampleOutcome) -> None:
    """The note, sentence by sentence, to each manager."""
    item: SampledItem = said.item
    office, place = item.sample.office, item.organization
    for person in managers_of(place):
        with override(person.preferred_language or settings.LANGUAGE_CODE):
            words = {"office": office.name, "place": place.name, "what": item_title(item)}
            subject = _("A note of the state about %(place)s") % words
            paragraphs = [
                _("%(office)s drew a random sample and looked at: %(what)s.") % words,
                *said.sentences,
                _("This is a note, no decision. If something is wrong in it, write to the office."),
            ]
        letter = Letter(office, place, subject, paragraphs)
        _send(f"sample-note:{said.pk}:{person.pk}", person, letter)


def _send(key: str, person: Person, letter: "Letter") -> None:
    place = letter.place.canonical_organization or letter.place
    address = reverse("facilities:home")
    if place.kind == OrganizationKind.FACILITY:
        address = f"{reverse('facilities:packets', args=[place.key])}#state"
    send_mail_later(
        key=key,
        to=person.email or "",
        template="note",
        context={
            "subject": letter.subject,
            "paragraphs": letter.paragraphs,
            "url": f"{settings.SITE_ORIGIN}{address}",
            "office": letter.office,
        },
        language=person.preferred_language or settings.LANGUAGE_CODE,
    )
