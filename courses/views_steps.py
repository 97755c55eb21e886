"""How each kind of step is shown, and what posting to it does; the player has asked whose it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import player, reads, services
from courses.enums import AttemptStatus, StepKind
from courses.forms import ProofForm, SignForm, SurveyForm
from courses.models import Attempt, Enrolment, SurveyPage
from courses.selectors import Outline, Step
from courses.timing import is_over
from lms.core.exceptions import Refused
from lms.people.models import Person

View = Callable[[HttpRequest, Outline, Step], HttpResponse]


@dataclass(frozen=True)
class StepView:
    """What answers for a kind of step; both get how the enrolment stands and the step."""

    show: View
    post: View


def reader(request: HttpRequest) -> Person:
    """Who learns: who is signed in, or a guest; the player's views let nobody else in."""
    person: Person = request.learner  # type: ignore[attr-defined]  # people.guests sets it
    return person


def _lesson(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    context = {**player.frame(stands, current), **player.lesson(stands.enrolment, current)}
    return render(request, "courses/lesson.html", context)


def _post_lesson(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    """Through with the lesson: on to what follows."""
    enrolment = services.finish_lesson(
        enrolment=stands.enrolment, step_key=current.key, actor=reader(request)
    )
    return go_on(request, stands, current, enrolment)


def go_on(
    request: HttpRequest, stands: Outline, current: Step, enrolment: Enrolment
) -> HttpResponse:
    """To what follows a step that is done now; `stands` is from before.

    A test that follows begins at once, unless its tries are counted or something is said before
    it: then one is asked first.
    """
    following = stands.after(current)
    if following is None or not enrolment.is_active:
        return redirect("courses:outline", enrolment.pk)
    plain = following.attempts_allowed is None and not following.timing.asks_first
    begins = plain and not following.page
    if following.is_test and not following.is_done and begins:
        services.start_attempt(enrolment=enrolment, step_key=following.key, actor=reader(request))
    return redirect(player.step_url(enrolment, following))


def _test(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    """The running try, else the last result, else what awaits one."""
    context = player.frame(stands, current)
    shown = current.attempt_in_progress or (current.last_attempt and current.last_attempt.pk)
    attempt = reads.attempt_with_answers(shown, stands.enrolment) if shown else None
    now = timezone.now()
    context["rules"] = player.rules(stands.enrolment, current, attempt, now)
    if attempt is None:
        if current.page:
            context |= player.lesson(stands.enrolment, current)
        return render(request, "courses/test_intro.html", context)
    if attempt.status == AttemptStatus.IN_PROGRESS and is_over(attempt, now):
        services.hand_in(attempt=attempt, actor=reader(request))
        messages.warning(request, services.time_over(attempt))
        return redirect(player.step_url(stands.enrolment, current))
    if attempt.status == AttemptStatus.IN_PROGRESS:
        context |= player.running(attempt, now)
        return render(request, "courses/test.html", context)
    if current.kind == StepKind.PRE_TEST and not current.must_pass_first:
        return render(request, "courses/pre_test_done.html", context)
    context |= player.result(attempt, current)
    return render(request, "courses/test_result.html", context)


def _save(request: HttpRequest, attempt: Attempt, turn: int) -> bool:
    """Keep the answers of a posted test; False, with a message, where it is over already."""
    given = player.answers_in(request.POST, attempt)
    try:
        if given:
            services.save_answers(attempt=attempt, answers=given, turn=turn, actor=reader(request))
    except Refused as refusal:
        if refusal.code not in services.OVER:
            raise
        messages.warning(request, str(refusal))
        return False
    return True


def _hand_in(
    request: HttpRequest, stands: Outline, current: Step, attempt: Attempt, turn: int
) -> HttpResponse:
    """Close the try; asks first where questions are open, or another device has gone on."""
    here = redirect(player.step_url(stands.enrolment, current))
    if turn < attempt.turn:
        messages.warning(
            request, _("This test was continued on another device. Here it is as it stands now.")
        )
        return here
    open_questions = player.open_questions(attempt)
    if open_questions and request.POST.get("action") != "hand_in_anyway":
        context = {**player.frame(stands, current), "open_questions": open_questions, "turn": turn}
        return render(request, "courses/test_unanswered.html", context)
    services.hand_in(attempt=attempt, actor=reader(request))
    return here


def _post_test(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    """Begin a try; or save its answers, and hand it in when that was asked."""
    here = redirect(player.step_url(stands.enrolment, current))
    action = request.POST.get("action")
    if action == "start":
        services.start_attempt(
            enrolment=stands.enrolment, step_key=current.key, actor=reader(request)
        )
        return here
    running = current.attempt_in_progress
    attempt = reads.attempt_by_pk.first(pk=running) if running else None
    if attempt is None:
        # Handed in already, in another window or by a repeated request: show what came of it.
        return here
    attempt.enrolment = stands.enrolment
    turn = player.number(request.POST["turn"]) if "turn" in request.POST else attempt.turn
    if not _save(request, attempt, turn):
        return here
    if "save" in request.POST:
        # Without a script an answer is saved by its own button, and one stays where one was.
        return redirect(f"{here.url}#question-{player.number(request.POST['save'])}")
    if action == "pause":
        messages.success(request, _("Your answers are saved. Go on whenever you like."))
        return redirect("courses:outline", stands.enrolment.pk)
    return _hand_in(request, stands, current, attempt, turn)


def _document(
    request: HttpRequest, stands: Outline, current: Step, form: SignForm | None = None
) -> HttpResponse:
    """The version in force, to read and sign; signed, it says so."""
    context = {**player.frame(stands, current), **player.document(stands.enrolment, current)}
    standing = current.document
    if standing and not current.is_done and context["lesson"]:
        context["form"] = form or SignForm(
            statement=context["lesson"].statement,
            initial={"name": reader(request).get_full_name(), "edition": standing.edition},
        )
    return render(request, "courses/document.html", context)


def _post_document(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    """Sign it, then go on; a new version that came meanwhile is shown first."""
    page = player.document(stands.enrolment, current)["lesson"]
    form = SignForm(request.POST, statement=page.statement if page else "")
    if not form.is_valid():
        return _document(request, stands, current, form)
    was_active = stands.enrolment.is_active
    try:
        services.sign_document(
            enrolment=stands.enrolment,
            step_key=current.key,
            edition=form.cleaned_data["edition"],
            name=form.cleaned_data["name"],
            actor=reader(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(player.step_url(stands.enrolment, current))
    messages.success(request, _("Thank you. Your signature is in your record."))
    if not was_active:
        return redirect("courses:outline", stands.enrolment.pk)
    return go_on(request, stands, current, Enrolment.objects.get(pk=stands.enrolment.pk))


def _outside(
    request: HttpRequest, stands: Outline, current: Step, form: ProofForm | None = None
) -> HttpResponse:
    """Where the course is, what proves it, and where one's proof stands."""
    context = {**player.frame(stands, current), **player.lesson(stands.enrolment, current)}
    if not current.is_done and stands.enrolment.is_active:
        context["form"] = form or ProofForm()
    return render(request, "courses/outside.html", context)


def _post_outside(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    """Take the proof in; the office looks at it."""
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.send_proof(
                enrolment=stands.enrolment,
                step_key=current.key,
                upload=form.cleaned_data["proof"],
                finished_on=form.cleaned_data["finished_on"],
                actor=reader(request),
            )
        except Refused as refusal:
            form.add_error("proof", str(refusal))
        else:
            messages.success(request, _("Your proof is sent. You hear from the office by mail."))
            return redirect(player.step_url(stands.enrolment, current))
    return _outside(request, stands, current, form)


def _survey(
    request: HttpRequest, stands: Outline, current: Step, form: SurveyForm | None = None
) -> HttpResponse:
    """The survey; given, it says thank you."""
    context = {**player.frame(stands, current), **player.lesson(stands.enrolment, current)}
    page = context["lesson"]
    open_still = stands.enrolment.is_active or current.asks_again
    if not current.is_done and open_still and isinstance(page, SurveyPage):
        context["form"] = form or SurveyForm(page=page)
    return render(request, "courses/survey.html", context)


def _post_survey(request: HttpRequest, stands: Outline, current: Step) -> HttpResponse:
    """Take the answers in, then go on."""
    page = player.lesson(stands.enrolment, current)["lesson"]
    if current.is_done or not isinstance(page, SurveyPage):
        return redirect(player.step_url(stands.enrolment, current))
    form = SurveyForm(request.POST, page=page)
    if form.is_valid():
        was_active = stands.enrolment.is_active
        try:
            enrolment = services.give_survey(
                enrolment=stands.enrolment,
                step_key=current.key,
                answers=form.answers(),
                comment=form.cleaned_data.get("comment", ""),
                actor=reader(request),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. Your answers are kept without your name."))
            if not was_active:
                return redirect("courses:outline", enrolment.pk)
            return go_on(request, stands, current, enrolment)
    return _survey(request, stands, current, form)


_TEST = StepView(_test, _post_test)
_VIEWS = {
    StepKind.LESSON: StepView(_lesson, _post_lesson),
    StepKind.PRE_TEST: _TEST,
    StepKind.KNOWLEDGE_CHECK: _TEST,
    StepKind.POST_TEST: _TEST,
    StepKind.DOCUMENT: StepView(_document, _post_document),
    StepKind.OUTSIDE: StepView(_outside, _post_outside),
    StepKind.SURVEY: StepView(_survey, _post_survey),
}


def step_view(kind: StepKind) -> StepView:
    """What shows steps of this kind."""
    return _VIEWS[kind]
