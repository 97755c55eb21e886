from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0010_grant_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="accessrule",
            name="every_day",
            field=models.BooleanField(
                default=False, verbose_name="Weekends and holidays count too"
            ),
        ),
    ]
