"""The time people spend in a course, and their word that they did it themselves."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from lms.core.database import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_step_pages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LearningClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step_key", models.CharField(max_length=80)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by_script", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="OwnWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("statement", models.CharField(max_length=400)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="coursepage",
            name="asks_own_word",
            field=models.BooleanField(
                default=False,
                help_text="At the end, the learner confirms having done the course in person.",
                verbose_name="the learner's own word",
            ),
        ),
        migrations.AddField(
            model_name="coursepage",
            name="min_active_minutes",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Counted while a page of the course is in front of somebody who moves, types or listens. Empty: no minutes are asked for.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(600),
                ],
                verbose_name="least minutes with the course",
            ),
        ),
        migrations.AddField(
            model_name="stepprogress",
            name="active_seconds",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="stepprogress",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="stepprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("active_seconds", 0), ("seen_at__isnull", False), _connector="OR"
                ),
                name="courses_stepprogress_time_was_seen",
            ),
        ),
        migrations.AddField(
            model_name="learningclock",
            name="enrolment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="courses.enrolment",
            ),
        ),
        migrations.AddField(
            model_name="learningclock",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="learning_clock",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ownword",
            name="enrolment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_word",
                to="courses.enrolment",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownword",
            constraint=models.CheckConstraint(
                condition=models.Q(("statement", ""), _negated=True),
                name="courses_ownword_says_something",
            ),
        ),
        append_only("courses_ownword"),
    ]
