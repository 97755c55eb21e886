"""What the people of a session answered, for the roster's files."""

from django.db.models import Q
from django.utils.translation import gettext as _

from events.asking_models import RegistrationAnswer, RegistrationQuestion
from events.enums import QuestionKind
from events.models import Session
from events.selectors import questions_of


def answers_in(session: Session) -> tuple[list[RegistrationQuestion], dict[tuple[int, int], str]]:
    """The questions asked there, those no longer asked too if anybody answered; and the answers,
    by seat and question, as people read them. Two queries.
    """
    given = RegistrationAnswer.objects.filter(registration__in=session.registrations.live())
    asked = RegistrationQuestion.objects.filter(
        Q(pk__in=questions_of(session).values("pk")) | Q(pk__in=given.values("question"))
    )
    questions = list(asked.order_by("pk"))
    kinds = {question.pk: question.kind for question in questions}
    words = {"yes": _("Yes"), "no": _("No")}
    return questions, {
        (row.registration_id, row.question_id): words.get(row.text, row.text)
        if kinds[row.question_id] == QuestionKind.YES_NO
        else row.text
        for row in given
    }
