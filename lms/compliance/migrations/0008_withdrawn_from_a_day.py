from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_packets")]

    operations = [
        migrations.AddField(
            model_name="programapproval",
            name="last_day",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="programapproval",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="programapproval",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__isnull", True),
                    models.Q(("basis", "withdrawn"), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="compliance_programapproval_last_day_has_reason",
            ),
        ),
    ]
