"""A tombstone names the source, and the database refuses a second completion from it."""

from django.db import migrations, models

GUARD = """
CREATE FUNCTION completions_not_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM completions_tombstone AS removed
               WHERE removed.source_kind = NEW.source_kind
                 AND removed.source_key = NEW.source_key) THEN
        RAISE EXCEPTION 'a completion from this source was removed by retention'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("completions", "0010_a_plan_gives_no_credit")]

    operations = [
        migrations.AddField(
            model_name="tombstone",
            name="source_key",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="tombstone",
            name="source_kind",
            field=models.CharField(
                choices=[
                    ("enrolment", "Online course"),
                    ("registration", "Live session"),
                    ("outside_proof", "Outside training with proof"),
                    ("group_log", "Group training on the premises"),
                    ("staff_entry", "Entered by staff"),
                    ("import", "Imported record"),
                    ("plan", "Learning plan"),
                    ("waiver", "Waived by the office"),
                ],
                default="",
                max_length=16,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="tombstone",
            constraint=models.UniqueConstraint(
                fields=("source_kind", "source_key"), name="completions_tombstone_source_once"
            ),
        ),
        migrations.RunSQL(
            sql=[
                GUARD,
                (
                    "CREATE TRIGGER completions_completion_not_again BEFORE INSERT "
                    "ON completions_completion "
                    "FOR EACH ROW EXECUTE FUNCTION completions_not_again();"
                ),
            ],
            reverse_sql=[
                "DROP TRIGGER completions_completion_not_again ON completions_completion;",
                "DROP FUNCTION completions_not_again();",
            ],
        ),
    ]
