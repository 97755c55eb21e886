"""What came of looking at something drawn: nothing noted, or a note to the facility by mail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.review import letters
from lms.compliance.review_models import Outcome, Remark, SampledItem, SampleOutcome
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.people.state_office import reviewing_office


@transaction.atomic
def say(
    *,
    item: SampledItem,
    outcome: Outcome,
    remarks: Sequence[Remark] = (),
    words: str = "",
    actor: Person,
    now: datetime | None = None,
) -> SampleOutcome:
    """Keep what came of it; a note goes to the managers at once. The same again is once.

    Later words are another row, and the newest counts. Raises Refused for somebody who does not
    review for the sample's office, and for a note without a sentence.
    """
    words = " ".join(words.split())
    if reviewing_office(actor) != item.sample.office:
        raise Refused(_("Only reviewers of the state say this."), code="not_a_reviewer")
    codes = [remark.value for remark in Remark if remark in remarks]
    if outcome == Outcome.NOTE and not codes:
        raise Refused(_("Tick at least one sentence."), code="remarks")
    if outcome == Outcome.NOTHING:
        codes, words = [], ""
    item = lock(item)
    newest = item.outcomes.first()
    if newest and (newest.outcome, newest.remarks, newest.words) == (outcome, codes, words):
        return newest
    said = SampleOutcome.objects.create(
        item=item,
        outcome=outcome,
        remarks=codes,
        words=words,
        said_by=actor,
        said_at=now or timezone.now(),
    )
    audit.record(
        "sample.looked_at", item, actor=actor, now=now, outcome=outcome.value, remarks=codes
    )
    if outcome == Outcome.NOTE:
        letters.tell_of_note(said)
    return said
