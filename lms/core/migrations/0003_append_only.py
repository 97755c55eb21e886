"""The function behind every append-only table, and the audit as the first of them."""

from django.db import migrations

from lms.core.database import (
    CREATE_APPEND_ONLY_FUNCTION,
    DROP_APPEND_ONLY_FUNCTION,
    append_only,
)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [
        migrations.RunSQL(CREATE_APPEND_ONLY_FUNCTION, DROP_APPEND_ONLY_FUNCTION),
        append_only("core_auditentry"),
    ]
