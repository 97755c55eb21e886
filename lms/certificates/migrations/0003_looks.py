"""Offices' looks of certificates, and what each revision keeps of its look."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import lms.core.files
from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0002_facts_stay"),
        ("people", "0006_shared_devices"),
        ("trainings", "0011_rule_every_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="certificaterevision",
            name="look",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="CertificateLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("design", models.CharField(blank=True, max_length=20, verbose_name="design")),
                ("sheet", models.CharField(default="letter", max_length=10, verbose_name="paper")),
                (
                    "colour",
                    models.CharField(
                        default="#0f4a4a",
                        max_length=7,
                        validators=[django.core.validators.RegexValidator("^#[0-9a-f]{6}$")],
                        verbose_name="colour",
                    ),
                ),
                (
                    "logo",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=lms.core.files.private_storage,
                        upload_to="",
                        verbose_name="logo",
                    ),
                ),
                (
                    "signatory_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name of who signs"),
                ),
                (
                    "signatory_title",
                    models.CharField(blank=True, max_length=160, verbose_name="title of who signs"),
                ),
                (
                    "signature",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=lms.core.files.private_storage,
                        upload_to="",
                        verbose_name="picture of the signature",
                    ),
                ),
                (
                    "wording",
                    models.CharField(blank=True, max_length=200, verbose_name="a line of your own"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organization",
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trainings.training",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("office", "training", "number"),
                        name="certificates_look_number_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("training__isnull", False),
                            models.Q(("design", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="certificates_look_of_office_has_design",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("colour__regex", "^#[0-9a-f]{6}$")),
                        name="certificates_look_colour_form",
                    ),
                ],
            },
        ),
        append_only("certificates_certificatelook"),
    ]
