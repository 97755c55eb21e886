"""A spelling fix is recorded once; the next one is a row of its own."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("courses", "0022_question_spellings"), ("core", "0003_append_only")]

    operations = [append_only("courses_questionspelling")]
