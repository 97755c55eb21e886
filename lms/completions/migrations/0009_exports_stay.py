"""What was sent to another system stays as it was sent."""

from django.db import migrations

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("completions", "0008_imports_and_exports"), ("core", "0003_append_only")]

    operations = [append_only("completions_completionexport")]
