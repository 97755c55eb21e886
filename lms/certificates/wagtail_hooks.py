"""What certificates add to the editors' pages: how an office's certificates look."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from lms.certificates import views_looks
from lms.people.models import Person


class LooksMenuItem(MenuItem):
    """Shown to those who edit for an office."""

    def is_shown(self, request: HttpRequest) -> bool:
        return (
            isinstance(request.user, Person)
            and views_looks.offices_edited_by(request.user).exists()
        )


@hooks.register("register_admin_menu_item")
def link_to_looks() -> MenuItem:
    """An entry of the menu."""
    return LooksMenuItem(
        _("Certificates"), reverse("certificate_looks:list"), icon_name="doc-full", order=450
    )


@hooks.register("register_admin_urls")
def serve_looks() -> list[URLPattern | URLResolver]:
    """Where they are chosen; Wagtail lets only editors in."""
    own = [
        path("", views_looks.looks, name="list"),
        path("<slug:office>/", views_looks.office_look, name="office"),
        path("<slug:office>/sample/", views_looks.preview, name="preview"),
        path("<slug:office>/<uuid:training>/", views_looks.training_design, name="training"),
    ]
    return [path("certificates/", include((own, "certificate_looks")))]
