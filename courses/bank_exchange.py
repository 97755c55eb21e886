"""Banks in and out, in the editors' pages: a file is looked at first, then taken.

Wagtail lets only editors come to these views; each then asks whose bank it is.
"""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import services
from courses.enums import QuestionUse
from courses.interchange import gift, moodle_xml
from courses.interchange.items import MAX_BYTES
from courses.models import CoursePage, QuestionVersion
from lms.core.exceptions import Refused
from lms.core.files import private_storage
from lms.people.models import Person

SALT = "courses.bank_exchange"
# How long a file that was looked at waits to be taken.
WAITS_SECONDS = 24 * 60 * 60
FORMATS = {
    "gift": (gift.write, "text/plain; charset=utf-8", "txt"),
    "xml": (moodle_xml.write, "application/xml; charset=utf-8", "xml"),
}


class CourseField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not at run time
    """A course page, named with its language."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.locale.language_code})"


class ImportForm(forms.Form):
    """A file, the course whose bank it goes to, and the tests its questions are drawn for."""

    course = CourseField(label=_("Course"), queryset=CoursePage.objects.none())
    file = forms.FileField(
        label=_("File"),
        help_text=_("GIFT or Moodle XML, in UTF-8, up to 5 MB. Nothing is taken before you agree."),
    )
    uses = forms.MultipleChoiceField(
        label=_("New questions are drawn for"),
        choices=QuestionUse.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Neither: they rest until you tick it in each."),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = CoursePage.objects.editable_by(person).select_related("locale")
        self.fields["course"].queryset = mine.order_by("title")  # type: ignore[attr-defined]


def _editor(request: HttpRequest) -> Person:
    reader: Any = request.user
    return reader


@require_http_methods(["GET", "HEAD", "POST"])
def exchange(request: HttpRequest) -> HttpResponse:
    """Choose a file, or a bank to export; a posted file is shown item by item, none taken yet."""
    form = ImportForm(request.POST or None, request.FILES or None, person=_editor(request))
    if request.method == "POST" and form.is_valid():
        course, upload = form.cleaned_data["course"], form.cleaned_data["file"]
        try:
            if upload.size > MAX_BYTES:
                raise Refused(  # noqa: TRY301 - said beside the field like the others
                    gettext("The file is larger than 5 MB. Export fewer questions at a time."),
                    code="too_large",
                )
            data = upload.read()
            items = services.read_bank(data)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            waiting = {
                "name": _keep(_editor(request), data),
                "course": course.pk,
                "uses": form.cleaned_data["uses"],
                "person": _editor(request).pk,
            }
            planned = services.plan_bank(
                items=items,
                course_key=course.translation_key,
                language=course.locale.language_code,
            )
            context = {
                "course": course,
                "planned": planned,
                "takeable": sum(row.becomes in ("new", "changed") for row in planned),
                "refused": sum(row.becomes == "refused" for row in planned),
                "waiting": signing.dumps(waiting, salt=SALT),
            }
            return render(request, "courses/bank/check.html", context)
    courses = CoursePage.objects.editable_by(_editor(request)).select_related("locale")
    context = {"form": form, "courses": courses.order_by("title")}
    return render(request, "courses/bank/exchange.html", context)


def _keep(person: Person, data: bytes) -> str:
    """Keep the file until it is taken; an editor has one waiting, an older one goes."""
    storage = private_storage()
    folder = f"bank-imports/{person.pk}"
    if storage.exists(folder):
        for name in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{name}")
    return storage.save(f"{folder}/{uuid.uuid4()}.txt", ContentFile(data))


@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take the questions that were shown as takeable."""
    storage = private_storage()
    try:
        waiting = signing.loads(request.POST.get("waiting", ""), salt=SALT, max_age=WAITS_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    person = _editor(request)
    course = get_object_or_404(
        CoursePage.objects.editable_by(person).select_related("locale"), pk=waiting["course"]
    )
    if waiting["person"] != person.pk:
        raise Http404
    if not storage.exists(waiting["name"]):
        messages.warning(
            request,
            gettext("This file was taken already, or replaced by another. Choose it again."),
        )
        return redirect("wagtailsnippets_courses_question:exchange")
    with storage.open(waiting["name"]) as kept:
        items = services.read_bank(kept.read())
    planned = services.take_bank(
        items=items,
        course=course,
        uses=waiting["uses"],
        actor=person,
    )
    storage.delete(waiting["name"])
    count = sum(row.becomes in ("new", "changed") for row in planned)
    said = ngettext(
        "%(count)s question was taken into “%(course)s”.",
        "%(count)s questions were taken into “%(course)s”.",
        count,
    )
    messages.success(request, said % {"count": count, "course": course.title})
    return redirect("wagtailsnippets_courses_question:list")


@require_safe
def export(request: HttpRequest, course: int, form: str) -> HttpResponse:
    """A course's bank as it is now, as a file."""
    page = get_object_or_404(
        CoursePage.objects.editable_by(_editor(request)).select_related("locale"), pk=course
    )
    if form not in FORMATS:
        raise Http404
    write, content_type, ending = FORMATS[form]
    wordings = QuestionVersion.objects.newest().filter(
        question__course_key=page.translation_key,
        question__language=page.locale.language_code,
    )
    worded = wordings.as_spelled().select_related("question")
    response = HttpResponse(write(worded), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{page.slug}.{ending}"'
    return response


urlpatterns: list[URLPattern] = [
    path("exchange/", exchange, name="exchange"),
    path("exchange/take/", take, name="take"),
    path("exchange/export/<int:course>/<slug:form>/", export, name="export"),
]
