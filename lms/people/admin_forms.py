"""What an administrator types about a person in /admin/users/."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.people import services
from lms.people.enums import Role
from lms.people.models import Organization, Person, RoleAssignment
from lms.people.selectors import person_for_address


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A new person. Without an address they sign in on a shared device only."""

    required_css_class = "required"

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("A code sent to it signs the person in; there is no password."),
    )
    preferred_language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=lambda: settings.ALL_LANGUAGES, initial="en"
    )

    class Meta:
        model = Person
        fields = ["first_name", "last_name", "email", "preferred_language"]

    def __init__(self, *args: Any, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_email(self) -> str | None:
        address = (self.cleaned_data["email"] or "").lower() or None
        owner = person_for_address(address) if address else None
        if owner and owner.pk != self.instance.pk:
            raise forms.ValidationError(
                _("%(person)s has this address already."), params={"person": owner}
            )
        return address

    def save(self, commit: bool = True) -> Person:
        """Make the person through the service."""
        return services.ensure_person(
            email=self.cleaned_data["email"],
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
            language=self.cleaned_data["preferred_language"],
            actor=self.actor,
        )


class PersonEditForm(PersonForm):
    """A person's record and roles. Roles are given and ended, never rewritten."""

    ended_roles = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Roles held now"),
        queryset=RoleAssignment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick a role to end it. What was done under it stays."),
    )
    new_role = forms.ChoiceField(
        label=gettext_lazy("Give a role"),
        choices=lambda: [("", gettext_lazy("None")), *Role.choices],
        required=False,
    )
    new_role_for = forms.ModelChoiceField(
        label=gettext_lazy("Give it for"),
        queryset=Organization.objects.all(),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    class Meta(PersonForm.Meta):
        fields = [*PersonForm.Meta.fields, "is_active", "is_superuser"]
        labels = {
            "is_active": gettext_lazy("The account is open"),
            "is_superuser": gettext_lazy("Administrator"),
        }
        help_texts = {
            "is_active": gettext_lazy("Closing it keeps the record. Nobody is deleted here."),
            "is_superuser": gettext_lazy("May see and change everything."),
        }

    def __init__(self, *args: Any, editing_self: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = RoleAssignment.objects.current().filter(person=self.instance)
        held = held.select_related("organization").order_by("role", "organization__search_name")
        ended: Any = self.fields["ended_roles"]
        ended.queryset = held
        ended.label_from_instance = lambda role: f"{role.get_role_display()}, {role.organization}"
        if not held:
            del self.fields["ended_roles"]
        if editing_self:
            # Nobody locks themselves out.
            del self.fields["is_active"], self.fields["is_superuser"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        role, organization = cleaned.get("new_role"), cleaned.get("new_role_for")
        if bool(role) != bool(organization):
            self.add_error(
                "new_role_for" if role else "new_role",
                _("A role is held for an organization: choose both, or none."),
            )
        elif role and organization and organization.kind != Role(role).held_for:
            self.add_error(
                "new_role_for",
                _("%(role)s: choose an organization of the kind “%(kind)s”.")
                % {"role": Role(role).label, "kind": Role(role).held_for.label},
            )
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> Person:
        """Change the record and the roles through their services."""
        cleaned = self.cleaned_data
        person = services.change_person(
            person=self.instance,
            first_name=cleaned["first_name"],
            last_name=cleaned["last_name"],
            email=cleaned["email"],
            language=cleaned["preferred_language"],
            is_active=cleaned.get("is_active", True),
            is_superuser=cleaned.get("is_superuser", True),
            actor=self.actor,
        )
        for assignment in cleaned.get("ended_roles", []):
            services.end_role(assignment=assignment, actor=self.actor)
        if cleaned["new_role"]:
            services.grant_role(
                person=person,
                role=Role(cleaned["new_role"]),
                organization=cleaned["new_role_for"],
                actor=self.actor,
            )
        return person
