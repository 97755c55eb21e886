"""Compliance: rule sets as data, facilities' duties, standing with reasons."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "lms.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"
