"""The reports that are here were read when they were uploaded."""

from typing import Any

from django.db import migrations
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def were_read(apps: Any, schema_editor: Any) -> None:
    rows = (
        apps.get_model("events", "ReportRow")
        .objects.filter(report=OuterRef("pk"))
        .values("report")
        .annotate(number=Count("pk"))
        .order_by()
        .values("number")
    )
    reports = apps.get_model("events", "AttendanceReport").objects.all()
    reports.update(status="read", total=Coalesce(Subquery(rows), 0))
    reports.update(done=F("total"))


class Migration(migrations.Migration):
    dependencies = [("events", "0016_attendance_by_worker")]

    operations = [migrations.RunPython(were_read, migrations.RunPython.noop)]
