"""Checklists: what a law wants to be in certain places, as a data file like a rule set.

`checks.py` loads them all at start, so that a broken file stops the site with its file and line.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms.compliance.rules import FOLDER as RULES
from lms.compliance.rules import Authority, RuleSetError, Source, authority_in, sources_in
from lms.core.data_files import SCHEMA, line_of, load

FOLDER = Path(__file__).parent / "checklists"
GBL_206_F = "ny-gbl-206-f"


@dataclass(frozen=True)
class Checklist:
    """What is to be where, as of its `authority.checked_on`; names by their keys, in order."""

    id: str
    title: str
    short_title: str
    same_places_as: str
    authority: Authority
    sources: tuple[Source, ...]
    asks: tuple[str, ...]
    places: dict[str, str]
    made_by: dict[str, str]
    limits: tuple[str, ...]


def load_checklist(path: Path) -> Checklist:
    """The checklist in a file. Raises RuleSetError with every problem, with file and line."""
    document = load(path, FOLDER / SCHEMA, named="checklist")
    if not (RULES / f"{document['same_places_as']}.yaml").exists():
        raise RuleSetError(
            f"{path.name}, line {line_of(path, ['same_places_as'])}: same_places_as: there is no "
            f"rule set {document['same_places_as']}"
        )
    return Checklist(
        id=document["id"],
        title=document["title"],
        short_title=document["short_title"],
        same_places_as=document["same_places_as"],
        authority=authority_in(document),
        sources=sources_in(document),
        asks=tuple(document["asks"]),
        places={place["key"]: place["name"] for place in document["places"]},
        made_by={maker["key"]: maker["name"] for maker in document["made_by"]},
        limits=tuple(document["limits"]),
    )


@cache
def load_checklists(folder: Path = FOLDER) -> dict[str, Checklist]:
    """All checklists of a folder by id, read once per process."""
    return {path.stem: load_checklist(path) for path in sorted(folder.glob("*.yaml"))}


def get_checklist(checklist_id: str = GBL_206_F) -> Checklist:
    """The checklist with this id; KeyError where there is none."""
    return load_checklists()[checklist_id]
