"""The trial: everything on one machine, nothing to install, demo people, mail on a page."""

import base64
import os
import secrets
from pathlib import Path

import dj_database_url

from lms.core.embedded import database_url
from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATABASE_OPTIONS, STORAGES_TRIAL, VAR_DIR

TRIAL = True
DEBUG = os.environ.get("LMS_DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def _kept(name: str, fresh: str) -> str:
    """A secret of this trial, made at its first start and kept in a file."""
    secret = VAR_DIR / name
    if not secret.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        secret.write_text(fresh)
        secret.chmod(0o600)
    return secret.read_text()


SECRET_KEY = _kept("secret-key", secrets.token_urlsafe(50))
LMS_PACKET_KEY = _kept("packet-key", base64.b64encode(secrets.token_bytes(32)).decode())

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or database_url(VAR_DIR / "postgres"),
        conn_max_age=60,
    )
}
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **DATABASE_OPTIONS}
# In files, since two web processes and a worker share it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}
STORAGES = STORAGES_TRIAL
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True

_broker = Path(os.environ.get("LMS_BROKER_DIR", VAR_DIR / "broker"))
_broker.mkdir(parents=True, exist_ok=True)
CELERY_BROKER_URL = "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(_broker),
    "data_folder_out": str(_broker),
    "control_folder": str(_broker / "control"),
    "polling_interval": 0.2,
}
EMAIL_BACKEND = "lms.core.trial_mail.TrialMailBackend"
SITE_ORIGIN = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
WAGTAILADMIN_BASE_URL = SITE_ORIGIN
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN, SITE_ORIGIN.replace("127.0.0.1", "localhost")]
# Passkeys want https except where the site is on this machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
