"""Editors keep contacts, figures, questions and resources; they no longer delete them."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MODELS = {
    "pages": ["contact", "fact", "faqitem", "resource"],
    "courses": ["question"],
}


def take_deleting_away(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take back what was granted while the group got every permission there is."""
    permission_model = apps.get_model("auth", "Permission")
    for editors in apps.get_model("auth", "Group").objects.filter(name="Editors"):
        for label, models in MODELS.items():
            editors.permissions.remove(
                *permission_model.objects.filter(
                    content_type__app_label=label,
                    codename__in=[f"delete_{model}" for model in models],
                )
            )


class Migration(migrations.Migration):
    dependencies = [("people", "0002_editors_publish")]

    operations = [migrations.RunPython(take_deleting_away, migrations.RunPython.noop)]
