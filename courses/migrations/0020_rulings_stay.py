"""What an office decided about a test is written once."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("courses", "0019_rulings"), ("core", "0003_append_only")]

    operations = [append_only("courses_attemptruling"), append_only("courses_regrade")]
