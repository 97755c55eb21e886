"""A file is found by its hash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0004_batches"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certificaterevision",
            name="file_hash",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
    ]
