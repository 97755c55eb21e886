"""What was confirmed of an accreditor stays as it was said."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("trainings", "0008_accreditor_confirmations"), ("core", "0003_append_only")]

    operations = [append_only("trainings_accreditorconfirmation")]
