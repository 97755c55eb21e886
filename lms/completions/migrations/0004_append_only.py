"""The ledger refuses change and removal."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("completions", "0003_initial"), ("core", "0003_append_only")]

    operations = [
        append_only("completions_completion"),
        append_only("completions_revocation"),
        append_only("completions_tombstone"),
    ]
