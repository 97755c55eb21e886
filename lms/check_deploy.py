"""`make check`'s last step: the production settings, with an environment as an operator sets it."""

import os
import sys

from django.core.management import execute_from_command_line

EXAMPLE = {
    "DJANGO_SETTINGS_MODULE": "lms.settings.production",
    "SECRET_KEY": "an-example-that-is-long-enough-for-the-check-0123456789-abcdefghij",
    "PIN_PEPPER": "another-example-kept-apart-from-the-database",
    "PACKET_KEY": "YW4gZXhhbXBsZSBvZiBleGFjdGx5IDMyIGJ5dGVzLCA=",
    "SITE_ORIGIN": "https://trainings.example.org",
    "ALLOWED_HOSTS": "trainings.example.org",
    "DATABASE_URL": "postgres:///lms",
    "BROKER_URL": "redis://localhost/0",
    "CACHE_URL": "redis://localhost/1",
    "EMAIL_HOST": "mail.example.org",
    "FROM_EMAIL": "Trainings <trainings@example.org>",
}

if __name__ == "__main__":
    os.environ.update(EXAMPLE)
    execute_from_command_line([sys.argv[0], "check", "--deploy", "--fail-level", "WARNING"])
