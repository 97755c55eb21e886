"""Fields tie label, hint and error together, in USWDS's markup."""

from django import forms

from lms.core.forms import Field


class Sample(forms.Form):
    name = forms.CharField(label="Your name", help_text="As on the certificate.")
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"class": "tall"}))
    answer = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "Yes"), ("b", "No")])
    several = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, choices=[("a", "One")]
    )
    agree = forms.BooleanField()
    secret = forms.CharField(widget=forms.HiddenInput, initial="x")


def test_field_with_error_names_hint_and_error() -> None:
    html = str(Sample({})["name"].as_field_group())

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'class="usa-input usa-input--error"' in html
    assert 'aria-invalid="true"' in html


def test_field_keeps_the_class_its_widget_has() -> None:
    assert 'class="tall usa-textarea"' in str(Sample()["note"])


def test_field_that_may_stay_empty_says_so() -> None:
    assert "(optional)" in Sample()["note"].as_field_group()
    assert "(optional)" not in Sample()["name"].as_field_group()


def test_choices_are_drawn_with_a_legend_and_labels() -> None:
    html = Sample()["answer"].as_field_group()

    assert '<legend class="usa-legend">Answer' in html
    assert '<label class="usa-radio__label" for="id_answer_1">No</label>' in html


def test_kinds_tell_the_layouts_apart() -> None:
    form = Sample()

    assert [form[name].kind for name in ("name", "answer", "several", "agree")] == [
        "input",
        "radio",
        "checkboxes",
        "checkbox",
    ]


def test_errors_lead_to_their_fields() -> None:
    html = str(Sample({}))

    assert '<a href="#id_name">Your name – This field is required.</a>' in html
    assert 'href="#id_answer_0"' in html
    assert 'href="#id_agree"' in html
    assert 'id="id_answer_0"' in html


def test_hidden_field_is_drawn_once_and_bare() -> None:
    html = str(Sample())

    assert html.count('name="secret"') == 1
    assert '<input type="hidden" name="secret" value="x" id="id_secret">' in html


def test_every_field_is_ours() -> None:
    assert type(Sample()["name"]) is Field
