"""Publishing a page that people are held to: it freezes what it must, or it does not happen."""

from typing import Any

from django.db import transaction
from wagtail.log_actions import get_active_log_context

from lms.people.models import Person


class FreezesOnPublication:
    """Mixed into pages whose publication freezes something in the same transaction.

    Wagtail publishes by several doors: `publish()` for code, schedule and workflows, but its editor
    and its API go past that method. All of them end in `save()` of the page with its new live
    revision; signals come after that, when a refusal would leave the page live. So this is the one
    place that overrides `save`. A publication planned for later changes no live page yet, and comes
    by when its time has come; a copy that stays live is published by nobody and freezes nothing.
    """

    def save(self, *args: Any, **kwargs: Any) -> Any:
        page: Any = self
        if kwargs.get("update_fields") is not None or not page.live or not page.live_revision_id:
            return super().save(*args, **kwargs)  # type: ignore[misc]  # Page is beside us
        with transaction.atomic():
            known = type(page)._base_manager.filter(pk=page.pk)  # noqa: SLF001 - Django's documented name
            before = known.values_list("live_revision_id", flat=True).first()
            result = super().save(*args, **kwargs)  # type: ignore[misc]
            revision = page.live_revision
            if revision.pk != before and str(revision.object_id) == str(page.pk):
                page.freeze_publication(actor=get_active_log_context().user or revision.user)
        return result

    def freeze_publication(self, *, actor: Person | None) -> None:
        """Freeze what the page now says; an error here means that it is not published."""
        raise NotImplementedError
