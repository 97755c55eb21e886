"""Joining two records of one person, and taking that back. Nothing is copied or deleted."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit, personal_data
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.people.enums import MergeReason
from lms.people.merge_models import PersonMerge, PersonSplit, SaidDifferent
from lms.people.models import Person, RoleAssignment
from lms.people.permissions import is_staff_member, roles_of


@transaction.atomic
def merge(
    *,
    duplicate: Person,
    into: Person,
    reason: MergeReason,
    actor: Person,
    now: datetime | None = None,
) -> PersonMerge:
    """Make `duplicate` an alias of `into`: services write for `into`, rows keep theirs.

    The duplicate's confirmed addresses sign in `into` from now on, its sessions end, its password
    and second factors rest until the two are parted. Records merged into the duplicate before come
    along. What both have twice is settled by the rooms (`core.personal_data.settle`). Both are told
    by mail. Merging the same two again returns what stands.

    Raises Refused: "same", "merged_already", "guest", "roles_held" (the duplicate holds roles),
    "staff" (its addresses would open a colleague's rights; an administrator may, and the person),
    and "collisions", which lists what has to be settled first.
    """
    now = now or timezone.now()
    if duplicate.pk == into.pk:
        raise Refused(_("These are the same record."), code="same")
    locked = {row.pk: lock(row) for row in sorted((duplicate, into), key=lambda row: row.pk)}
    duplicate, into = locked[duplicate.pk], locked[into.pk]
    if duplicate.canonical_person_id == into.pk:
        return standing_merge(duplicate)
    _refuse_unless_joinable(duplicate, into, actor)
    aliases = list(Person.objects.filter(canonical_person=duplicate).values_list("pk", flat=True))
    told = {person.email for person in (duplicate, into) if person.email}
    settled = personal_data.settle(duplicate, into, actor=actor, now=now)
    moved: dict[str, Any] = {"aliases": aliases, "settled": settled, **_give(duplicate, into)}
    duplicate.canonical_person = into
    duplicate.save(update_fields=["canonical_person"])
    Person.objects.filter(pk__in=aliases).update(canonical_person=into)
    for session in UserSession.objects.filter(user=duplicate):
        session.end()
    done = PersonMerge.objects.create(
        duplicate=duplicate, into=into, reason=reason, moved=moved, actor=actor, merged_at=now
    )
    audit.record("person.merged", duplicate, actor=actor, now=now, into=into.pk, reason=reason)
    _tell("records_joined", done.pk, into, told)
    return done


def standing_merge(duplicate: Person) -> PersonMerge:
    """The merge that made the record an alias. Raises DoesNotExist for one nobody wrote down."""
    return PersonMerge.objects.filter(duplicate=duplicate, split__isnull=True).latest("merged_at")


def why_not(duplicate: Person, into: Person, actor: Person) -> Refused | None:
    """What `merge` would refuse of these two now, apart from collisions."""
    if duplicate.canonical_person_id or into.canonical_person_id:
        return Refused(
            _("One of the two was merged already. Look the person up again."),
            code="merged_already",
        )
    if duplicate.is_guest or into.is_guest:
        return Refused(_("A guest is nobody's record yet."), code="guest")
    held = [
        f"{role.get_role_display()}, {role.organization}"
        for role in RoleAssignment.objects.current()
        .filter(person=duplicate)
        .select_related("organization")
    ]
    if duplicate.is_superuser:
        held.append(_("Administrator"))
    if held:
        return Refused(
            _(
                "The record that would be merged holds rights: %(roles)s. Rights are not carried"
                " over: an administrator ends them first, or the other record is merged."
            )
            % {"roles": "; ".join(held)},
            code="roles_held",
        )
    if is_staff_member(into) and not (actor.is_superuser or actor.pk == into.pk):
        return Refused(
            _(
                "The record that stays holds rights, and the other's addresses would sign in with"
                " them. Only an administrator, or the person, can merge these two."
            ),
            code="staff",
        )
    return None


def may_be_named(actor: Person, *whose: Person) -> set[int] | None:
    """The organizations whose things may be named to `actor`; None: all, also of the own record."""
    if actor.is_superuser or actor.pk in {person.pk for person in whose}:
        return None
    return {held_for for _role, held_for in roles_of(actor)}


def _refuse_unless_joinable(duplicate: Person, into: Person, actor: Person) -> None:
    if refusal := why_not(duplicate, into, actor):
        raise refusal
    offices = may_be_named(actor, duplicate, into)
    collisions = personal_data.collisions(duplicate, into, offices=offices)
    if collisions:
        raise Refused(
            _("These two cannot be merged yet. %(what)s") % {"what": " ".join(collisions)},
            code="collisions",
        )


def _give(duplicate: Person, into: Person) -> dict[str, Any]:
    """The duplicate's confirmed addresses become further ones of `into`; ids, to give them back."""
    rows = list(EmailAddress.objects.filter(user=duplicate, verified=True).order_by("pk"))
    has_main = EmailAddress.objects.filter(user=into, primary=True).exists()
    given: dict[str, Any] = {"addresses": [], "main": None, "email": ""}
    for row in sorted(rows, key=lambda row: not row.primary):
        # One that was typed and never confirmed there gives way.
        EmailAddress.objects.filter(user=into, email=row.email).delete()
        if row.primary:
            given["main"] = row.pk
        row.user, row.primary = into, not has_main
        row.save(update_fields=["user", "primary"])
        has_main = True
        given["addresses"].append(row.pk)
    # On the record itself an address can stand once only, and who stays must be able to choose it.
    theirs = duplicate.email
    if theirs and (theirs in {row.email for row in rows} or not into.email):
        given["email"] = "kept" if into.email else "given"
        duplicate.email = None
        duplicate.save(update_fields=["email"])
        if not into.email:
            into.email = theirs
            into.save(update_fields=["email"])
    return given


@transaction.atomic
def undo_merge(*, merge: PersonMerge, actor: Person, now: datetime | None = None) -> PersonSplit:
    """Part two records again, at any time: each has the rows that were written for it.

    What was recorded since the merge was written for the record that stayed, and stays there.
    Undoing twice returns the first time's row.
    """
    now = now or timezone.now()
    merge = lock(merge)
    known = PersonSplit.objects.filter(merge=merge).first()
    if known:
        return known
    # `into` may have been merged on since; whoever is the alias now points there.
    duplicate, former = Person.objects.get(pk=merge.duplicate_id), merge.into
    stays = duplicate.canonical
    pair = {row.pk: lock(row) for row in sorted((duplicate, stays), key=lambda row: row.pk)}
    duplicate, stays = pair[duplicate.pk], pair[stays.pk]
    moved = merge.moved
    duplicate.canonical_person = None
    duplicate.save(update_fields=["canonical_person"])
    Person.objects.filter(pk__in=moved["aliases"], canonical_person=stays).update(
        canonical_person=duplicate
    )
    _give_back(moved, duplicate, stays)
    personal_data.unsettle(moved["settled"], actor=actor, now=now)
    done = PersonSplit.objects.create(merge=merge, actor=actor, split_at=now)
    audit.record("person.split", duplicate, actor=actor, now=now, out_of=former.pk)
    told = {person.email for person in (duplicate, stays) if person.email}
    _tell("records_parted", merge.pk, stays, told)
    return done


def _give_back(moved: dict[str, Any], duplicate: Person, stays: Person) -> None:
    """Addresses go back where the duplicate had them, unless they were removed or given on."""
    back = list(EmailAddress.objects.filter(pk__in=moved["addresses"], user=stays))
    for row in back:
        row.user, row.primary = duplicate, row.pk == moved["main"]
        row.save(update_fields=["user", "primary"])
    theirs = {row.email for row in back}
    wanted = None
    if moved["email"] and back:
        main = next((row for row in back if row.pk == moved["main"]), back[0])
        wanted = main.email
    elif moved["email"] == "given" and stays.email and not moved["addresses"]:
        # Never confirmed, and not confirmed since by the one who stayed: back where it stood.
        own = EmailAddress.objects.filter(user=stays, email=stays.email, verified=True)
        wanted = None if own.exists() else stays.email
    if stays.email and (stays.email in theirs or stays.email == wanted):
        others = EmailAddress.objects.filter(user=stays).order_by("-primary", "-verified", "pk")
        left = others.exclude(email=stays.email).first()
        if left and not left.primary:
            left.primary = left.verified
            left.save(update_fields=["primary"])
        stays.email = left.email if left and left.verified else None
        stays.save(update_fields=["email"])
    if wanted and not Person.objects.filter(email=wanted).exists():
        duplicate.email = wanted
        duplicate.save(update_fields=["email"])


def _tell(template: str, merge: int, person: Person, addresses: set[str]) -> None:
    """Tell every address of the two, without the other's name: the merge may have been wrong."""
    for number, address in enumerate(sorted(addresses)):
        send_mail_later(
            key=f"{template}:{merge}:{number}",
            to=address,
            template=template,
            context={"path": "/accounts/"},
            language=person.preferred_language,
        )


@transaction.atomic
def say_different(
    *, one: Person, other: Person, actor: Person, now: datetime | None = None
) -> SaidDifferent:
    """These are two people: the pair is suggested no more. Said twice is said once."""
    first, second = sorted((one, other), key=lambda row: row.pk)
    said, created = SaidDifferent.objects.get_or_create(
        first=first, second=second, defaults={"actor": actor, "said_at": now or timezone.now()}
    )
    if created:
        audit.record("person.not_the_same", first, actor=actor, now=now, other=second.pk)
    return said


@transaction.atomic
def unsay_different(
    *, one: Person, other: Person, actor: Person, now: datetime | None = None
) -> None:
    """Suggest the pair again; nothing happens where nobody said so."""
    first, second = sorted((one, other), key=lambda row: row.pk)
    deleted, _rows = SaidDifferent.objects.filter(first=first, second=second).delete()
    if deleted:
        audit.record("person.suggested_again", first, actor=actor, now=now, other=second.pk)
