"""Certificates: issue, files, public verification, transcripts."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "lms.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"
