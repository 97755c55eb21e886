"""What every setting has in common. Secrets and places come from trial, test or production."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import django.conf.locale
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.conf import global_settings

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = BASE_DIR / "var"

TRIAL = False
DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    # Ours, from the top of DESIGN's table down: templates and commands of the first win.
    "lms.portal",
    "courses",
    "events",
    "lms.compliance",
    "lms.certificates",
    "lms.completions",
    "lms.trainings",
    "lms.pages",
    "lms.notices",
    "lms.people",
    "lms.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "lms.people.admin_config.PeopleAdminConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.core.middleware.ContentSecurityPolicyMiddleware",
    "lms.pages.caching.PublicPagesMiddleware",
    "lms.pages.middleware.HelpWithoutReaderMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.core.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.people.middleware.PrivateAccountPagesMiddleware",
    "lms.people.middleware.StaffSecondFactorMiddleware",
    "lms.portal.device.middleware.SharedDeviceMiddleware",
    "lms.core.middleware.RefusedMiddleware",
    "lms.trainings.middleware.ClosedInEditorMiddleware",
    "lms.trainings.middleware.RedirectsToWhatIsShown",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.core.context.site",
            ],
        },
    },
]
FORM_RENDERER = "lms.core.forms.Renderer"

# What is read on every page is planned once per connection (core.prepared).
DATABASE_OPTIONS = {"prepare_threshold": 1}

# --- people and sign-in -------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["lms.people.auth_backends.PersonBackend"]
# Published on purpose: the demo's people have it in the trial. Known here so that it is refused.
DEMO_PASSWORD = "demo-password-only-here"  # noqa: S105
# NIST 800-63B-4: length and a list of known passwords, no composition rules.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "lms.people.validators.NotTheDemoPassword"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "lms.people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# No password here: /accounts/login/ then asks for the address only and sends a code to it.
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "lms.people.forms.SignInForm",
    "signup": "lms.people.forms.SignUpForm",
    "confirm_login_code": "lms.people.forms.SignInCodeForm",
    "confirm_email_verification_code": "lms.people.forms.AddressCodeForm",
}
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 3
# Digits read the same in every language we have.
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
# Longer than a code and its successors live, so that an expired code is told from none.
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = 3
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whoever asks with an unknown address is told so by mail, never on the page.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# docs/decisions/0006-sign-in-by-code.md says why these numbers.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "signup": "60/m/ip",
    "request_login_code": "60/m/ip,3/m/key,10/h/key",
    "login_code_mail": "30/h/key",
    # A full training room behind one address (docs/decisions/0018).
    "begin_as_guest": "30/m/ip,200/h/ip",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
SESSION_ENGINE = "lms.core.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
# Keeps PINs of shared devices useless to whoever copies the database; set it apart from it.
LMS_PIN_PEPPER = os.environ.get("PIN_PEPPER", "")
# Signs the packets for inspectors: 32 random bytes in base64 (docs/operators-guide.md).
# Whether the retention job removes completions that nobody needs; an operator confirms it.
LMS_REMOVE_COMPLETIONS = os.environ.get("REMOVE_COMPLETIONS", "").lower() in {"1", "yes", "true"}
LMS_PACKET_KEY = os.environ.get("PACKET_KEY", "")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
MFA_ADAPTER = "lms.people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "lms.people.forms.PasskeyForm",
    "activate_totp": "lms.people.forms.AppCodeForm",
}
# Telephones' clocks go wrong by half a minute.
MFA_TOTP_TOLERANCE = 1
# Staff roles need a passkey or second factor where this is set (production), before these answer.
LMS_STAFF_SECOND_FACTOR = False
LMS_STAFF_PATHS = ("/admin/", "/desk/", "/facilities/", "/review/", "/agency/", "/company/")

# --- Wagtail --------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Anti-trafficking trainings"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_I18N_ENABLED = True
# Passwords are each person's own business, under /accounts/; none is set, reset or shared here.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_DOCUMENT_FORM_BASE = "lms.pages.document_forms.CheckedDocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Refused with a sentence before anything opens the picture; a page shows 1200 points at most.
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "lms.pages.image_forms.CheckedImageForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "txt", "csv", "zip"]

# How long a public page is kept for those who are not signed in (lms/pages/caching.py); 0: never.
LMS_PUBLIC_PAGES_SECONDS = 60

# --- languages and time ---------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/New_York"
# NYC Local Law 30's ten languages and Executive Law 202-a's Italian and Yiddish (DOMAIN 57, 58).
ALL_LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("zh-hans", "简体中文"),
    ("ru", "Русский"),
    ("bn", "বাংলা"),
    ("ht", "Kreyòl ayisyen"),
    ("ko", "한국어"),
    ("ar", "العربية"),
    ("ur", "اردو"),
    ("fr", "Français"),
    ("pl", "Polski"),
    ("it", "Italiano"),
    ("yi", "ייִדיש"),
]
# Django knows neither Haitian Creole nor Yiddish and would fail on them.
django.conf.locale.LANG_INFO["ht"] = {
    "bidi": False,
    "code": "ht",
    "name": "Haitian Creole",
    "name_local": "Kreyòl ayisyen",
}
django.conf.locale.LANG_INFO["yi"] = {
    "bidi": True,
    "code": "yi",
    "name": "Yiddish",
    "name_local": "ייִדיש",
}
LANGUAGES_BIDI = [*global_settings.LANGUAGES_BIDI, "yi"]


def languages(codes: list[str]) -> list[tuple[str, str]]:
    """The languages switched on, in the order of the laws that ask for them."""
    return [(code, name) for code, name in ALL_LANGUAGES if code in codes]


LANGUAGES = languages(["en", "es", "ar"])
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "lms" / "locale"]

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Certificates, proofs and uploads: served only by views that ask who is reading.
PRIVATE_ROOT = VAR_DIR / "private"
FONT_DIR = BASE_DIR / "node_modules" / "@expo-google-fonts"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# A lesson's video or recording; the server in front must let as much through.
LMS_MAX_MEDIA_BYTES = 500 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- database: PostgreSQL only (DESIGN 4.1) ----------------------------------------------------
DATABASES: dict[str, Any] = {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- work in the background (DESIGN 4.3) --------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "sweep-outbox": {
        "task": "core.sweep_outbox",
        "schedule": float(os.environ.get("LMS_SWEEP_SECONDS", "30")),
    },
    "forget-by-age": {"task": "core.forget_by_age", "schedule": crontab(hour=3, minute=55)},
    "begin-sessions": {"task": "events.begin_due_sessions", "schedule": 300.0},
    "send-due-reminders": {"task": "events.send_due_reminders", "schedule": 120.0},
    "tend-waiting-lists": {"task": "events.tend_waiting_lists", "schedule": 60.0},
    "settle-webex": {"task": "events.settle_all_webex", "schedule": 60.0},
    "keep-webex-hooks": {"task": "events.keep_webex_hooks", "schedule": crontab(minute=25)},
    # In the day, when people read mail; told once for each day promised.
    "remind-of-programs": {
        "task": "events.remind_of_programs",
        "schedule": crontab(hour=8, minute=40),
    },
    "ask-for-surveys": {"task": "events.ask_for_surveys", "schedule": 300.0},
    "fetch-webex-attendance": {"task": "events.fetch_webex_attendance", "schedule": 600.0},
    # In the day, when people read mail; each is written to once for each version.
    "tell-new-document-versions": {
        "task": "courses.tell_new_versions",
        "schedule": crontab(hour="8-17", minute=20),
    },
    "hand-in-overdue-tests": {"task": "courses.hand_in_overdue", "schedule": 60.0},
    "escalate-late-requests": {
        "task": "trainings.escalate_late_requests",
        "schedule": crontab(minute=5),
    },
    "tell-ending-access": {
        "task": "trainings.tell_ending_access",
        "schedule": crontab(hour=8, minute=30),
    },
    "issue-missing-certificates": {"task": "certificates.issue_missing", "schedule": 60.0},
    "work-abandoned-certificates": {
        "task": "certificates.work_abandoned_batches",
        "schedule": 60.0,
    },
    "issue-all-missing-certificates": {
        "task": "certificates.issue_all_missing",
        "schedule": crontab(hour=3, minute=20),
    },
    "work-abandoned-attendance": {
        "task": "events.work_abandoned_attendance",
        "schedule": 60.0,
    },
    "work-abandoned-imports": {"task": "completions.work_abandoned_imports", "schedule": 60.0},
    "follow-plans": {"task": "courses.follow_lately", "schedule": 300.0},
    "follow-all-plans": {
        "task": "courses.follow_all_plans",
        "schedule": crontab(hour=3, minute=40),
    },
    "work-off-regrades": {"task": "courses.work_off_regrades", "schedule": 300.0},
    "remove-unneeded-completions": {
        "task": "compliance.remove_unneeded_completions",
        "schedule": crontab(hour=4, minute=40),
    },
    # Often, so that a count that a killed worker left goes on; a day that is done is left alone.
    "count-standings": {"task": "compliance.count_standings", "schedule": 600.0},
    "remove-old-packets": {
        "task": "compliance.remove_old_packets",
        "schedule": crontab(hour=3, minute=55),
    },
    # Just after midnight in New York, and every hour for what came late.
    "carry-out-handovers": {
        "task": "compliance.carry_out_handovers",
        "schedule": crontab(minute=1),
    },
    "forget-rosters": {
        "task": "people.forget_rosters",
        "schedule": crontab(hour=3, minute=50),
    },
    "check-enrolments": {
        "task": "courses.check_enrolments",
        "schedule": crontab(hour=4, minute=10),
    },
    "remove-forgotten-guests": {
        "task": "courses.remove_forgotten_guests",
        "schedule": crontab(hour=4, minute=25),
    },
    # Every hour of the working day: each letter goes out once, and a missed hour is made good.
    "remind-of-assignments": {
        "task": "courses.remind_of_assignments",
        "schedule": crontab(hour="8-17", minute=10),
    },
    "tell-of-old-sources": {
        "task": "compliance.tell_of_old_sources",
        "schedule": crontab(hour=9, minute=15),
    },
    "remind-of-duties": {
        "task": "compliance.remind_of_duties",
        "schedule": crontab(hour="8-17", minute=35),
    },
}

# --- mail -----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = "Trainings <trainings@example.org>"
EMAIL_SUBJECT_PREFIX = ""
# The public host and scheme, for links in mails, QR codes and calendar UIDs.
SITE_ORIGIN = "http://127.0.0.1:8000"

# --- Webex: without these, coordinators paste links and upload reports ---------------------------
WEBEX = {
    "base": os.environ.get("WEBEX_BASE_URL", "https://webexapis.com/v1"),
    # A service app's, which belongs to no person, and the host its meetings are made for.
    "client_id": os.environ.get("WEBEX_CLIENT_ID", ""),
    "client_secret": os.environ.get("WEBEX_CLIENT_SECRET", ""),
    "refresh_token": os.environ.get("WEBEX_REFRESH_TOKEN", ""),
    "host_email": os.environ.get("WEBEX_HOST_EMAIL", ""),
    # Webinars need the id of their kind of session at the site; without it there are meetings only.
    "webinar_type": os.environ.get("WEBEX_WEBINAR_SESSION_TYPE", ""),
    "hook_secret": os.environ.get("WEBEX_WEBHOOK_SECRET", ""),
}

# --- security ---------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lms": {"level": "INFO"},
        "courses": {"level": "INFO"},
        "events": {"level": "INFO"},
        # Its warnings quote people's names; lms.core.pdf turns them into failures.
        "xhtml2pdf": {"level": "WARNING", "handlers": ["nowhere"], "propagate": False},
    },
}
STORAGES_TRIAL: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "lms.core.files.PrivateStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
