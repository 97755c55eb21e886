"""A decided proof's words may be redacted, as any fact's (lms.core.database)."""

from django.db import migrations

from lms.core.database import LET_REDACTION_BY

BEFORE = """
CREATE OR REPLACE FUNCTION courses_proof_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('lms.ledger_maintenance', true) = TG_TABLE_NAME THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'waiting' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% keeps facts: % of a decided proof is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;
"""
AFTER = BEFORE.replace("    RAISE EXCEPTION", f"{LET_REDACTION_BY}    RAISE EXCEPTION")


class Migration(migrations.Migration):
    dependencies = [("courses", "0028_outside_parts_of_plans"), ("core", "0005_redaction")]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
