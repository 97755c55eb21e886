"""What the database refuses whoever asks: another signature, a second thought about a proof."""

from django.db import migrations

from lms.core.database import append_only

# Retention may delete a decided proof, announced like any deletion of a fact (lms.core.database).
PROOF_DECIDED = """
CREATE FUNCTION courses_proof_decided() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER courses_proof_decided BEFORE UPDATE OR DELETE ON courses_outsideproof
    FOR EACH ROW EXECUTE FUNCTION courses_proof_decided();
CREATE TRIGGER courses_outsideproof_no_truncate BEFORE TRUNCATE ON courses_outsideproof
    FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only();
"""
UNDO_PROOF = """
DROP TRIGGER courses_proof_decided ON courses_outsideproof;
DROP TRIGGER courses_outsideproof_no_truncate ON courses_outsideproof;
DROP FUNCTION courses_proof_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0009_documents_and_proofs"), ("core", "0003_append_only")]

    operations = [
        append_only("courses_documentedition"),
        append_only("courses_documenttext"),
        append_only("courses_documentsignature"),
        migrations.RunSQL(sql=PROOF_DECIDED, reverse_sql=UNDO_PROOF),
    ]
