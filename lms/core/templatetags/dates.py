"""Dates as documents and pages write them."""

from datetime import date

from django import template

from lms.core import time

register = template.Library()


@register.filter
def long_date(day: date) -> str:
    """November 20, 2026."""
    return time.long_date(day)


@register.filter
def short_date(day: date) -> str:
    """Nov. 20, 2026."""
    return time.short_date(day)
