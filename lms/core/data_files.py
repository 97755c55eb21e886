"""Rules as data: YAML files judged by a JSON schema, with every problem named by file and line.

A room that keeps rules as files loads them through `load`, and turns what `problems` says into
errors of the system check, so that a broken file stops the site instead of misleading somebody.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.core.checks import CheckMessage, Error
from jsonschema import Draft202012Validator, FormatChecker

SCHEMA = "schema.json"


class DataFileError(Exception):
    """A file of rules that cannot be used; says where and why in words, a line per problem."""


class _PlainLoader(yaml.SafeLoader):
    """YAML as JSON would have it: a day stays text, so that the schema can judge it."""


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(text: str) -> Any:
    """What a document says, days as text."""
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader


def _line_of(node: yaml.Node | None, path: list[str | int]) -> int:
    """The line (from 1) of what `path` leads to in a document, or of its last known part."""
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def line_of(path: Path, where: list[str | int]) -> int:
    """The line (from 1) of a part of a readable file."""
    return _line_of(yaml.compose(path.read_text(encoding="utf-8"), Loader=_PlainLoader), where)


def problems(path: Path, schema: Path, *, named: str) -> Iterator[str]:
    """What is wrong with a file, a sentence each, with file and line.

    Its `id` must be the file's name; `named` says what the file holds ("rule").
    """
    text = path.read_text(encoding="utf-8")
    try:
        document = _read(text)
        tree = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield f"{path.name}, line {line}: {error.problem}"
        return
    rules = json.loads(schema.read_text(encoding="utf-8"))
    validator = Draft202012Validator(rules, format_checker=FormatChecker(["date"]))
    for found in validator.iter_errors(document):
        where = [step for step in found.absolute_path if isinstance(step, str | int)]
        part = ".".join(str(step) for step in where) or "the file"
        yield f"{path.name}, line {_line_of(tree, where)}: {part}: {found.message}"
    if isinstance(document, dict) and document.get("id") not in {None, path.stem}:
        line = _line_of(tree, ["id"])
        yield (
            f"{path.name}, line {line}: id: the file is called {path.stem}, so must the {named} be"
        )


def load(path: Path, schema: Path, *, named: str) -> dict[str, Any]:
    """What a good file says. Raises DataFileError with every problem, each with file and line."""
    found = list(problems(path, schema, named=named))
    if found:
        raise DataFileError("\n".join(found))
    document: dict[str, Any] = _read(path.read_text(encoding="utf-8"))
    return document


def as_errors(problem: DataFileError, *, hint: str, code: str) -> list[CheckMessage]:
    """The problems of a file as errors of the system check."""
    return [Error(line, hint=hint, id=code) for line in str(problem).splitlines()]
