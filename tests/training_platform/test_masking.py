import logging
import logging.config
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client

from participants import do_not_invite
from scheduling import links
from tests.factories.scheduling import enrolled
from training_platform.masking import MaskingFormatter, masked


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /go/eyJwIjo3fQ:1abc:sig/ 200", "GET /go/***/ 200"),
        ("POST /emails/stop/abc.def-ghi/", "POST /emails/stop/***/"),
        ("POST /emails/decline/abc.def-ghi/", "POST /emails/decline/***/"),
        (
            '"Referer: https://a.example/go/abc/again/"',
            '"Referer: https://a.example/go/***/again/"',
        ),
        ("Not Found: /GO/abc/", "Not Found: /GO/***/"),
        ("Not Found: /Emails/STOP/abc", "Not Found: /Emails/STOP/***"),
        ("GET /%67o/abc/ 200", "GET /%67o/***/ 200"),
        ("GET /g%6F/abc/ 200", "GET /g%6F/***/ 200"),
        ("GET /%47%4f/abc/", "GET /%47%4f/***/"),
        ("GET /%65mails/%73top/abc/", "GET /%65mails/%73top/***/"),
        ("GET //go//abc/", "GET //go//***/"),
        ("GET /go%2Fabc%2Fagain", "GET /go%2F***%2Fagain"),
        ("?next=%2fgo%2fabc%2f&from=x", "?next=%2fgo%2f***%2f&from=x"),
        ("GET /go/abc?from=mail", "GET /go/***?from=mail"),
        ("Resolver404: {'path': 'GO/abc/'}", "Resolver404: {'path': 'GO/***/'}"),
        ("<URLPattern 'go/<str:token>/'>", "<URLPattern 'go/<str:token>/'>"),
        ("/admin/cargo/1/ and /let-go/2/", "/admin/cargo/1/ and /let-go/2/"),
        ("GET /week/1/ 200", "GET /week/1/ 200"),
        ("GET /join/four-weeks/go-on/ 200", "GET /join/four-weeks/go-on/ 200"),
        ("prompt 10 was not taken: DOT 451 4.3.0", "prompt 10 was not taken: DOT 451 4.3.0"),
    ],
)
def test_masked_hides_tokens_and_nothing_else(line, kept):
    assert masked(line) == kept


@pytest.mark.django_db
def test_a_real_token_is_known_by_its_shape_wherever_it_stands():
    ann = enrolled()
    tokens = (
        links.token_for(ann.prompts.first()),
        links.stop_token_for(ann),
        links.decline_token_for(ann),
    )
    for token in tokens:
        signature = token.rpartition(".")[2]
        for line in (
            f"ValueError: {token!r}",
            f"https://elsewhere.example/?u={quote(token)}",
            token,
            token.replace("-", "%2D", 1).replace(".", "%2e"),
        ):
            assert signature not in masked(line)
            assert do_not_invite.mark(ann.user.email) not in masked(line)


@pytest.mark.django_db
def test_a_page_that_is_not_found_is_logged_without_its_token(caplog):
    token = links.token_for(enrolled().prompts.first())
    for address in (f"/GO/{token}/", f"/%67o/{token}x/", f"/go/{token}/more/"):
        Client().get(address)
    assert len(caplog.records) == 3
    formatter = MaskingFormatter()
    for record in caplog.records:
        assert token.rpartition(".")[2] not in formatter.format(record)


def test_what_a_traceback_says_is_masked_too():
    error = LookupError("no such address: /go/secret/")
    record = logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "at %s", ("/go/secret/",), (LookupError, error, None)
    )
    assert (
        MaskingFormatter().format(record) == "at /go/***/\nLookupError: no such address: /go/***/"
    )


@pytest.mark.parametrize("name", ["django.request", "django.server", "gunicorn.error", "gunicorn.access", "celery.task", "scheduling"])  # fmt: skip
def test_every_logger_writes_through_the_mask(name):
    configured = logging.config.DictConfigurator(settings.LOGGING)
    formatter = configured.configure_formatter(dict(settings.LOGGING["formatters"]["plain"]))
    record = logging.LogRecord(
        name, logging.WARNING, __file__, 1, "Error handling request %s", ("/go/secret/",), None
    )
    assert formatter.format(record) == f"WARNING {name}: Error handling request /go/***/"
    assert {each.get("formatter") for each in settings.LOGGING["handlers"].values()} == {"plain"}
    owners = {**settings.LOGGING["loggers"], "": settings.LOGGING["root"]}
    parent = max(
        (each for each in owners if f"{name}.".startswith(f"{each}." if each else "")), key=len
    )
    assert owners[parent]["handlers"] == ["console"]
