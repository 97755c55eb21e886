"""An employer may no longer keep its record of an employment that ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0008_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="employment",
            name="released_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="employment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_at__isnull", True), ("ended_on__isnull", False), _connector="OR"
                ),
                name="people_employment_released_after_end",
            ),
        ),
    ]
