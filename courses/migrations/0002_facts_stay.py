"""What the database refuses whoever asks: new words in old wordings, a second thought after handing in."""

from django.db import migrations

from lms.core.database import append_only

# Retention may delete a closed attempt, announced like any deletion of a fact (lms.core.database).
ATTEMPT_CLOSED = """
CREATE FUNCTION courses_attempt_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND (
        OLD.status = 'in_progress'
        OR current_setting('lms.ledger_maintenance', true) = TG_TABLE_NAME
    ) THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'in_progress' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% keeps facts: % of a closed attempt is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END;
$$;
CREATE TRIGGER courses_attempt_closed BEFORE UPDATE OR DELETE ON courses_attempt
    FOR EACH ROW EXECUTE FUNCTION courses_attempt_closed();
CREATE TRIGGER courses_attempt_no_truncate BEFORE TRUNCATE ON courses_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only();
"""
# The attempt's row is locked, so an answer and the handing-in wait for each other: an answer is
# either scored or refused, never kept unscored.
ANSWER_WHILE_IN_PROGRESS = """
CREATE FUNCTION courses_answer_while_in_progress() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('lms.ledger_maintenance', true) = TG_TABLE_NAME THEN
            RETURN OLD;
        END IF;
        answered := OLD.attempt_id;
    ELSE
        answered := NEW.attempt_id;
    END IF;
    PERFORM 1 FROM courses_attempt WHERE id = answered AND status = 'in_progress' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'attempt % is not in progress: % of an answer is refused', answered, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER courses_answer_while_in_progress
    BEFORE INSERT OR UPDATE OR DELETE ON courses_attemptanswer
    FOR EACH ROW EXECUTE FUNCTION courses_answer_while_in_progress();
CREATE TRIGGER courses_attemptanswer_no_truncate BEFORE TRUNCATE ON courses_attemptanswer
    FOR EACH STATEMENT EXECUTE FUNCTION lms_append_only();
"""
UNDO_ATTEMPT = """
DROP TRIGGER courses_attempt_closed ON courses_attempt;
DROP TRIGGER courses_attempt_no_truncate ON courses_attempt;
DROP FUNCTION courses_attempt_closed();
"""
UNDO_ANSWER = """
DROP TRIGGER courses_answer_while_in_progress ON courses_attemptanswer;
DROP TRIGGER courses_attemptanswer_no_truncate ON courses_attemptanswer;
DROP FUNCTION courses_answer_while_in_progress();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial"), ("core", "0003_append_only")]

    operations = [
        append_only("courses_questionversion"),
        migrations.RunSQL(sql=ATTEMPT_CLOSED, reverse_sql=UNDO_ATTEMPT),
        migrations.RunSQL(sql=ANSWER_WHILE_IN_PROGRESS, reverse_sql=UNDO_ANSWER),
    ]
