"""Work on many certificates at once."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import lms.core.files


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0003_looks"),
        ("people", "0010_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CertificateBatch",
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
                            ("reissue", "Issued again with the credit confirmed since"),
                            ("print", "Put into one document for printing"),
                        ],
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=300)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("items", models.JSONField(default=list)),
                ("done", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=lms.core.files.private_storage,
                        upload_to="",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("touched_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
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
            ],
            options={
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=["touched_at"],
                        name="certificates_batch_unfinished",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["reissue", "print"])),
                        name="certificates_batch_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "done__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("changed"), "+", models.F("failed")
                                ),
                            )
                        ),
                        name="certificates_batch_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reissue"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="certificates_batch_reissue_has_reason",
                    ),
                ],
            },
        ),
    ]
