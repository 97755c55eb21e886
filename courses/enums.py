"""The words courses use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StepKind(models.TextChoices):
    """What a step of a course's outline is; also the name of its block."""

    PRE_TEST = "pre_test", _("Pre-test")
    LESSON = "lesson", _("Lesson")
    KNOWLEDGE_CHECK = "knowledge_check", _("Knowledge check")
    POST_TEST = "post_test", _("Post-test")
    DOCUMENT = "document", _("Document to read and sign")
    OUTSIDE = "outside", _("Course taken elsewhere")
    SURVEY = "survey", _("Survey")

    @property
    def is_test(self) -> bool:
        """Whether the step asks questions."""
        return self in (StepKind.PRE_TEST, StepKind.KNOWLEDGE_CHECK, StepKind.POST_TEST)


class Gate(models.TextChoices):
    """What must be done before a step opens."""

    NONE = "none", _("Nothing: it is always open")
    PREVIOUS = "previous", _("The required step before it")
    PRE_TEST_TAKEN = "pre_test_taken", _("The pre-test")


class StepState(models.TextChoices):
    """Where somebody stands with a step; computed, never stored."""

    DONE = "done", _("Done")
    OPEN = "open", _("Open")
    LOCKED = "locked", _("Not open yet")


class RequirementKind(models.TextChoices):
    """What a version can ask for besides its steps."""

    ACTIVE_TIME = "active_time", _("Minutes with the course")
    OWN_WORD = "own_word", _("The learner's own word")


class EnrolmentStatus(models.TextChoices):
    """active -> completed, active -> withdrawn. A retake is a new enrolment.

    completed -> active only where a try that the completion rests on was voided; then that
    completion is revoked (services.enrolments.reopen).
    """

    ACTIVE = "active", _("In progress")
    COMPLETED = "completed", _("Completed")
    WITHDRAWN = "withdrawn", _("Left")


class AttemptStatus(models.TextChoices):
    """in_progress -> handed_in, in_progress -> void. A trigger refuses any other move."""

    IN_PROGRESS = "in_progress", _("In progress")
    HANDED_IN = "handed_in", _("Handed in")
    VOID = "void", _("Does not count")


class RulingKind(models.TextChoices):
    """A later word on an attempt (models.rulings)."""

    VOID = "void", _("Does not count")
    REGRADE = "regrade", _("Counted anew")
    OUTAGE = "outage", _("Outage")


class OutageEffect(models.TextChoices):
    """What an outage gives somebody who was in a test then (courses.outages)."""

    MINUTES = "minutes", _("More time")
    AGAIN = "again", _("The try does not count: they take the test again")
    GIVEN = "given", _("Nothing more: given back already")
    PASSED = "passed", _("Nothing: the result stays")
    HANDED_IN = "handed_in", _("Nothing: handed in before the time was over")
    OWN = "own", _("Somebody else has to decide on your own test")

    @property
    def acts(self) -> bool:
        """Whether anything happens."""
        return self in (OutageEffect.MINUTES, OutageEffect.AGAIN)


class RegradeKind(models.TextChoices):
    """What is done about a question that was not fair."""

    FULL_MARKS = "full_marks", _("Full marks for everybody who saw it")
    ALSO_RIGHT = "also_right", _("One more answer counts as right")


class FileKind(models.TextChoices):
    """What a lesson's file is."""

    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Sound")
    CAPTIONS = "captions", _("Captions")
    DOCUMENT = "document", _("Document")


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("One answer is right")
    MULTIPLE = "multiple", _("Several answers are right")
    TRUE_FALSE = "true_false", _("True or false")
    MATCHING = "matching", _("Matching")
    ORDERING = "ordering", _("Putting in order")
    SHORT_ANSWER = "short_answer", _("Short answer")
    REFLECTION = "reflection", _("Reflection, never scored or sent")

    @property
    def is_scored(self) -> bool:
        """Whether it can earn a point."""
        return self != QuestionKind.REFLECTION

    @property
    def has_parts(self) -> bool:
        """Whether several things are to get right, so that a part of them can count."""
        return self in (QuestionKind.MULTIPLE, QuestionKind.MATCHING, QuestionKind.ORDERING)


class Scoring(models.TextChoices):
    """What a question with several things to get right earns (scoring.points)."""

    ALL_OR_NOTHING = "all_or_nothing", _("All or nothing")
    PARTIAL = "partial", _("A part for each right one; wrong ticks take away")


class QuestionUse(models.TextChoices):
    """The tests a question may be drawn for."""

    PRE_TEST = "pre_test", _("Pre-test")
    KNOWLEDGE_CHECK = "knowledge_check", _("Knowledge check")
    POST_TEST = "post_test", _("Post-test")


class AssignmentEnd(models.TextChoices):
    """How an assignment stopped being asked for. Done ones do not end; they are done."""

    WITHDRAWN = "withdrawn", _("Withdrawn")
    REPLACED = "replaced", _("Given another date")


class AssignmentState(models.TextChoices):
    """Where somebody stands with an assignment on a day; computed, never stored."""

    OVERDUE = "overdue", _("Overdue")
    DUE_SOON = "due_soon", _("Due soon")
    DUE = "due", _("Not done yet")
    DONE = "done", _("Done")


class ReminderStage(models.TextChoices):
    """When somebody is reminded of an assignment: each stage once."""

    WEEK = "week", _("A week before")
    DAY = "day", _("The day before")
    AFTER = "after", _("After the day")


class ProofStatus(models.TextChoices):
    """waiting -> accepted, refused or taken back. A trigger refuses any other move."""

    WAITING = "waiting", _("Waits for the office")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Not accepted")
    TAKEN_BACK = "taken_back", _("Taken back")


class Review(models.TextChoices):
    """What a learner sees of a test they handed in."""

    EVERYTHING = "everything", _("everything, with the right answers")
    RIGHT_OR_WRONG = "right_or_wrong", _("your points, and which answers were right")
    SCORE = "score", _("your points")
    AFTER_PASSING = "after_passing", _("your points, and everything once you pass")


class ExtraTimeReason(models.TextChoices):
    """Why somebody has more time: only as much as the arrangement needs."""

    AGREED = "agreed", _("Agreed accommodation")
    LANGUAGE = "language", _("Test in another language than one's own")
    TECHNICAL = "technical", _("Slow device or connection")
