"""The site was down: what was given back to everybody because of it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0025_place_in_a_film"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["began_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="attemptruling",
            name="outage",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rulings",
                to="courses.outage",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptruling",
            constraint=models.CheckConstraint(
                condition=models.Q(("outage__isnull", True), ("kind", "outage"), _connector="OR"),
                name="courses_attemptruling_outage_of_its_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="attemptruling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outage__isnull", False)),
                fields=("attempt", "outage"),
                name="courses_attemptruling_outage_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__gt", models.F("began_at"))),
                name="courses_outage_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="outage",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="courses_outage_has_reason"
            ),
        ),
    ]
