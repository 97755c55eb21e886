"""What the sign-in library tells us."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from lms.people import known_browser, signin
from lms.people.models import Person
from lms.people.services import EDITORS


@receiver(authentication_step_completed)
def note_code(
    request: HttpRequest, user: Person, method: str, email: str | None = None, **_kwargs: Any
) -> None:
    """A code sent to an address was typed: before the library asks whether it is verified."""
    if method == "code" and email:
        signin.code_typed(request, person=user, email=email)


@receiver(user_logged_in)
def note_browser(
    request: HttpRequest, response: HttpResponse, user: Person, **_kwargs: Any
) -> None:
    """Somebody is in: this browser is theirs from now on as far as limits go."""
    known_browser.remember(request, response, user)


@receiver(authenticator_added)
def note_second_factor(
    request: HttpRequest, user: Person, authenticator: Authenticator, **_kwargs: Any
) -> None:
    """Who just showed a new passkey or app need not show it again to see the recovery codes."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(
            request, user, method="mfa", id=authenticator.pk, reauthenticated=True
        )


@receiver(post_migrate)
def let_editors_edit(app_config: AppConfig, **_kwargs: Any) -> None:
    """Whatever a room shows in the editors' pages beside its pages is the editors' to edit.

    Deleting is left out: what is shown to people in danger does not vanish by one editor's click.
    """
    from wagtail.snippets.models import get_snippet_models  # noqa: PLC0415 - loads every room

    models = [model for model in get_snippet_models() if model._meta.app_config == app_config]  # noqa: SLF001 - Django's documented name
    if not models:
        return
    create_permissions(app_config, verbosity=0)
    editors, _created = Group.objects.get_or_create(name=EDITORS)
    types = ContentType.objects.get_for_models(*models).values()
    editors.permissions.add(
        *Permission.objects.filter(content_type__in=types).exclude(codename__startswith="delete_")
    )
