"""Every site begins with a home page and, below it, the catalogue at /trainings/."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def build(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put our home page in the place of Wagtail's welcome page."""
    content_types = apps.get_model("contenttypes", "ContentType")
    page = apps.get_model("wagtailcore", "Page")
    site = apps.get_model("wagtailcore", "Site")
    locale = apps.get_model("wagtailcore", "Locale")
    home_page = apps.get_model("pages", "HomePage")
    catalogue_page = apps.get_model("pages", "CataloguePage")

    english, _created = locale.objects.get_or_create(language_code="en")
    site.objects.all().delete()
    page.objects.filter(depth=2).delete()
    root = page.objects.get(depth=1)
    home = home_page.objects.create(
        title="Anti-trafficking trainings",
        draft_title="Anti-trafficking trainings",
        slug="home",
        content_type=content_types.objects.get_or_create(app_label="pages", model="homepage")[0],
        path="00010001",
        depth=2,
        numchild=1,
        url_path="/home/",
        locale=english,
    )
    catalogue_page.objects.create(
        title="Trainings",
        draft_title="Trainings",
        slug="trainings",
        content_type=content_types.objects.get_or_create(app_label="pages", model="cataloguepage")[
            0
        ],
        path="000100010001",
        depth=3,
        numchild=0,
        url_path="/home/trainings/",
        locale=english,
        show_in_menus=True,
    )
    page.objects.filter(pk=root.pk).update(numchild=1)
    site.objects.create(
        hostname="localhost", root_page_id=home.pk, is_default_site=True, site_name=""
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        # Pages' columns as the structure above writes them; the newest migration Wagtail has.
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
