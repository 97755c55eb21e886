"""What must hold before the site starts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register

from lms.core.data_files import DataFileError, as_errors
from lms.trainings.accrediting import FOLDER, load_accreditor


def accreditor_errors(folder: Path = FOLDER) -> list[CheckMessage]:
    """An error for each accreditor's file that cannot be used, saying file, line and problem."""
    errors: list[CheckMessage] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            load_accreditor(path)
        except DataFileError as problem:
            errors += as_errors(
                problem,
                hint="lms/trainings/accreditors/schema.json says what a file must hold.",
                code="trainings.E001",
            )
    return errors


@register
def check_accreditors(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every accreditor that ships can be used."""
    return accreditor_errors()
