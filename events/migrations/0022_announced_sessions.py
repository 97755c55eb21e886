"""Sessions may be kept back. Those that are there were shown from the day they were scheduled."""

from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def shown_from_the_first(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("events", "Session").objects.update(announced_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("events", "0021_others_may_answer")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="announced_at",
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True),
        ),
        migrations.RunPython(shown_from_the_first, migrations.RunPython.noop),
    ]
