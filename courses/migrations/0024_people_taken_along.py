"""What a course's draft says of people under way when it goes live."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0023_spellings_stay"),
        ("trainings", "0011_rule_every_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="coursepage",
            name="takes_along_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trainings.trainingversion",
            ),
        ),
    ]
