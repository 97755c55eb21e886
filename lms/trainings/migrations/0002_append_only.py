"""Frozen versions stay frozen."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("trainings", "0001_initial"), ("core", "0003_append_only")]

    operations = [
        append_only("trainings_trainingversion"),
        append_only("trainings_stepcontent"),
    ]
