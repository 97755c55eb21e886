"""Production: what differs by place comes from the environment and is asked for by name."""

import os

import dj_database_url

from lms.settings.base import *  # noqa: F403
from lms.settings.base import BASE_DIR, DATABASE_OPTIONS, VAR_DIR, languages


def required(name: str) -> str:
    """The value of an environment variable that production cannot do without."""
    value = os.environ.get(name, "")
    if not value:
        message = f"Set {name}: production does not start without it (see docs/operators-guide.md)."
        raise SystemExit(message)
    return value


SECRET_KEY = required("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
SITE_ORIGIN = required("SITE_ORIGIN").rstrip("/")
ALLOWED_HOSTS = required("ALLOWED_HOSTS").split(",")
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
WAGTAILADMIN_BASE_URL = SITE_ORIGIN

DATABASES = {
    "default": dj_database_url.parse(
        required("DATABASE_URL"), conn_max_age=60, conn_health_checks=True
    )
}
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **DATABASE_OPTIONS}
CELERY_BROKER_URL = required("BROKER_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": required("CACHE_URL"),
    }
}
LANGUAGES = languages(os.environ.get("LANGUAGES", "en,es").split(","))
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = required("EMAIL_HOST")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = required("FROM_EMAIL")

MEDIA_ROOT = os.environ.get("MEDIA_ROOT", str(VAR_DIR / "media"))
PRIVATE_ROOT = os.environ.get("PRIVATE_ROOT", str(VAR_DIR / "private"))
STATIC_ROOT = os.environ.get("STATIC_ROOT", str(BASE_DIR / "staticfiles"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LMS_STAFF_SECOND_FACTOR = True
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
# Rate limits go by the visitor's address, which the proxy in front of us hands on.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
