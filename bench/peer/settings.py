"""A Django project with nothing in it but django-post-office, set up to be quick."""

import os
from urllib.parse import urlsplit

SECRET_KEY = "for the benchmark alone"  # noqa: S105 - guards nothing
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PEER_DATABASE"],
        "HOST": os.environ["PEER_SOCKET"],
        "USER": "postgres",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = urlsplit(os.environ["PEER_MAIL"]).port
EMAIL_BACKEND = "post_office.EmailBackend"
DEFAULT_FROM_EMAIL = "sessions@training.example.org"
POST_OFFICE = {
    "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
    # One batch for all: with the default of 100 it starts two new processes every 100 mails.
    "BATCH_SIZE": 10_000,
    # Only failures are logged; the default writes a second row for each mail that was sent.
    "LOG_LEVEL": 1,
    # THREADS_PER_PROCESS stays at its default, 5.
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"post_office": {"handlers": ["console"], "level": "WARNING"}},
}
