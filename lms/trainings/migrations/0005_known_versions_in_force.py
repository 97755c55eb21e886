"""Versions frozen so far came into force when they were frozen, as far as was kept."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("trainings", "0004_version_in_force")]

    operations = [
        migrations.RunSQL(
            sql=(
                "INSERT INTO trainings_versioninforce (training_id, version_id, since) "
                "SELECT training_id, id, frozen_at FROM trainings_trainingversion "
                "ORDER BY training_id, number"
            ),
            # The table goes with the migration before.
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
