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
