"""A plan gives no credit of its own, so that no hour counts twice."""

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("completions", "0009_exports_stay"),
        ("trainings", "0011_rule_every_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Not valid for older rows: a fact that was written under another rule stays as it was.
    operations = [
        AddConstraintNotValid(
            model_name="completion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source_kind", "plan"), _negated=True),
                    ("credits", []),
                    _connector="OR",
                ),
                name="completions_completion_plan_gives_no_credit",
            ),
        ),
    ]
