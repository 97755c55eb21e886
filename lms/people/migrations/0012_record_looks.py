"""Who opened whose record; the rows are not rewritten, and go by their age alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_append_only"),
        ("people", "0011_aliases_of_facilities"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("coordinator", "Training coordinator"),
                            ("editor", "Editor"),
                            ("manager", "Facility manager"),
                            ("company_manager", "Company manager"),
                            ("liaison", "Training liaison"),
                            ("trainer", "Trainer or speaker"),
                            ("reviewer", "State reviewer"),
                            ("administrator", "Administrator of this site"),
                        ],
                        max_length=20,
                    ),
                ),
                ("day", models.DateField()),
                (
                    "organization",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks_at",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "viewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-id"],
                "indexes": [models.Index(fields=["day"], name="people_look_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "coordinator",
                                    "editor",
                                    "manager",
                                    "company_manager",
                                    "liaison",
                                    "trainer",
                                    "reviewer",
                                    "administrator",
                                ],
                            )
                        ),
                        name="people_look_role_known",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "viewer", "organization", "day"),
                        name="people_look_once_a_day",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        append_only("people_recordlook"),
    ]
