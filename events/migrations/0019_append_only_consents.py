"""What somebody who speaks allowed, and took back, is not rewritten."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("events", "0018_speakers")]

    operations = [append_only("events_speakerconsent")]
