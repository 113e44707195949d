"""One settings file for every way to run the platform; the environment makes the difference."""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import reset_tzpath

from csp.constants import NONE, SELF

from training_platform import __version__, environment, quiet

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
APP_VERSION = __version__

DEBUG = environment.flag("DEBUG", default=False)
# The demonstration: notices on every page, mail readable at /mail/. Never with real people.
DEMO = environment.flag("DEMO", default=False)
_LOCAL = DEBUG or DEMO
if _LOCAL:
    VAR.mkdir(exist_ok=True)

SECRET_KEY = environment.text(
    "SECRET_KEY",
    default="local-and-not-secret" * 3 if _LOCAL else None,
    example="50 random characters, kept secret",
)
# Old keys stay here after a rotation: links in mails sent before it still work.
SECRET_KEY_FALLBACKS = environment.names("SECRET_KEY_FALLBACKS", [])
SITE_URL = environment.site_url("http://localhost:8000" if _LOCAL else None)
ALLOWED_HOSTS = environment.names(
    "ALLOWED_HOSTS",
    [
        urlsplit(SITE_URL).hostname or "localhost",
        *(["localhost", "127.0.0.1", "[::1]"] if _LOCAL else []),
    ],
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies stand in front, each adding itself to X-Forwarded-For. See docs/running.md.
TRUSTED_PROXIES = environment.whole_number("TRUSTED_PROXIES", default=0)
STAFF_MFA = environment.one_of("STAFF_MFA", ("required", "offered"), "required")

INSTALLED_APPS = [
    "training_platform.admin.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_ckeditor_5",
    "courses",
    "studies",
    "participants",
    "scheduling",
    "portal",
    "monitoring",
    "keeping",
    "demo",
    "frozen_rows",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "training_platform.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "training_platform.not_allowed.with_a_page",
]
ROOT_URLCONF = "training_platform.urls"
WSGI_APPLICATION = "training_platform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.surroundings",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": environment.database(f"sqlite:///{VAR / 'platform.sqlite3'}" if _LOCAL else None)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits count across processes, so the cache is shared: a table, in either database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "KEY_FUNCTION": "training_platform.cache_keys.digest",
        # What has expired goes once there are so many. Django's own 300 are soon reached by one
        # person who tries addresses, and then the counts of others would go with them.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["training_platform.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
# Time zones come from the pinned `tzdata`, not from whatever the machine has.
reset_tzpath(to=())

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# A file that is too large is refused while it comes in, and not kept in memory meanwhile.
FILE_UPLOAD_HANDLERS = [
    "courses.uploads.handler.Limits",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Never served as files: every medium goes through a view that asks who wants it.
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT", default=str(VAR / "media")))
# Where nginx keeps the same folder for itself: then the view says which file, and nginx sends it.
MEDIA_ACCEL = environment.media_accel()

AUTH_USER_MODEL = "participants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.account_forms.SignInForm",
    "confirm_login_code": "portal.account_forms.CodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Rate limits count by the address that the outermost of our own proxies saw.
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# The name under which an authenticator app keeps it; else whatever host the request named.
MFA_TOTP_ISSUER = urlsplit(SITE_URL).hostname

EMAIL_FROM = environment.text("EMAIL_FROM", default=f"sessions@{urlsplit(SITE_URL).hostname}")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM
_mail = environment.email(f"filemail://{VAR / 'mail'}" if _LOCAL else None)
EMAIL_BACKEND = (
    # The demonstration's mailbox reads what this one writes.
    "scheduling.transport.files.EmailBackend" if _mail["folder"] else _mail["backend"]
)
EMAIL_HOST, EMAIL_PORT = _mail["host"], _mail["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["user"], _mail["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["tls"], _mail["ssl"]
EMAIL_FILE_PATH: str = _mail["folder"]
EMAIL_TIMEOUT = 20
# The provider that reports bounces and complaints to /hooks/mail/<its name>/, or "" for none.
MAIL_EVENTS_FROM, _secret = environment.mail_events()
ANYMAIL = {
    "MAILGUN_WEBHOOK_SIGNING_KEY" if MAIL_EVENTS_FROM == "mailgun" else "WEBHOOK_SECRET": _secret
}

CELERY_BROKER_URL = environment.env.str("CELERY_BROKER_URL", default="")
CELERY_TASK_IGNORE_RESULT = True
# Our logging, which masks the tokens of links, stays in place in the workers too.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A sender at work keeps no second message waiting that an idle one could take.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
# Beat writes its file after each tick, so that the file's age says whether it lives.
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "scheduling.tasks.tick",
        "schedule": 15.0,
        "options": {"expires": 60},
    },
}

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
_HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
# Not "no-referrer": with it browsers send `Origin: null`, and the CSRF check refuses every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz(/ready|/metrics)?$"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

_OURS = {"handlers": ["console"], "level": "INFO", "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "training_platform.masking.MaskingFormatter",
            "fmt": "{levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {
        "news": {"()": "django.utils.log.CallbackFilter", "callback": quiet.is_news},
        "refusals": {"()": "django.utils.log.CallbackFilter", "callback": quiet.in_one_line},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Those that would write addresses past the root, by handlers of their own.
    "loggers": {
        **dict.fromkeys(("django", "django.server", "gunicorn.error", "gunicorn.access"), _OURS),
        "django.request": {**_OURS, "filters": ["news", "refusals"]},
    },
}
