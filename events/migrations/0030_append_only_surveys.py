"""What somebody answered, and that they did, is not rewritten."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("events", "0029_session_surveys")]

    operations = [
        append_only("events_sessionsurveyanswer"),
        append_only("events_sessionsurveygiven"),
    ]
