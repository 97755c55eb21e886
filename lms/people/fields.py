"""Columns computed from names, since PostgreSQL in C order sorts Ángel after Zoe."""

import unicodedata
from typing import Any

from django.db import models


def fold(text: str) -> str:
    """Lower case without accents, single spaces: for sorting and finding, never for showing."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


class FoldedField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A folded copy of other columns, computed at every save of the row."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(" ".join(getattr(model_instance, source) or "" for source in self.sources))
        setattr(model_instance, self.attname, value)
        return value
