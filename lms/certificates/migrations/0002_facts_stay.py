"""The database keeps certificates as they were issued: facts never change, a file is set once."""

from django.db import migrations

from lms.core.database import append_only

TABLE = "certificates_certificaterevision"
# to_jsonb of the whole row without the columns that drawing sets: a new column is guarded, too.
GUARD = """
CREATE FUNCTION certificates_revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    drawing text[] := ARRAY['file', 'file_hash', 'drawn_at', 'claimed_until',
                            'drawing_failed_at', 'drawing_failure'];
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('lms.ledger_maintenance', true) = TG_TABLE_NAME THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.drawn_at IS NULL
       AND to_jsonb(NEW) - drawing = to_jsonb(OLD) - drawing THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% keeps facts: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0001_certificates"),
        ("core", "0003_append_only"),
    ]

    operations = [
        append_only("certificates_certificate"),
        migrations.RunSQL(
            sql=[
                GUARD,
                (
                    f"CREATE TRIGGER {TABLE}_guard BEFORE UPDATE OR DELETE ON {TABLE} "
                    "FOR EACH ROW EXECUTE FUNCTION certificates_revision_guard();"
                ),
                (
                    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only();"
                ),
            ],
            reverse_sql=[
                f"DROP TRIGGER {TABLE}_guard ON {TABLE};",
                f"DROP TRIGGER {TABLE}_no_truncate ON {TABLE};",
                "DROP FUNCTION certificates_revision_guard();",
            ],
        ),
    ]
