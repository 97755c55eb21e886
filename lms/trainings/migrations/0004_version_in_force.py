"""Which version is in force is written down instead of read off the highest number."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [("trainings", "0003_protect_revisions_in_force")]

    operations = [
        migrations.CreateModel(
            name="VersionInForce",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_force",
                        to="trainings.training",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trainings.trainingversion",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["training", "-id"], name="trainings_version_in_force")
                ],
            },
        ),
        append_only("trainings_versioninforce"),
    ]
