"""What must hold before the site starts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from lms.compliance.checklist import FOLDER as CHECKLISTS
from lms.compliance.checklist import load_checklist
from lms.compliance.rules import FOLDER, RuleSetError, load_rule
from lms.core.data_files import as_errors
from lms.core.exceptions import Refused


def rule_set_errors(folder: Path = FOLDER) -> list[CheckMessage]:
    """An error for each rule set that cannot be used, saying file, line and problem in words."""
    return _errors(
        folder,
        load_rule,
        hint="lms/compliance/rulesets/schema.json says what a rule set must hold.",
        code="compliance.E001",
    )


def checklist_errors(folder: Path = CHECKLISTS) -> list[CheckMessage]:
    """The same for each checklist."""
    return _errors(
        folder,
        load_checklist,
        hint="lms/compliance/checklists/schema.json says what a checklist must hold.",
        code="compliance.E003",
    )


def _errors(
    folder: Path, read: Callable[[Path], object], *, hint: str, code: str
) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            read(path)
        except RuleSetError as problem:
            errors += as_errors(problem, hint=hint, code=code)
    return errors


@register
def check_rule_sets(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every rule set and every checklist that ships can be used."""
    return [*rule_set_errors(), *checklist_errors()]


@register(deploy=True)
def packets_can_be_signed(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Without its key the site makes no packet for an inspector."""
    from lms.compliance.packets import signing  # noqa: PLC0415 - checks are loaded before models

    try:
        signing.private_key()
    except Refused as refusal:
        return [
            Error(
                str(refusal),
                hint="32 random bytes in base64: openssl rand -base64 32",
                id="compliance.E002",
            )
        ]
    return []
