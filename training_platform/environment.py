"""Typed reading of the environment. What is missing or malformed stops it with a sentence."""

import os
import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
# What is set to nothing is not set: a file of settings can leave a line empty.
env.ENVIRON = {name: value for name, value in os.environ.items() if value.strip()}
T = TypeVar("T")
# Of libpq: seconds, but the timeout in milliseconds. Where PostgreSQL has a compiler of queries, it
# compiles what it thinks costs more than 100,000. The staff's lists of as many people do (470,000,
# says EXPLAIN), and take a quarter of a second without. The PostgreSQL of `make bench` has none. A
# pooler in between has to let `options` pass.
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
    "options": "-c jit=off",
}
MAIL_PROVIDERS = frozenset({"brevo", "mailgun", "postmark", "ses"})


def _read(name: str, reader: Callable[..., T], example: str, default: T | str | None) -> T:
    if default is None and name not in env.ENVIRON:
        msg = f"The environment variable {name} is not set. Set it to something like {example}."
        raise ImproperlyConfigured(msg)
    try:
        return reader(name) if name in env.ENVIRON else reader(name, default=default)
    except (ImproperlyConfigured, ValueError, KeyError) as error:
        msg = f"The environment variable {name} cannot be read. Set it to something like {example}."
        raise ImproperlyConfigured(msg) from error


def flag(name: str, *, default: bool) -> bool:
    value = env.ENVIRON.get(name, str(default)).strip().lower()
    if value not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        msg = f"The environment variable {name} is “{value}”. Set it to true or false."
        raise ImproperlyConfigured(msg)
    return value in {"true", "1", "yes", "on"}


def text(name: str, *, default: str | None = None, example: str = "a value") -> str:
    value: str = env.ENVIRON.get(name, default) or ""
    if not value:
        msg = f"The environment variable {name} is not set. Set it to {example}."
        raise ImproperlyConfigured(msg)
    return value


def names(name: str, default: list[str]) -> list[str]:
    """A list of words parted by commas."""
    return [word.strip() for word in env.list(name, default=default) if word.strip()]


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    value: str = env.ENVIRON.get(name, default)
    if value not in choices:
        msg = f"The environment variable {name} is “{value}”. Choose one of: {', '.join(choices)}."
        raise ImproperlyConfigured(msg)
    return value


def site_url(default: str | None) -> str:
    """The address people use, without a slash at the end."""
    value = text("SITE_URL", default=default, example="https://training.example.ac.uk").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path:
        msg = (
            f"The environment variable SITE_URL is “{value}”. "
            "Set it to the address people use, like https://training.example.ac.uk."
        )
        raise ImproperlyConfigured(msg)
    return value


def database(default: str | None) -> dict[str, Any]:
    example = "postgres://user:password@localhost/training"
    config: dict[str, Any] = _read("DATABASE_URL", env.db_url, example, default)
    if config.get("ENGINE") == "django.db.backends.sqlite3":
        # WAL lets readers read while the sender writes; IMMEDIATE takes the write lock at once, so
        # that two writers queue instead of failing half-way. FULL, because a mail may only go after
        # “it is being sent” is on the disk: less, and a power cut could send it twice.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    elif config.get("ENGINE") == "django.db.backends.postgresql":
        # A server that takes the call and says nothing would hold a page, and a thread of the
        # health page, for minutes; one that vanished without a word, or behind a cut line, also a
        # sender with a mail in hand, for hours. What is given in the URL counts.
        config["OPTIONS"] = {**_POSTGRESQL, **config.get("OPTIONS", {})}
    else:
        msg = f"The environment variable DATABASE_URL names no database known here. Try {example}."
        raise ImproperlyConfigured(msg)
    return config


def whole_number(name: str, *, default: int) -> int:
    return _read(name, env.int, "1", default)


def media_accel() -> str:
    """The path of nginx's internal location for media, like `/protected/`; "" where there is none.

    It is no address of ours: nobody can ask for it, only we can send nginx there.
    """
    value: str = env.ENVIRON.get("MEDIA_ACCEL", "").strip()
    if value and not re.fullmatch(r"/[\w-]+/", value, flags=re.ASCII):
        msg = (
            f"The environment variable MEDIA_ACCEL is “{value}”. "
            "Set it to the path of nginx's internal location, like /protected/, or leave it out."
        )
        raise ImproperlyConfigured(msg)
    return value


def mail_events() -> tuple[str, str]:
    """Who reports to us what became of our mail, and the secret that proves it.

    `mailgun:the-signing-key`, or `postmark:user:password`, and so `brevo` and `ses`. Two empty
    strings where it is not set: then nobody does. The sentence about a bad one holds no secret.
    """
    value: str = env.ENVIRON.get("MAIL_EVENTS", "").strip()
    provider, _colon, secret = value.partition(":")
    password = secret if provider == "mailgun" else secret.partition(":")[2]
    if not value or (provider in MAIL_PROVIDERS and len(password) >= 16 and secret.isascii()):
        return provider, secret
    msg = (
        "The environment variable MAIL_EVENTS cannot be read. Set it to mailgun:signing-key or to "
        "postmark:user:password (or brevo, or ses), with a password of 16 characters or more."
    )
    raise ImproperlyConfigured(msg)


def email(default: str | None) -> dict[str, Any]:
    """Django's EMAIL_ settings out of one URL.

    `smtp+tls://user:password@host:587`, `smtp+ssl://…:465`, `smtp://host`, `filemail:///a/folder`
    (one file a mail) or `memorymail://` (for tests).
    """
    example = "smtp+tls://user:password@mail.example.org:587"
    config: dict[str, Any] = _read("EMAIL_URL", env.email_url, example, default)
    if not config.get("EMAIL_BACKEND"):
        msg = (
            "The environment variable EMAIL_URL cannot be read. "
            f"Set it to something like {example}."
        )
        raise ImproperlyConfigured(msg)
    # The reader leaves out the first slash of the folder.
    folder = config["EMAIL_FILE_PATH"]
    return {
        "backend": config["EMAIL_BACKEND"],
        "host": config["EMAIL_HOST"] or "",
        "port": config["EMAIL_PORT"] or 25,
        "user": config["EMAIL_HOST_USER"] or "",
        "password": config["EMAIL_HOST_PASSWORD"] or "",
        "tls": config.get("EMAIL_USE_TLS", False),
        "ssl": config.get("EMAIL_USE_SSL", False),
        "folder": f"/{folder}" if folder else "",
    }
