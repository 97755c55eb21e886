"""A person's own act: the code sent to an address of another record of theirs was typed."""

import time

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.people.enums import MergeReason
from lms.people.merge_models import PersonMerge
from lms.people.merging.services import merge, why_not
from lms.people.models import Person
from lms.people.selectors import person_for_address
from lms.people.services import confirm_address

# What the session keeps between the code and the answer, and for how long.
PROVED = "address_of_another_record"
KEPT_SECONDS = 15 * 60


def note_proof(request: HttpRequest, *, email: str) -> None:
    """The code sent to `email`, which another record has, was typed in this browser."""
    request.session[PROVED] = [email, int(time.time())]


def proved(request: HttpRequest, person: Person) -> tuple[Person, str] | None:
    """The other record whose address was just proved, and the address; None once it is too late."""
    email, at = request.session.get(PROVED) or ("", 0)
    if not email or time.time() - at > KEPT_SECONDS:
        return None
    other = person_for_address(email)
    return None if other is None or other.pk == person.pk else (other, email)


def forget_proof(request: HttpRequest) -> None:
    """It was answered."""
    request.session.pop(PROVED, None)


def why_not_own(person: Person, other: Person) -> Refused | None:
    """What keeps a person from joining their other record to their own, apart from collisions."""
    if is_mfa_enabled(other):
        # A code by e-mail opens half of it only.
        return Refused(
            _(
                "The other account asks for more than a code when you sign in. Sign in to it, and"
                " add the address of this one there."
            ),
            code="second_factor",
        )
    refusal = why_not(other, person, person)
    if refusal and refusal.code == "roles_held":
        return Refused(
            _(
                "The other account holds rights that this one would not have. Sign in to it, and"
                " add the address of this one there."
            ),
            code="roles_held",
        )
    return refusal


@transaction.atomic
def join_own(*, person: Person, other: Person, email: str) -> PersonMerge:
    """Merge another record into one's own; its address was proved (`proved`), and is confirmed.

    Raises Refused as `merge` does, and "second_factor" where a code alone does not sign in there.
    """
    if refusal := why_not_own(person, other):
        raise refusal
    confirm_address(person=other, email=email)
    return merge(duplicate=other, into=person, reason=MergeReason.PROVED, actor=person)
