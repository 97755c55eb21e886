"""Changes to people's records. Each is one transaction with its audit row."""

from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.bounces import clear_bounce
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date
from lms.people.enums import Post, Role
from lms.people.fields import fold
from lms.people.models import (
    Employment,
    EmploymentPeriod,
    Organization,
    Person,
    RoleAssignment,
)
from lms.people.overlaps import refuse_overlap
from lms.people.selectors import person_for_address

# Wagtail's own group; migration 0002 lets it publish, receivers let it edit what is editable.
EDITORS = "Editors"


@transaction.atomic
def ensure_person(
    *,
    email: str | None,
    first_name: str,
    last_name: str,
    actor: Person | None,
    language: str = "en",
    now: datetime | None = None,
) -> Person:
    """The person with this address, made if there is none yet; without an address always a new one.

    A person made here has no usable password and no verified address: only a code sent to the
    address lets somebody in. Never changes the name of a person who is already there; a record
    that has none, since its address was typed and never confirmed, takes the one given here.
    """
    address = email.strip().lower() if email and email.strip() else None
    if address:
        known = person_for_address(address)
        if known:
            _name_the_nameless(known, first_name, last_name, actor=actor, now=now)
            return known
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                address,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                preferred_language=language,
            )
    except IntegrityError:
        # The same form sent twice at once: the other request made the row.
        return Person.objects.get(email=address).canonical
    audit.record("person.created", person, actor=actor, now=now)
    return person


def _name_the_nameless(
    person: Person, first_name: str, last_name: str, *, actor: Person | None, now: datetime | None
) -> None:
    if person.get_full_name() or not (first_name.strip() and last_name.strip()):
        return
    person.first_name, person.last_name = first_name.strip(), last_name.strip()
    person.save(update_fields=["first_name", "last_name", "sort_name", "search_name"])
    audit.record("person.named", person, actor=actor, now=now)


@transaction.atomic
def confirm_address(
    *,
    person: Person,
    email: str,
    first_name: str = "",
    last_name: str = "",
    now: datetime | None = None,
) -> EmailAddress:
    """Somebody typed the code sent to `email`: the address is verified and signs in `person`.

    The name typed with it goes on the record where there is none, and replaces one that nobody
    vouches for: of a person who never signed in, with no employment and no role. An address
    verified by another person stays theirs. Confirming again changes no name that is there, and
    ends what was held for an address that bounced.
    """
    address = email.strip().lower()
    clear_bounce(address=address, actor=person, now=now)
    held = (
        EmailAddress.objects.filter(email=address, verified=True)
        .select_related("user__canonical_person")
        .first()
    )
    if held and held.user.canonical.pk == person.pk != held.user_id:
        # Verified on a record that was merged into this one.
        EmailAddress.objects.filter(pk=held.pk).update(user=person, primary=False)
    # Where it stood on a record merged into this one, it could not become the main address.
    Person.objects.filter(canonical_person=person, email=address).update(email=None)
    row, _created = EmailAddress.objects.get_or_create(user=person, email=address)
    _name_the_nameless(person, first_name, last_name, actor=person, now=now)
    has_primary = EmailAddress.objects.filter(user=person, primary=True).exists()
    if not row.can_set_verified() or (row.verified and has_primary):
        return row
    row.verified = True
    row.primary = row.primary or not has_primary
    row.save(update_fields=["verified", "primary"])
    names = (first_name.strip(), last_name.strip())
    unvouched = person.last_login is None and not (
        person.employments.exists() or person.roles.exists()
    )
    if all(names) and unvouched and names != (person.first_name, person.last_name):
        person.first_name, person.last_name = names
        person.save(update_fields=["first_name", "last_name", "sort_name", "search_name"])
    audit.record("person.address_verified", person, actor=person, now=now)
    return row


@transaction.atomic
def change_person(
    *,
    person: Person,
    first_name: str,
    last_name: str,
    email: str | None,
    language: str,
    is_active: bool,
    is_superuser: bool,
    actor: Person,
    now: datetime | None = None,
) -> Person:
    """An administrator corrects a person's record; certificates already issued keep the old name.

    A new address must be confirmed by a code before anybody signs in with it, and the old one
    signs in no more. Closing the account ends its sessions. The same values change nothing.
    Raises Refused for an address that signs in somebody else, and for closing one's own account or
    giving up one's own administration, which could leave nobody to undo it.
    """
    address = email.strip().lower() if email and email.strip() else None
    owner = person_for_address(address) if address else None
    if owner and owner.pk != person.pk:
        raise Refused(
            _("%(person)s has this address already.") % {"person": owner}, code="address_taken"
        )
    if actor.pk == person.pk and not (is_active and is_superuser):
        raise Refused(
            _("Ask another administrator to close your account or take your rights."),
            code="own_account",
        )
    before = lock(person)
    wanted = {
        "first_name": first_name.strip(),
        "last_name": last_name.strip(),
        "email": address,
        "preferred_language": language,
        "is_active": is_active,
        "is_superuser": is_superuser,
    }
    changed = [field for field, value in wanted.items() if getattr(before, field) != value]
    if not changed:
        return before
    if "email" in changed and before.email:
        EmailAddress.objects.filter(user=before, email=before.email).delete()
    for field in changed:
        setattr(before, field, wanted[field])
    before.save(update_fields=[*changed, "sort_name", "search_name"])
    audit.record("person.changed", before, actor=actor, now=now, fields=changed)
    return before


