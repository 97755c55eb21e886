"""Wagtail pages without a training. They hold content only; what moves is drawn by the portal."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The front page: what the office offers, three doors, the next dates."""

    intro = models.CharField(_("introduction"), max_length=400, blank=True, default="")
    body = RichTextField(_("text"), blank=True, features=["h2", "h3", "ul", "ol", "bold", "link"])

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types: list[str] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")


class CataloguePage(Page):
    """The list of trainings; every training's page lies below it."""

    intro = models.CharField(_("introduction"), max_length=400, blank=True, default="")

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: list[str] = ["pages.HomePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")


class StandardPage(Page):
    """A page of text: about, accessibility, privacy."""

    intro = models.CharField(_("introduction"), max_length=400, blank=True, default="")
    body = RichTextField(_("text"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    class Meta:
        verbose_name = _("page of text")
