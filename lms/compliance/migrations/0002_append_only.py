"""What was signed is not rewritten."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("core", "0003_append_only")]

    operations = [
        append_only("compliance_conditionattestation"),
        append_only("compliance_programapproval"),
        append_only("compliance_exemption"),
    ]
