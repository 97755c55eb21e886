"""Wagtail's group of editors may also publish and lock; roles decide who is in it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PERMISSIONS = {
    "publish_page": "Publish any page",
    "lock_page": "Lock/unlock pages you've locked",
    "unlock_page": "Unlock any page",
}


def let_editors_publish(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the group the whole tree; whose training it is, trainings' own permissions ask."""
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="wagtailcore", model="page"
    )
    editors, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Editors")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for codename, name in PERMISSIONS.items():
        permission, _created = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=editors, page=root, permission=permission
        )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [migrations.RunPython(let_editors_publish, migrations.RunPython.noop)]
