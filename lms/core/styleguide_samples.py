"""Made-up data for the style guide, where a component needs more than a line of it."""

from django import forms


class SampleForm(forms.Form):
    """One field of each kind."""

    # The page is looked at from its top, not from the first form with errors.
    keep_place = True
    name = forms.CharField(label="Your name", help_text="As it should stand on the certificate.")
    email = forms.EmailField(label="E-mail address")
    code = forms.CharField(
        label="Code", widget=forms.TextInput(attrs={"class": "is-code"}), required=False
    )
    hired_on = forms.DateField(
        label="Hired on", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    role = forms.ChoiceField(
        label="Role", choices=[("desk", "Front desk"), ("rooms", "Housekeeping"), ("bar", "Bar")]
    )
    answer = forms.ChoiceField(
        label="When is a screening due?",
        help_text="Choose one.",
        widget=forms.RadioSelect,
        choices=[("start", "At the start of a case"), ("never", "Never"), ("ask", "When asked")],
    )
    languages = forms.MultipleChoiceField(
        label="Languages you read",
        widget=forms.CheckboxSelectMultiple,
        choices=[("en", "English"), ("es", "Español"), ("ar", "العربية")],
        required=False,
    )
    comment = forms.CharField(label="What could be better?", widget=forms.Textarea, required=False)
    proof = forms.FileField(label="Proof of training", required=False)
    agree = forms.BooleanField(label="Remind me by e-mail a day before")


class SampleFilters(forms.Form):
    """A list's filters."""

    mark_optional = False
    kind = forms.ChoiceField(
        label="Kind", choices=[("", "Any"), ("online", "Online course"), ("live", "Live session")]
    )
    credit = forms.MultipleChoiceField(
        label="Credit",
        widget=forms.CheckboxSelectMultiple,
        choices=[("none", "None"), ("nysed", "Contact hours")],
        required=False,
    )


STEPS = [
    {"number": 1, "title": "Pre-test", "url": "#", "state": "done", "note": "5 questions"},
    {"number": 2, "title": "What the tool is for", "url": "#", "state": "done"},
    {
        "number": 3,
        "title": "Asking without harm",
        "url": "#",
        "state": "current",
        "note": "About 10 minutes",
    },
    {"number": 4, "title": "Writing it down", "url": "#", "state": "open"},
    {"number": 5, "title": "Post-test", "state": "locked", "note": "Opens after the last lesson"},
]
MODULES = [
    {"title": "Before you ask", "summary": "What the tool is for.", "steps": STEPS[:2]},
    {"title": "Asking", "summary": "Questions that do no harm.", "steps": STEPS[2:]},
]
COLUMNS = [
    {"label": "Name"},
    {"label": "Role"},
    {"label": "Standing"},
    {"label": "Days", "number": True},
]
ROWS = [
    [
        {"text": "Ana Morales", "url": "#"},
        {"text": "Front desk"},
        {"text": "Met", "status": "ok"},
        {"text": "12", "number": True},
    ],
    [
        {"text": "Binh Tran", "url": "#"},
        {"text": "Housekeeping"},
        {"text": "Due 9 December", "status": "soon", "note": "Training assigned"},
        {"text": "51", "number": True},
    ],
    [
        {"text": "Carol Ames", "url": "#"},
        {"text": "Bar"},
        {"text": "Overdue since 1 November", "status": "overdue"},
        {"text": "78", "number": True},
    ],
]
CRUMBS = [{"label": "Home", "url": "/"}, {"label": "Trainings", "url": "/trainings/"}]
