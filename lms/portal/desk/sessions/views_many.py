"""Adding many dates at once: a list or a pattern, then every row to look at, then the sessions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events import services
from events.selectors import schedulable_trainings
from events.services import DateOutcome, DateRow
from lms.core.time import new_york_today
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms_many import DatesSheet, ManyForm, PasteForm, PatternForm

FORMS: dict[str, type[ManyForm]] = {"list": PasteForm, "pattern": PatternForm}


@require_http_methods(["GET", "POST"])
@desk_view
def many(request: HttpRequest) -> HttpResponse:
    """The form; then the rows, as often as they are corrected; then all of them are saved."""
    how = request.GET.get("how", "list")
    how = how if how in FORMS else "list"
    form = FORMS[how](
        posted(request), person=request.user, initial={"training": request.GET.get("training")}
    )
    path = reverse("desk_sessions:many")
    context = {
        **frame("sessions"),
        "form": form,
        "tabs": [
            {"label": label, "url": f"{path}?how={name}", "current": name == how}
            for name, label in (("list", _("From a list")), ("pattern", _("By a pattern")))
        ],
        "has_trainings": schedulable_trainings(request.user).exists(),
    }
    if request.POST.get("step") == "change" or not form.is_valid():
        return render(request, "desk/sessions/many.html", context)
    if request.POST.get("step") == "look":
        sheet = DatesSheet.of(form.written(new_york_today()))
        if not sheet.rows:
            form.add_error(None, _("There is no date in this. Write one on each line."))
            return render(request, "desk/sessions/many.html", context)
    else:
        sheet = DatesSheet(request.POST)
    save = request.POST.get("step") == "save"
    done = _plan(request, form, sheet, save=save)
    if save and sheet.is_valid() and done and all(row.outcome != DateOutcome.WRONG for row in done):
        messages.success(request, _said(done, kept_back=form.cleaned_data["kept_back"]))
        return redirect("desk_sessions:list")
    context |= {
        "sheet": sheet,
        "training": form.cleaned_data["training"],
        "capacity": form.cleaned_data["capacity"],
        "stopped": save,
        "nothing": save and not sheet.taken,
    }
    return render(request, "desk/sessions/many_rows.html", context)


def _plan(request: HttpRequest, form: ManyForm, sheet: DatesSheet, *, save: bool) -> list[DateRow]:
    """What comes of the ticked rows; saved only when every one of them can be."""
    ready = sheet.ready
    training = form.cleaned_data["training"]
    done = services.schedule_many(
        training=training,
        dates=[row.planned for row in ready if row.planned],
        **form.details(training),
        actor=request.user,
        dry_run=not (save and sheet.is_valid()),
    )
    for row, outcome in zip(ready, done, strict=True):
        row.row = outcome
    return done


def _said(done: list[DateRow], *, kept_back: bool) -> str:
    """How many were added, and how many were there before."""
    new = sum(row.outcome == DateOutcome.NEW for row in done)
    if not new:
        return _("All these dates were there already; nothing was added.")
    if kept_back:
        return ngettext(
            "%(count)s session is added and kept back: nobody outside the office sees it yet.",
            "%(count)s sessions are added and kept back: nobody outside the office sees them yet.",
            new,
        ) % {"count": new}
    return ngettext(
        "%(count)s session is open for registration.",
        "%(count)s sessions are open for registration.",
        new,
    ) % {"count": new}
