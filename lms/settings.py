"""The one settings module. Everything that differs between installations comes from the environment.

`docs/operations.md` lists every variable. `core.checks` refuses to start a production that is unsafe.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
import structlog

from core import logs, staticfiles
from partners import tokens

BASE_DIR = Path(__file__).resolve().parent.parent


def _env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def _flag(name: str, *, default: bool) -> bool:
    return _env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


TOMONI_ENV = _env("TOMONI_ENV", "production")
TOMONI_ROLE = _env("TOMONI_ROLE", "app")
EMBEDDED = TOMONI_ENV == "embedded"
TESTING = TOMONI_ENV == "test"
DEBUG = _flag("DEBUG", default=False)

INSECURE_SECRET = "insecure-only-for-builds-and-tests"  # noqa: S105 - refused by core.E002
SECRET_KEY = _env("SECRET_KEY", INSECURE_SECRET)
# Who knows it may set up an installation that is still empty.
SETUP_TOKEN = _env("SETUP_TOKEN")
PUBLIC_URL = _env("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = _env("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
_SECURE = PUBLIC_URL.startswith("https://")

STATE_DIR = Path(_env("STATE_DIR", str(BASE_DIR / ".state")))
MEDIA_ROOT = Path(_env("MEDIA_ROOT", str(STATE_DIR / "media")))
STATIC_ROOT = Path(_env("STATIC_ROOT", str(STATE_DIR / "static")))
STATIC_URL = "/static/"

# --- Applications, in the order of the floors: see docs/architecture.md -----------------------
INSTALLED_APPS = [
    "lms.apps.LmsConfig",
    "analytics.associations",
    "analytics.scenarios",
    "analytics",
    "gamification",
    "sales.imports",
    "sales",
    "courses.authoring.scenarios",
    "courses.authoring",
    "courses.posts",
    "courses.assignments",
    "courses.progress",
    "courses.scenarios",
    "courses.quizzes",
    "courses.catalog",
    "partners.webhooks",
    "partners.apitokens",
    "partners",
    "core",
    "rest_framework",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "csp",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "core.staticfiles.OwnStaticFiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    # First: a style sheet needs none of the others, and a first visit asks for a dozen files.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.requestlog.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.PackingMiddleware",
    "core.middleware.PolicyMiddleware",
    "core.sessions.SessionMiddleware",
    "partners.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partners.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.AccessMiddleware",
    "core.addresses.AddressMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.shell",
            ],
            "builtins": [
                "core.templatetags.ui",
                "django.templatetags.i18n",
                "core.templatetags.words",
                "core.templatetags.parts",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- Database: one database, three roles (docs/architecture.md, "Row security") ---------------
DATABASE_ADMIN_URL = _env("DATABASE_ADMIN_URL")
DATABASE_URLS = {
    "app": _env("DATABASE_URL", "postgresql://tomoni_app@127.0.0.1/tomoni"),
    "owner": _env("DATABASE_OWNER_URL", "postgresql://tomoni_owner@127.0.0.1/tomoni"),
    "worker": _env("DATABASE_WORKER_URL", "postgresql://tomoni_worker@127.0.0.1/tomoni"),
}
# The owner migrates and seeds, so it starts with the client's scope; the others start with none.
_SCOPE = "-c app.scope=client" if TOMONI_ROLE == "owner" else ""
DATABASES = {
    "default": {
        **dj_database_url.parse(DATABASE_URLS[TOMONI_ROLE], engine="core.postgres"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": f"-c lock_timeout=5s -c TimeZone=UTC {_SCOPE}".strip(),
            "connect_timeout": 5,
            # The same few statements come again and again: planned once, they cost half.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "application_name": f"tomoni-{TOMONI_ROLE}",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: a cache of what the database knows, and the doorbell of the workers ---------------
REDIS_URL = _env("REDIS_URL", "redis://127.0.0.1:6379/1")
BROKER_URL = _env("BROKER_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tomoni",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 0.3},
    }
}
SESSION_ENGINE = "partners.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_NAME = "__Host-session" if _SECURE else "session"
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if _SECURE else "csrf"
CSRF_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _SECURE

# --- People who sign in -----------------------------------------------------------------------
AUTH_USER_MODEL = "partners.Account"
AUTHENTICATION_BACKENDS = ["partners.backends.PersonBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = [
    "core.hashers.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# So many sign-ins at once in one web process, fewer than its threads; who comes beyond is asked to come again.
SIGN_INS_AT_ONCE = int(_env("SIGN_INS_AT_ONCE", "1000" if TESTING else "6"))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "partners.passwords.UnlikeTheirNameValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "partners.passwords.HardToGuessValidator"},
]
ACCOUNT_ADAPTER = "partners.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]  # nobody signs up alone
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_PREVENT_ENUMERATION = True
# A changed password ends all other sessions of the account; this one goes on.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = True
# allauth counts without a lock; `partners.guessing` counts exactly, in one step.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "partners.forms.signing_in.SignInForm",
    "reset_password": "partners.forms.signing_in.ForgottenForm",
    "reset_password_from_key": "partners.forms.signing_in.NewPasswordForm",
    "change_password": "partners.forms.signing_in.ChangePasswordForm",
    "set_password": "partners.forms.signing_in.FirstPasswordForm",
}

# --- Languages and time -----------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
FORMAT_MODULE_PATH = "lms.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = _env("TOMONI_TIME_ZONE", "Asia/Tokyo")
CURRENCY = _env("TOMONI_CURRENCY", "JPY")
SALES_DAYS_BACK = int(_env("SALES_DAYS_BACK", "7"))
REPORTS_FREEZE_DAYS = int(_env("REPORTS_FREEZE_DAYS", "10"))

# --- Static files and uploads -----------------------------------------------------------------
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": _env("STATICFILES_BACKEND", "core.staticfiles.HashedStaticFilesStorage")
    },
}
WHITENOISE_ADD_HEADERS_FUNCTION = staticfiles.add_headers
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
# Files are handed out by a checking view; a proxy in front may send them (X-Accel-Redirect).
MEDIA_ACCEL_PREFIX = _env("MEDIA_ACCEL_PREFIX")

# --- Mail: in `./run` and in tests every message lands in /mailbox ------------------------------
EMAIL_HOST = _env("EMAIL_HOST")
EMAIL_PORT = int(_env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = _env("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = _env("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = (
    "core.mail.MailboxBackend"
    if EMBEDDED or TESTING
    else "django.core.mail.backends.smtp.EmailBackend"
)
DEFAULT_FROM_EMAIL = _env("DEFAULT_FROM_EMAIL", "Tomoni <noreply@tomoni.example>")

# --- Webhooks: what is told to other systems -----------------------------------------------------
WEBHOOK_SECONDS = float(_env("WEBHOOK_SECONDS", "10"))
WEBHOOK_LOG_DAYS = int(_env("WEBHOOK_LOG_DAYS", "30"))

# --- Security headers -------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(_env("HSTS_SECONDS", "31536000" if _SECURE and not EMBEDDED else "0"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
SECURE_HSTS_PRELOAD = False
SECURE_SSL_REDIRECT = False
if _flag("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- The programming interface: docs/api.md ---------------------------------------------------
API_REQUESTS_A_MINUTE = int(_env("API_REQUESTS_A_MINUTE", "600"))
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.DoorSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tomoni",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "People, learning, points and sales of one extended team. How to begin: docs/api.md.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["core.api.schema.only_ours"],
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# --- Logs: one JSON line an event, with the request's id ----------------------------------------
LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    tokens.mask,
    logs.bounded,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": logs.Formatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": LOG_PROCESSORS,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": _env("LOG_LEVEL", "INFO")},
    "loggers": {"django_structlog": {"level": "WARNING" if TESTING else "INFO"}},
}
# Who it was is told by the person's id; working out an address behind proxies takes longer than saving an answer.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *LOG_PROCESSORS,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
