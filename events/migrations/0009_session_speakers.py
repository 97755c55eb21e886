"""Who speaks in a session, as everybody may read it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0008_webex")]

    operations = [
        migrations.AddField(
            "session",
            "speakers",
            models.CharField(blank=True, max_length=300, verbose_name="speakers"),
        ),
    ]