@transaction.atomic
def change_own_details(
    *,
    person: Person,
    first_name: str,
    last_name: str,
    language: str,
    actor: Person,
    now: datetime | None = None,
) -> Person:
    """A person changes their own name and language; certificates already issued keep the old name.

    The same values change nothing. Raises Refused for an empty name or a language we do not have.
    """
    if not first_name.strip() or not last_name.strip():
        raise Refused(_("Type your first and your last name."), code="name_missing")
    if language not in dict(settings.ALL_LANGUAGES):
        raise Refused(_("We do not have this language yet."), code="language_unknown")
    before = lock(person)
    wanted = {
        "first_name": first_name.strip(),
        "last_name": last_name.strip(),
        "preferred_language": language,
    }
    changed = [field for field, value in wanted.items() if getattr(before, field) != value]
    if not changed:
        return before
    for field in changed:
        setattr(before, field, wanted[field])
    before.save(update_fields=[*changed, "sort_name", "search_name"])
    audit.record("person.changed", before, actor=actor, now=now, fields=changed)
    return before


@transaction.atomic
def grant_role(
    *,
    person: Person,
    role: Role,
    organization: Organization,
    actor: Person | None,
    now: datetime | None = None,
) -> RoleAssignment:
    """Give `person` the role for the organization; a role already held is returned as it is."""
    now = now or timezone.now()
    assignment, created = RoleAssignment.objects.current().get_or_create(
        person=person,
        role=role,
        organization=organization,
        ended_at=None,
        defaults={"started_at": now},
    )
    if created:
        audit.record(
            "role.granted",
            assignment,
            actor=actor,
            now=now,
            role=role,
            person=person.pk,
            organization=organization.pk,
        )
        _open_admin_by_roles(person)
    return assignment


@transaction.atomic
def end_role(
    *, assignment: RoleAssignment, actor: Person | None, now: datetime | None = None
) -> None:
    """Take a role away; what was done under it stays."""
    now = now or timezone.now()
    changed = RoleAssignment.objects.current().filter(pk=assignment.pk).update(ended_at=now)
    if changed:
        audit.record("role.ended", assignment, actor=actor, now=now, role=assignment.role)
        _open_admin_by_roles(assignment.person)


def _open_admin_by_roles(person: Person) -> None:
    """Wagtail asks groups, we ask roles: who holds an editing role is in the editors' group."""
    editors = Group.objects.get(name=EDITORS)
    if RoleAssignment.objects.current().filter(person=person, role__in=Role.editing()).exists():
        person.groups.add(editors)
    else:
        person.groups.remove(editors)


