"""Starting with a missing or malformed variable: one sentence that names it, and no traceback."""

import os
import socket
import subprocess
import sys
from time import monotonic

import psycopg2
import pytest
from django.conf import settings

from training_platform import environment

WELL = {
    "SECRET_KEY": "long-and-secret" * 4,
    "SITE_URL": "https://training.example.ac.uk",
    "DATABASE_URL": "postgres://user:password@localhost/training",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
}


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **WELL, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_start_with_everything_set_is_well():
    started = start()

    assert (started.returncode, started.stderr) == (0, "")


@pytest.mark.parametrize(("query", "seconds"), [("", 5), ("?connect_timeout=2", 2)])
def test_postgresql_that_does_not_answer_is_waited_for_a_few_seconds(query, seconds, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes calls, and says nothing
        url = f"postgres://user:password@127.0.0.1:{silent.getsockname()[1]}/training{query}"
        monkeypatch.setitem(environment.env.ENVIRON, "DATABASE_URL", url)
        options = environment.database(None)["OPTIONS"]
        assert int(options["connect_timeout"]) == seconds

        began = monotonic()
        with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
            psycopg2.connect(url.partition("?")[0], **options)
        assert monotonic() - began < seconds + 2


def test_postgresql_that_vanishes_without_a_word_is_found_out(monkeypatch):
    """By the operating system, which asks after it: not in the two hours that it would wait."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://user:password@127.0.0.1:{silent.getsockname()[1]}/training"
        monkeypatch.setitem(environment.env.ENVIRON, "DATABASE_URL", url)
        options = environment.database(None)["OPTIONS"]
        line = psycopg2.connect(url, async_=1, **options)
        with socket.socket(fileno=os.dup(line.fileno())) as ours:
            names = "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"
            found = [ours.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
            assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        line.close()
    assert found == [10, 5, 3, 25_000]


def test_postgresql_compiles_no_query_unless_the_address_says_so(monkeypatch):
    for url, options in [("", "-c jit=off"), ("?options=-c%20jit%3Don", "-c jit=on")]:
        monkeypatch.setitem(environment.env.ENVIRON, "DATABASE_URL", f"postgres://u:p@h/name{url}")
        assert environment.database(None)["OPTIONS"]["options"] == options


@pytest.mark.parametrize("name", WELL)
@pytest.mark.parametrize("value", [None, "", " "])
def test_start_without_a_variable_names_it(name, value):
    started = start(**{name: value})

    assert started.returncode == 1
    assert started.stderr.startswith(f"The environment variable {name} is not set. Set it to ")
    assert "Traceback" not in started.stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "perhaps", "DEBUG is “perhaps”. Set it to true or false."),
        ("STAFF_MFA", "never", "STAFF_MFA is “never”. Choose one of: required, offered."),
        ("TRUSTED_PROXIES", "two", "TRUSTED_PROXIES cannot be read. Set it to something like 1."),
        (
            "SITE_URL",
            "training.example.ac.uk",
            "SITE_URL is “training.example.ac.uk”. "
            "Set it to the address people use, like https://training.example.ac.uk.",
        ),
        (
            "DATABASE_URL",
            "mysql://localhost/training",
            "DATABASE_URL names no database known here. "
            "Try postgres://user:password@localhost/training.",
        ),
        (
            "MEDIA_ACCEL",
            "/srv/training/media",
            "MEDIA_ACCEL is “/srv/training/media”. Set it to the path of nginx's internal "
            "location, like /protected/, or leave it out.",
        ),
        (
            "EMAIL_URL",
            "pigeon://roof",
            "EMAIL_URL cannot be read. "
            "Set it to something like smtp+tls://user:password@mail.example.org:587.",
        ),
    ],
)
def test_start_with_a_malformed_variable_says_what_to_set(name, value, sentence):
    started = start(**{name: value})

    assert started.returncode == 1
    assert started.stderr.strip() == f"The environment variable {sentence}"


@pytest.mark.parametrize(
    "value",
    [
        "postmark",
        "postmark:",
        "postmark:reports",
        "postmark:reports:short",
        "mailgun:short",
        "mailgun:a-key-that-is-lóng-enough",
        "sendgrid:reports:a-long-and-secret-password",
        "a-long-and-secret-password",
    ],
)
def test_start_with_malformed_mail_events_says_what_to_set_and_no_secret(value):
    started = start(MAIL_EVENTS=value)

    assert started.returncode == 1
    assert started.stderr.strip() == (
        "The environment variable MAIL_EVENTS cannot be read. Set it to mailgun:signing-key or to "
        "postmark:user:password (or brevo, or ses), with a password of 16 characters or more."
    )


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", ("", "")),
        (" mailgun:0123456789abcdef ", ("mailgun", "0123456789abcdef")),
        ("ses:reports:with:colons:in:it", ("ses", "reports:with:colons:in:it")),
    ],
)
def test_mail_events_name_who_reports_and_the_secret(value, read, monkeypatch):
    monkeypatch.setitem(environment.env.ENVIRON, "MAIL_EVENTS", value)
    assert environment.mail_events() == read


def test_start_of_the_demonstration_needs_no_variable_but_demo():
    started = start(**dict.fromkeys(WELL), DEMO="true")

    assert (started.returncode, started.stderr) == (0, "")


def said(expression: str, **changes: str) -> str:
    """What a platform so started has in its settings."""
    ended = subprocess.run(
        [sys.executable, "-c", f"from training_platform import settings; print({expression})"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **WELL, **changes},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.strip()


@pytest.mark.parametrize(
    ("changes", "hosts"),
    [
        ({}, ["training.example.ac.uk"]),
        ({"ALLOWED_HOSTS": "a.example.org, b.example.org"}, ["a.example.org", "b.example.org"]),
        (
            {"DEBUG": "true"},
            ["training.example.ac.uk", "localhost", "127.0.0.1", "[::1]"],
        ),
    ],
)
def test_this_machines_own_names_are_answered_to_in_development_alone(changes, hosts):
    assert said("settings.ALLOWED_HOSTS", **changes) == str(hosts)


def test_what_a_database_url_says_counts_before_our_own(monkeypatch):
    url = "postgres://user:password@localhost/training"
    monkeypatch.setitem(environment.env.ENVIRON, "DATABASE_URL", url)
    assert environment.database(None)["OPTIONS"]["options"] == "-c jit=off"
    monkeypatch.setitem(environment.env.ENVIRON, "DATABASE_URL", f"{url}?options=-c%20jit%3Don")
    assert environment.database(None)["OPTIONS"]["options"] == "-c jit=on"


def test_what_is_set_to_nothing_is_not_set():
    names = ["ALLOWED_HOSTS", "DEBUG", "EMAIL_FROM", "MEDIA_ROOT", "STAFF_MFA", "TRUSTED_PROXIES"]
    what = "[getattr(settings, name) for name in %s]" % names  # noqa: UP031

    assert said(what, **dict.fromkeys(names, "")) == said(what)
