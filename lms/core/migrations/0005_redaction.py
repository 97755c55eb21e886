"""Facts let redaction by, which announces one column and writes that it was redacted."""

from django.db import migrations

from lms.core.database import (
    APPEND_ONLY_BUT_REDACTION,
    APPEND_ONLY_WITHOUT_REDACTION,
    REDACTION_FUNCTION,
)


class Migration(migrations.Migration):
    dependencies = [("core", "0004_bounces")]

    operations = [
        migrations.RunSQL(REDACTION_FUNCTION, "DROP FUNCTION lms_redacts(jsonb, jsonb, text);"),
        migrations.RunSQL(APPEND_ONLY_BUT_REDACTION, APPEND_ONLY_WITHOUT_REDACTION),
    ]