@transaction.atomic
def employ(
    *,
    person: Person,
    organization: Organization,
    started_on: date,
    number: str = "",
    post: Post = Post.OTHER,
    guest_contact: bool = True,
    no_contact_reason: str = "",
    sent_by: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> Employment:
    """Record an employment with its first post; an open one of the same person is returned as is.

    Raises Refused when the employee number is in use by somebody else, a post without guest
    contact lacks its reason, or an earlier employment here had one of its days ("overlaps").
    """
    now = now or timezone.now()
    person = person.canonical
    mine = Employment.objects.of(person)
    open_one = mine.filter(organization=organization, ended_on__isnull=True).first()
    if open_one:
        return open_one
    if (
        number
        and Employment.objects.filter(
            organization=organization, number=number, ended_on__isnull=True
        ).exists()
    ):
        raise Refused(
            _("Employee number %(number)s is already used by somebody who works here.")
            % {"number": number},
            code="number_taken",
        )
    if not guest_contact and not no_contact_reason.strip():
        raise Refused(_("Say why this post does not meet guests."), code="reason_missing")
    refuse_overlap(person=person, organization=organization, started_on=started_on, ended_on=None)
    employment = Employment.objects.create(
        person=person,
        organization=organization,
        number=number,
        started_on=started_on,
        sent_by=sent_by,
        recorded_at=now,
    )
    EmploymentPeriod.objects.create(
        employment=employment,
        post=post,
        guest_contact=guest_contact,
        no_contact_reason=no_contact_reason,
        starts_on=started_on,
        recorded_at=now,
    )
    audit.record("employment.started", employment, actor=actor, now=now, post=post)
    return employment


@transaction.atomic
def change_post(
    *,
    employment: Employment,
    post: Post,
    guest_contact: bool,
    no_contact_reason: str = "",
    starts_on: date,
    actor: Person | None,
    now: datetime | None = None,
) -> EmploymentPeriod:
    """Somebody takes another post from `starts_on`; the old period ends the day before.

    Raises Refused for a date not after the current period's start, a missing reason, or somebody
    who has left ("already_left"), say in another tab since the form was opened.
    """
    employment = lock(employment)
    current = employment.periods.filter(ends_on__isnull=True).first()
    if employment.ended_on is not None or current is None:
        raise Refused(
            _("This person has left, so there is no post to change."), code="already_left"
        )
    if starts_on <= current.starts_on:
        raise Refused(
            _("The new post must start after %(day)s, when the current one did.")
            % {"day": current.starts_on},
            code="starts_too_early",
        )
    if not guest_contact and not no_contact_reason.strip():
        raise Refused(_("Say why this post does not meet guests."), code="reason_missing")
    EmploymentPeriod.objects.filter(pk=current.pk).update(ends_on=starts_on - timedelta(days=1))
    period = EmploymentPeriod.objects.create(
        employment=employment,
        post=post,
        guest_contact=guest_contact,
        no_contact_reason=no_contact_reason,
        starts_on=starts_on,
        recorded_at=now or timezone.now(),
    )
    audit.record("employment.post_changed", employment, actor=actor, now=now, post=post)
    return period


@transaction.atomic
def end_employment(
    *,
    employment: Employment,
    ended_on: date,
    actor: Person | None,
    now: datetime | None = None,
) -> Employment:
    """Somebody leaves; the record stays. Ending it again on the same day changes nothing.

    Raises Refused for a day before the hire date, or when it ended on another day already.
    """
    employment = lock(employment)
    if employment.ended_on == ended_on:
        return employment
    if employment.ended_on is not None:
        raise Refused(
            _("This employment already ended on %(day)s.")
            % {"day": long_date(employment.ended_on)},
            code="already_ended",
        )
    if ended_on < employment.started_on:
        raise Refused(
            _("The last day cannot be before the hire date, %(day)s.")
            % {"day": long_date(employment.started_on)},
            code="ends_before_start",
        )
    employment.ended_on = ended_on
    employment.save(update_fields=["ended_on"])
    current = employment.periods.filter(ends_on__isnull=True).first()
    if current:
        last_day = max(ended_on, current.starts_on)
        EmploymentPeriod.objects.filter(pk=current.pk).update(ends_on=last_day)
    audit.record("employment.ended", employment, actor=actor, now=now, ended_on=str(ended_on))
    return employment


@transaction.atomic
def hire(
    *,
    organization: Organization,
    first_name: str,
    last_name: str,
    email: str | None,
    language: str = "en",
    started_on: date,
    number: str = "",
    post: Post = Post.OTHER,
    guest_contact: bool = True,
    no_contact_reason: str = "",
    sent_by: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> Employment:
    """Record somebody as an employee, finding the person by address or making one.

    An address of somebody with another last name is refused ("other_name"): else a manager could
    type any address to learn whose it is. So is another first name where the person has signed in
    or works somewhere: their trainings would come with them. Raises Refused also as `employ` does,
    and "already_employed" for somebody who works here now.
    """
    person = ensure_person(
        email=email,
        first_name=first_name,
        last_name=last_name,
        language=language,
        actor=actor,
        now=now,
    )
    mine = Employment.objects.of(person)
    known_elsewhere = person.last_login is not None or mine.exists()
    if fold(person.last_name) != fold(last_name.strip()) or (
        known_elsewhere and fold(person.first_name) != fold(first_name.strip())
    ):
        raise Refused(
            _(
                "This e-mail address cannot be used with this name. Check both, or leave the "
                "address out."
            ),
            code="other_name",
        )
    if mine.filter(organization=organization, ended_on__isnull=True).exists():
        raise Refused(
            _("%(name)s already works here, with this e-mail address.") % {"name": person},
            code="already_employed",
        )
    return employ(
        person=person,
        organization=organization,
        started_on=started_on,
        number=number.strip(),
        post=post,
        guest_contact=guest_contact,
        no_contact_reason=no_contact_reason.strip(),
        sent_by=sent_by.strip(),
        actor=actor,
        now=now,
    )


@transaction.atomic
def undo_end_employment(
    *, employment: Employment, actor: Person | None, now: datetime | None = None
) -> Employment:
    """Take back that somebody left: the employment and its last post are open again.

    One that is open already is returned as it is. Raises Refused when the person has begun anew
    here since ("hired_again"), or somebody else was given the number ("number_taken").
    """
    employment = lock(employment)
    if employment.ended_on is None:
        return employment
    others = Employment.objects.filter(
        organization=employment.organization, ended_on__isnull=True
    ).exclude(pk=employment.pk)
    if others.of(employment.person).exists():
        raise Refused(
            _("This person was hired again since, so the leaving cannot be taken back."),
            code="hired_again",
        )
    if employment.number and others.filter(number=employment.number).exists():
        raise Refused(
            _("Employee number %(number)s is already used by somebody who works here.")
            % {"number": employment.number},
            code="number_taken",
        )
    ended_on, employment.ended_on = employment.ended_on, None
    employment.save(update_fields=["ended_on"])
    last = employment.periods.order_by("-starts_on").first()
    if last:
        EmploymentPeriod.objects.filter(pk=last.pk).update(ends_on=None)
    audit.record("employment.reopened", employment, actor=actor, now=now, ended_on=str(ended_on))
    return employment
