"""The tests: the trial's rooms on a PostgreSQL of their own, tasks run where they are called."""

import base64
import os

import dj_database_url

from lms.core.embedded import database_url
from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATABASE_OPTIONS, STORAGES_TRIAL, VAR_DIR

# Playwright keeps an event loop in the tests' thread; Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

TRIAL = True
SECRET_KEY = "only-for-tests"  # noqa: S105
LMS_PACKET_KEY = base64.b64encode(b"only-for-tests, exactly 32 bytes").decode()
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("TEST_DATABASE_URL")
        or database_url(VAR_DIR / "postgres-test", durable=False),
    )
}
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **DATABASE_OPTIONS}
# Set by tests/database.py while it makes the template.
if "LMS_TEST_DATABASE_NAME" in os.environ:
    DATABASES["default"]["NAME"] = os.environ["LMS_TEST_DATABASE_NAME"]
STORAGES = STORAGES_TRIAL
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = VAR_DIR / "test-media"
PRIVATE_ROOT = VAR_DIR / "test-private"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests are rolled back and commit nothing, so nothing would say that a page has changed.
LMS_PUBLIC_PAGES_SECONDS = 0
SITE_ORIGIN = "http://testserver"
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Passkeys want https except where the site is on this machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
