"""Records that were let go, and legal holds; the rows are not rewritten."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_append_only"),
        ("compliance", "0009_duties"),
        ("people", "0009_released_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("since", models.DateField()),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "employment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.employment",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="HoldEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("ended_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "ended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "hold",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="end",
                        to="compliance.legalhold",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=40)),
                ("kept_until", models.DateField()),
                ("released_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "employment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="people.employment",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="compliance_hold_has_reason",
                violation_error_message="Give the reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("employment__isnull", True),
                        ("facility__isnull", False),
                        ("person__isnull", True),
                    ),
                    models.Q(
                        ("employment__isnull", False),
                        ("facility__isnull", True),
                        ("person__isnull", True),
                    ),
                    models.Q(
                        ("employment__isnull", True),
                        ("facility__isnull", True),
                        ("person__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="compliance_hold_on_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="holdend",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="compliance_holdend_has_reason",
            ),
        ),
        append_only("compliance_recordrelease"),
        append_only("compliance_legalhold"),
        append_only("compliance_holdend"),
    ]
