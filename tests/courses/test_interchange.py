"""Banks in and out: each item with its reason, nothing taken before one agrees, nothing twice."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses import services
from courses.enums import QuestionKind
from courses.interchange import gift, moodle_xml
from courses.interchange.items import MAX_BYTES, Item
from courses.models import CoursePage, Question, QuestionVersion
from lms.core.exceptions import Refused
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.test_scoring import FORMS, LINES, PAIRS, TICKS
from tests.factories.courses import make_course, make_question
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

EXCHANGE = "/admin/snippets/courses/question/exchange/"
TRUTH = [{"text": "True", "correct": False, "feedback": "No."}, {"text": "False", "correct": True}]
KINDS = {
    QuestionKind.SINGLE: [
        {"text": "It costs {1 = 2} ~ #3: 100%", "correct": True, "feedback": "Yes: \\ and =."},
        {"text": "<b>Not</b> & never", "correct": False, "feedback": "No -> go on"},
    ],
    QuestionKind.MULTIPLE: TICKS,
    QuestionKind.TRUE_FALSE: TRUTH,
    QuestionKind.MATCHING: PAIRS,
    QuestionKind.ORDERING: LINES,
    QuestionKind.SHORT_ANSWER: FORMS,
    QuestionKind.REFLECTION: [],
}


def bank(course: CoursePage) -> list[tuple[Any, ...]]:
    """A course's bank, without what only the database counts."""
    rows = QuestionVersion.objects.newest().filter(question__course_key=course.translation_key)
    return [
        (q.question.key, q.question.objective, q.kind, q.text, q.choices, q.explanation)
        for q in rows.select_related("question").order_by("question__key")
    ]


@pytest.mark.parametrize("form", [gift, moodle_xml])
def test_every_kind_comes_back_as_it_went(form: Any) -> None:
    course = make_course(questions=0, publish=False)
    for number, (kind, choices) in enumerate(KINDS.items()):
        make_question(
            course,
            key=kind.value.replace("_", "-"),
            kind=kind,
            objective=f"objective-{number % 2}",
            text="What {is} this = that?\nSay: ~ # \\ < & >",
            choices=choices,
            explanation="Because: {so} it = is.",
        )
    wordings = QuestionVersion.objects.select_related("question")
    other = make_course(questions=0, publish=False)
    for _twice in range(2):
        items = services.read_bank(
            form.write(wordings.filter(question__course_key=course.translation_key)).encode()
        )
        planned = services.take_bank(items=items, course=other, uses=["post_test"], actor=None)
    assert [(row.becomes, row.reason) for row in planned] == [("same", "")] * 7
    lost = {"feedback"} if form is gift else set()
    ours, theirs = bank(course), bank(other)
    assert len(theirs) == 7
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine[:4] == yours[:4]
        assert mine[5] == yours[5]
        if mine[2] != QuestionKind.ORDERING or not lost:
            assert mine[4] == yours[4]


GIFT = """\
// A comment
$CATEGORY: $course$/top/Signs to notice

::colour:: What colour is the sign? {=green#Right ~red#No ~%50%blue}

::grant:: Who is buried there? {~%50%Grant#ok ~%50%his wife ~%-50%nobody}

The sky is blue. {T#Look up#Yes}

Two plus two is {=four =4} today.

::number:: How many? {#3:1}

::pairs:: Match. {=dog -> bark =cat -> mew}

::star:: Name it. {=*help*}

::essay:: Think. {}

Only information here.

::broken:: What { =a ~b

::pairs:: Again? {=a ~b}
"""


def test_gift_says_of_each_item_what_it_becomes_or_why_not() -> None:
    course = make_course(questions=0, publish=False)
    planned = services.plan_bank(
        items=services.read_bank(GIFT.encode()), course_key=course.translation_key, language="en"
    )
    told = [(row.item.place, row.item.kind if not row.reason else row.reason) for row in planned]
    assert told[:10] == [
        (
            "Line 4",
            (
                "Its answers weigh differently; here each right answer counts the same. "
                "Give them equal weights."
            ),
        ),
        ("Line 6", QuestionKind.MULTIPLE),
        ("Line 8", QuestionKind.TRUE_FALSE),
        ("Line 10", QuestionKind.SHORT_ANSWER),
        ("Line 12", "It asks for a number, which is no kind of question here."),
        ("Line 14", QuestionKind.MATCHING),
        ("Line 16", "A form has the wildcard *; list each accepted form instead."),
        ("Line 18", QuestionKind.REFLECTION),
        ("Line 20", "It has no answers in braces: it is an information text."),
        ("Line 22", "Its braces do not close where they should; look for { and }."),
    ]
    assert {row.item.objective for row in planned} == {"Signs to notice"}
    assert "_____" in planned[3].item.text


