"""What was corrected about employments; the rows are not rewritten."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_speaks_for_state"),
        ("core", "0003_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="EmploymentCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("hired", "Hired on"),
                            ("name", "Name"),
                            ("number", "Employee number"),
                            ("sent_by", "Sent by an agency"),
                            ("post", "Post"),
                        ],
                        max_length=8,
                    ),
                ),
                ("was", models.JSONField()),
                ("became", models.JSONField()),
                ("reason", models.CharField(max_length=300)),
                ("corrected_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "corrected_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "employment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="people.employment",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="people.employmentperiod",
                    ),
                ),
            ],
            options={
                "ordering": ["corrected_at", "id"],
                "indexes": [
                    models.Index(fields=["employment", "id"], name="people_correction_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["hired", "name", "number", "sent_by", "post"])
                        ),
                        name="people_correction_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="people_correction_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "post"), ("period__isnull", False)),
                            models.Q(
                                models.Q(("kind", "post"), _negated=True), ("period__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="people_correction_period_iff_post",
                    ),
                ],
            },
        ),
        append_only("people_employmentcorrection"),
    ]
