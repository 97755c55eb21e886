"""What was declared an outage is written once."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("courses", "0026_outages"), ("core", "0003_append_only")]

    operations = [append_only("courses_outage")]