def xml(*questions: str, head: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<quiz>{"".join(questions)}</quiz>'.encode()


CHOICE = (
    '<question type="multichoice"><name><text>One</text></name>'
    '<questiontext format="html"><text>&lt;p&gt;Which &lt;b&gt;one&lt;/b&gt;?&lt;/p&gt;</text>'
    "</questiontext><single>true</single>"
    '<answer fraction="100" format="html"><text>This</text></answer>'
    '<answer fraction="0" format="html"><text>That</text></answer></question>'
)


def test_xml_says_what_is_lost_and_which_kinds_are_not_known() -> None:
    cloze = '<question type="cloze"><questiontext><text>{1:SA:=x}</text></questiontext></question>'
    one, other = services.read_bank(xml(CHOICE, cloze))
    assert (one.text, one.kind, one.notes) == (
        "Which one?",
        QuestionKind.SINGLE,
        ["Its formatting is not kept."],
    )
    assert (other.place, other.refusal) == ("Question 2", "“cloze” is no kind of question here.")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"// nothing\n", "no_questions"),
        ("Qu\xe9? {=a ~b}".encode("latin-1"), "encoding"),
        (b"Q? {=a\x00 ~b}", "not_text"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (b"<quiz><question>", "malformed"),
        (b"<html></html>", "no_quiz"),
        (xml(CHOICE, head='<!DOCTYPE quiz [<!ENTITY a "aaaa">]>'), "doctype"),
        (xml(CHOICE, head='<!DOCTYPE quiz SYSTEM "file:///etc/passwd">'), "doctype"),
    ],
)
def test_file_that_cannot_be_read_is_refused_clearly(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        services.read_bank(data)
    assert refusal.value.code == code


def test_file_in_utf_16_is_read() -> None:
    (item,) = services.read_bank("¿Qué? {=sí ~no}".encode("utf-16"))
    assert item.text == "¿Qué?"


def test_item_the_bank_would_refuse_says_why() -> None:
    items = [Item(place="1", text="Q", kind=QuestionKind.SINGLE, choices=[{"text": "a"}])]
    (row,) = services.plan_bank(
        items=items, course_key=make_course(publish=False).translation_key, language="en"
    )
    assert (row.becomes, row.reason) == (
        "refused",
        "A question needs at least two answers to choose from.",
    )


@pytest.fixture
def course() -> CoursePage:
    """A course with an empty bank."""
    return make_course(questions=0, publish=False, title="Our course")


@pytest.fixture
def coordinator(client: Client, course: CoursePage) -> Person:
    """Who coordinates for the course's office, signed in."""
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


def look(client: Client, course: CoursePage, data: bytes) -> Any:
    upload = SimpleUploadedFile("bank.txt", data)
    return client.post(EXCHANGE, {"course": course.pk, "file": upload, "uses": ["post_test"]})


def test_file_is_looked_at_then_taken_once(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    response = look(client, course, GIFT.encode())
    page = response.content.decode()
    assert "Nothing has been taken yet." in page
    assert "Line 12" in page
    assert Question.objects.count() == 0
    waiting = {"waiting": response.context["waiting"]}
    said = client.post(f"{EXCHANGE}take/", waiting, follow=True).content.decode()
    assert "5 questions were taken into “Our course”" in said
    assert Question.objects.filter(course_key=course.translation_key).count() == 5
    assert QuestionVersion.objects.first().uses == ["post_test"]  # type: ignore[union-attr]
    said = client.post(f"{EXCHANGE}take/", waiting, follow=True).content.decode()
    assert "was taken already" in said
    assert "There already: nothing changes" in look(client, course, GIFT.encode()).content.decode()


def test_import_leaves_what_editors_set_alone(course: CoursePage) -> None:
    make_question(course, key="colour", uses=["pre_test"], topics=["NY205-T1"])
    items = services.read_bank(b"::colour:: What colour? {=green ~red}")
    services.take_bank(items=items, course=course, uses=["post_test"], actor=None)
    question = Question.objects.get()
    assert (question.topics, question.objective) == (["NY205-T1"], "basics")
    assert list(question.versions.values_list("number", "uses")) == [
        (1, ["pre_test"]),
        (2, ["pre_test"]),
    ]


def test_bad_file_is_refused_beside_the_field(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    assert "not in UTF-8" in look(client, course, "é {=a}".encode("latin-1")).content.decode()
    assert "larger than 5 MB" in look(client, course, b"x" * (MAX_BYTES + 1)).content.decode()


def test_bank_is_exported_in_both_formats(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    make_question(course, key="one")
    for form, beginning in (("gift", b"$CATEGORY: basics"), ("xml", b"<?xml")):
        answer = client.get(f"{EXCHANGE}export/{course.pk}/{form}/")
        assert answer.content.startswith(beginning)
        assert "attachment" in answer["Content-Disposition"]
    assert client.get(f"{EXCHANGE}export/{course.pk}/doc/").status_code == 404


def test_other_offices_banks_are_closed(
    client: Client, course: CoursePage, coordinator: Person
) -> None:
    waiting = look(client, course, GIFT.encode()).context["waiting"]
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert client.get(f"{EXCHANGE}export/{course.pk}/gift/").status_code == 404
    assert client.post(f"{EXCHANGE}take/", {"waiting": waiting}).status_code == 404
    assert look(client, course, GIFT.encode()).status_code == 200
    colleague = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(colleague)
    assert client.post(f"{EXCHANGE}take/", {"waiting": waiting}).status_code == 404
    assert client.post(f"{EXCHANGE}take/", {"waiting": "forged"}).status_code == 404
    client.force_login(make_person())
    assert client.get(EXCHANGE).status_code == 404
    assert Question.objects.count() == 0
