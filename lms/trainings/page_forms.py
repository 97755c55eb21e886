"""Form parts that Wagtail's editor needs for training pages."""

from lms.core.fields import ChoiceArrayField

__all__ = ["ChoiceArrayField"]
