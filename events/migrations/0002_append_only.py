"""What happened to a seat, and what attendance came to, is not rewritten."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial"), ("core", "0003_append_only")]

    operations = [
        append_only("events_registrationevent"),
        append_only("events_attendance"),
    ]
