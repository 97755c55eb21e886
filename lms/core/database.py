"""Rules that live in PostgreSQL itself."""

from django.db import migrations

# A row that is a fact may be written once. The retention job alone may delete, and it announces
# itself for one table and one transaction: SET LOCAL lms.ledger_maintenance = '<table>'.
CREATE_APPEND_ONLY_FUNCTION = """
CREATE FUNCTION lms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('lms.ledger_maintenance', true) = TG_TABLE_NAME THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% keeps facts: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;
"""
DROP_APPEND_ONLY_FUNCTION = "DROP FUNCTION lms_append_only();"

# Redaction (lms.core.redaction) may wipe words out of a fact: it announces the one column, no
# other may change, and what is written there says that it was redacted.
REDACTION_FUNCTION = """
CREATE OR REPLACE FUNCTION lms_redacts(before jsonb, after jsonb, place text)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    announced text := coalesce(current_setting('lms.redaction', true), '');
    col text := split_part(announced, '.', 2);
BEGIN
    RETURN col <> '' AND split_part(announced, '.', 1) = place
        AND before - col = after - col
        AND position('[redacted]' in (after -> col)::text) > 0;
END;
$$;
"""
LET_REDACTION_BY = """
    IF TG_OP = 'UPDATE' THEN
        IF lms_redacts(to_jsonb(OLD), to_jsonb(NEW), TG_TABLE_NAME) THEN
            RETURN NEW;
        END IF;
    END IF;
"""
APPEND_ONLY_BUT_REDACTION = CREATE_APPEND_ONLY_FUNCTION.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
).replace("    RAISE EXCEPTION", f"{LET_REDACTION_BY}    RAISE EXCEPTION")
APPEND_ONLY_WITHOUT_REDACTION = CREATE_APPEND_ONLY_FUNCTION.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


def append_only(table: str) -> migrations.RunSQL:
    """A migration operation after which `table` refuses UPDATE, DELETE and TRUNCATE."""
    return migrations.RunSQL(
        sql=[
            (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION lms_append_only();"
            ),
            (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only();"
            ),
        ],
        reverse_sql=[
            f"DROP TRIGGER {table}_append_only ON {table};",
            f"DROP TRIGGER {table}_no_truncate ON {table};",
        ],
    )
