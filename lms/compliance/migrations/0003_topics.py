"""The topics that the rule sets ask for, so that trainings can say they cover them."""

from typing import Any

from django.db import migrations

from lms.compliance.rules import load_rules


def name_topics(apps: Any, schema_editor: Any) -> None:
    topic_model = apps.get_model("trainings", "Topic")
    for rule in load_rules().values():
        for topic in rule.topics:
            topic_model.objects.update_or_create(
                code=topic.code, defaults={"name": topic.name, "source": rule.authority.law}
            )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0002_append_only"), ("trainings", "0001_initial")]

    # Trainings may already name a topic, so going back leaves them.
    operations = [migrations.RunPython(name_topics, migrations.RunPython.noop)]
