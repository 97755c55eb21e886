"""The revision that people are pinned to cannot be deleted. The table is still empty everywhere."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0002_append_only"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.RemoveField("stepcontent", "revision_id"),
        migrations.AddField(
            "stepcontent",
            "revision",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.revision",
            ),
        ),
    ]
