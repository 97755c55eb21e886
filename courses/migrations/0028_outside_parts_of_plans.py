"""Parts of plans that take place elsewhere: what a plan says of them, and proofs of them."""

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import courses.models.plans


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0027_outages_stay"),
        ("trainings", "0011_rule_every_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="outsideproof",
            name="plan_enrolment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proofs",
                to="courses.planenrolment",
            ),
        ),
        migrations.AddField(
            model_name="outsideproof",
            name="training",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outside_proofs",
                to="trainings.training",
            ),
        ),
        migrations.AlterField(
            model_name="outsideproof",
            name="enrolment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proofs",
                to="courses.enrolment",
            ),
        ),
        migrations.AlterField(
            model_name="outsideproof",
            name="step_key",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AlterField(
            model_name="planpage",
            name="items",
            field=wagtail.fields.StreamField(
                [("training", 2), ("outside", 11)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Training", "page_type": ["trainings.TrainingPage"]},
                    ),
                    1: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {"default": True, "label": "Required", "required": False},
                    ),
                    2: ("wagtail.blocks.StructBlock", [[("page", 0), ("required", 1)]], {}),
                    3: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": courses.models.plans.outside_trainings,
                            "help_text": "The office it belongs to looks at the proofs.",
                            "label": "Outside training that is known already",
                            "required": False,
                        },
                    ),
                    4: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Needed where none is chosen above. Records keep it as it is first published.",
                            "label": "Title",
                            "max_length": 200,
                            "required": False,
                        },
                    ),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Who gives it", "max_length": 200, "required": False},
                    ),
                    6: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Address of the training", "max_length": 500, "required": False},
                    ),
                    7: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "What it is", "max_length": 600, "required": False, "rows": 3},
                    ),
                    8: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "default": "The certificate of completion, as a PDF or a picture.",
                            "label": "What proves it",
                            "max_length": 300,
                            "required": False,
                        },
                    ),
                    9: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": False,
                            "label": "The provider approves registrations separately",
                            "required": False,
                        },
                    ),
                    10: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "How that goes, and how long it takes",
                            "max_length": 300,
                            "required": False,
                        },
                    ),
                    11: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("training", 3),
                                ("title", 4),
                                ("required", 1),
                                ("provider", 5),
                                ("address", 6),
                                ("text", 7),
                                ("proof", 8),
                                ("provider_approves", 9),
                                ("approval_note", 10),
                            ]
                        ],
                        {},
                    ),
                },
                default=list,
                verbose_name="trainings, in their order",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsideproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("step_key", ""), _negated=True),
                        ("enrolment__isnull", False),
                        ("plan_enrolment__isnull", True),
                        ("training__isnull", True),
                    ),
                    models.Q(
                        ("enrolment__isnull", True),
                        ("plan_enrolment__isnull", False),
                        ("step_key", ""),
                        ("training__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="courses_outsideproof_of_step_or_part",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsideproof",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "waiting")),
                fields=("plan_enrolment", "training"),
                name="courses_outsideproof_one_waits_for_a_part",
            ),
        ),
    ]
