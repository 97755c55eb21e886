"""Where a film or a recording in a step was left."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0024_people_taken_along"),
    ]

    operations = [
        migrations.AddField(
            model_name="stepprogress",
            name="played_file",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="stepprogress",
            name="played_second",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="stepprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("played_second", 0), ("played_file__isnull", False), _connector="OR"
                ),
                name="courses_stepprogress_second_of_a_file",
            ),
        ),
    ]
