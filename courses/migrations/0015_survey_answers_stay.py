"""What somebody answered in a survey is written once."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("courses", "0014_surveys"), ("core", "0003_append_only")]

    operations = [append_only("courses_surveyresponse")]
