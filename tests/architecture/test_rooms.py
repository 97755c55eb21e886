"""What import-linter cannot see: keys between tables, locks, states, and files too long to read."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

PROJECT = Path(__file__).resolve().parents[2]
# Top first, as in ARCHITECTURE.md; courses and events are strangers to each other.
ORDER = [
    ["portal"],
    ["courses", "events"],
    ["compliance"],
    ["certificates"],
    ["completions"],
    ["trainings"],
    ["pages"],
    ["notices"],
    ["people"],
    ["core"],
]
HEIGHT = {room: len(ORDER) - place for place, rooms in enumerate(ORDER) for room in rooms}


def our_files() -> Iterator[Path]:
    """Every Python file of ours that runs, without migrations."""
    for room in ("lms", "courses", "events"):
        for path in sorted((PROJECT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_foreign_keys_point_down() -> None:
    """A key may point to the own room, a lower one, or the user model; strings escape imports."""
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in HEIGHT:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            target = field.related_model
            label = target._meta.app_label
            if label not in HEIGHT or label == room:
                continue
            if target._meta.label == settings.AUTH_USER_MODEL:
                continue
            if HEIGHT[label] >= HEIGHT[room]:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_every_room_with_models_has_a_height() -> None:
    ours = {config.label for config in apps.get_app_configs() if _is_ours(config.path)}
    assert ours == set(HEIGHT)


def _is_ours(path: str) -> bool:
    relative = Path(path).resolve()
    return relative.is_relative_to(PROJECT) and ".venv" not in relative.parts


def test_rows_are_locked_in_one_file() -> None:
    offenders = [
        str(path.relative_to(PROJECT))
        for path in our_files()
        if any(
            isinstance(node, ast.Attribute) and node.attr == "select_for_update"
            for node in ast.walk(ast.parse(path.read_text()))
        )
    ]
    assert offenders == ["lms/core/locking.py"]


def _sets_status(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            targets = [node.target]
        else:
            targets = []
        if any(
            isinstance(target, ast.Attribute) and target.attr in {"status", "state"}
            for target in targets
        ):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "update"
            and any(keyword.arg in {"status", "state"} for keyword in node.keywords)
        ):
            return True
    return False


def test_status_is_set_in_services_only() -> None:
    offenders = [
        str(path.relative_to(PROJECT))
        for path in our_files()
        if _sets_status(ast.parse(path.read_text()))
        and "services" not in {path.stem, *path.parts}
        and path.relative_to(PROJECT) != Path("lms/core/outbox.py")  # the outbox's own service
    ]
    assert offenders == []


@pytest.mark.parametrize("kind", [".py", ".html", ".scss", ".js"])
def test_files_can_be_read_in_one_sitting(kind: str) -> None:
    """About 400 lines is enough; 500 is where somebody must think again."""
    long = []
    for folder in ("lms", "courses", "events", "templates", "tests"):
        for path in (PROJECT / folder).rglob(f"*{kind}"):
            parts = path.relative_to(PROJECT).parts
            if "migrations" in parts or "build" in parts:
                continue
            lines = len(path.read_text().splitlines())
            if lines > 500:
                long.append(f"{'/'.join(parts)}: {lines}")
    assert long == []


def test_no_machine_path_or_registry_host_in_tracked_files() -> None:
    """The project speaks of itself alone, and locks name no host."""
    words = ["files.python" + "hosted.org", "registry.npm" + "js.org", "/ro" + "ot/"]
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True, text=True
    ).stdout.split("\0")
    found = []
    for name in filter(None, tracked):
        path = PROJECT / name
        if path.suffix == ".png" or not path.is_file():
            continue
        text = path.read_text(errors="ignore")
        found += [f"{name}: {word}" for word in words if word in text]
    assert found == []
