"""From which reports a decision came is not rewritten, as the decision itself is not."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("events", "0003_attendance_reports"), ("core", "0003_append_only")]

    operations = [append_only("events_reportoutcome")]
