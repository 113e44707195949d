"""The door that reports come in by: who is let in, and what is never said of what they bring."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from scheduling.hooks import marks
from scheduling.hooks.providers import PROVIDERS
from scheduling.hooks.views import LONGEST
from scheduling.models import Prompt
from tests.factories.scheduling import PromptFactory
from tests.mail_reports.payloads import (
    AT,
    KEY,
    LOGIN,
    Amazon,
    Mailgun,
    Sender,
    amazon,
    mailgun,
    postmark,
    signed,
    sns,
)
from tests.mail_reports.people import REPORTS, has_bounced, marked, sent_to
from tests.scheduling.refusals import refuse
from training_platform.environment import MAIL_PROVIDERS

pytestmark = pytest.mark.django_db

SIGNED = datetime.fromtimestamp(AT, UTC)


# Who may report


@pytest.mark.parametrize("provider", [*REPORTS, "sendgrid", "anything", "mailgun/tracking"])
def test_where_nobody_reports_there_is_no_such_address(provider, client) -> None:
    for method in ("get", "post", "head", "put", "delete", "options"):
        answer = getattr(client, method)(f"/hooks/mail/{provider}/")
        assert answer.status_code == 404


def test_only_the_one_that_was_named_may_report(reported_by, prompt, settings) -> None:
    reported_by("postmark")
    mine = mailgun(prompt.message_id, "ann@example.org")

    assert Mailgun().post(mine).status_code == 404
    assert Amazon().post(amazon(prompt.message_id, "ann@example.org")).status_code == 404
    assert not has_bounced(prompt)


@pytest.mark.parametrize("provider", REPORTS)
@pytest.mark.parametrize("secret", ["reports:wrong", "", "a-long-and-secret-password", None])
def test_stranger_is_refused_and_nothing_is_written(
    provider, secret, reported_by, prompt, logged
) -> None:
    reported_by(provider)
    stranger = {
        "mailgun": lambda: Mailgun(secret or "none"),
        "ses": lambda: Amazon(secret),
    }.get(provider, lambda: Sender(provider, secret))()

    answer = stranger.post(REPORTS[provider](prompt.message_id, "ann@example.org"))

    assert answer.status_code in {400, 401}
    assert (has_bounced(prompt), marked(), answer.cookies) == (False, [], {})
    assert "example.org" not in "\n".join(logged)
    assert answer.content == b""


def test_amazon_is_asked_for_its_password(reported_by) -> None:
    reported_by("ses")
    answer = Amazon(None).post(amazon("<1@testserver>", "ann@example.org"))
    assert (answer.status_code, answer["WWW-Authenticate"][:6]) == (401, "Basic ")


def test_mailguns_signature_of_another_moment_does_not_fit(reported_by, prompt) -> None:
    report = mailgun(prompt.message_id, "ann@example.org")
    sender = reported_by("mailgun")
    for changed in ({"timestamp": "1767901301"}, {"token": "0" * 50}, {"signature": "0" * 64}):
        answer = Sender("mailgun", None).post({**report, "signature": {**signed(KEY), **changed}})
        assert answer.status_code == 400
    assert not has_bounced(prompt)
    assert sender.post(report).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_reports_are_posted(method, reported_by, client) -> None:
    reported_by("postmark")
    answer = getattr(client, method)("/hooks/mail/postmark/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_reports_need_no_cookie_and_leave_none(reported_by, prompt) -> None:
    answer = reported_by("postmark").post(postmark(prompt.message_id, "ann@example.org"))
    assert (answer.status_code, answer.cookies) == (200, {})


@pytest.mark.parametrize(
    ("hours", "status"), [(11, 200), (13, 400), (24 * 400, 400), (-11, 200), (-13, 400)]
)
def test_mailguns_signature_serves_as_long_as_it_repeats_a_report(
    hours, status, reported_by, prompt
) -> None:
    sender = reported_by("mailgun")
    with time_machine.travel(SIGNED + timedelta(hours=hours), tick=False):
        answer = sender.post(mailgun(prompt.message_id, "ann@example.org"))
    assert (answer.status_code, has_bounced(prompt)) == (status, status == 200)


# What is no report


BAD = {
    "empty": b"",
    "no JSON": b"ann@example.org",
    "a list": b'["ann@example.org"]',
    "a number": b"7",
    "null": b"null",
    "no event": b'{"email": "ann@example.org"}',
    "deep": b"[" * 100_000,
    "no UTF-8": b'{"email": "ann\xff@example.org"}',
    "wrong kinds": b'{"RecordType": {"a": 1}, "event": ["ann@example.org"], "event-data": 1}',
    "bad times": b'{"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": "ann@example.org",'
    b' "event": "hard_bounce", "ts_epoch": "ann@example.org"}',
}


@pytest.mark.parametrize("provider", REPORTS)
@pytest.mark.parametrize("bad", BAD)
def test_nonsense_is_refused_or_passed_by_and_not_repeated_in_the_log(
    provider, bad, reported_by, prompt, logged
) -> None:
    reported_by(provider)
    sender = Sender(provider, LOGIN)

    answer = sender.post(BAD[bad])

    assert answer.status_code in {200, 400}
    assert (has_bounced(prompt), marked()) == (False, [])
    assert "example.org" not in "\n".join(logged)


@pytest.mark.parametrize(
    "message",
    ["ann@example.org", "[]", "7", json.dumps({"notificationType": "Bounce", "bounce": {}})],
)
def test_nonsense_inside_amazons_envelope_is_not_repeated_either(
    message, reported_by, logged
) -> None:
    answer = reported_by("ses").post(sns({}, Message=message))
    assert answer.status_code == 400
    assert "example.org" not in "\n".join(logged)


def test_report_that_is_too_long_is_not_read(reported_by, prompt) -> None:
    report = postmark(prompt.message_id, "ann@example.org", Content="x" * LONGEST)
    assert reported_by("postmark").post(report).status_code == 413
    assert not has_bounced(prompt)


def test_report_in_the_form_of_years_ago_is_refused(reported_by) -> None:
    reported_by("mailgun")
    answer = Client().post("/hooks/mail/mailgun/", {"event": "bounced"})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("length", "status"),
    [("abc", 400), ("12a", 400), ("-1", 400), ("\u00b2", 400), ("9" * 30, 400), ("9" * 18, 413)],
)
def test_length_that_is_none_is_refused(length, status, reported_by) -> None:
    sender = reported_by("postmark")
    answer = sender.client.post(
        sender.path, b"{}", content_type="application/json", CONTENT_LENGTH=length
    )
    assert (answer.status_code, answer.content) == (status, b"")


def test_report_that_our_database_refuses_is_to_be_tried_again(reported_by, prompt, logged) -> None:
    refuse("NEW.bounced_at IS NOT NULL", model="scheduling.Prompt")

    answer = reported_by("postmark").post(postmark(prompt.message_id, "ann@example.org"))

    assert answer.status_code == 500
    assert any(line.startswith("a report of postmark was not recorded: ") for line in logged)
    assert "example.org" not in "\n".join(logged)


# What the log says


@pytest.mark.parametrize("provider", REPORTS)
def test_log_says_which_prompt_and_never_whose(provider, reported_by, prompt, logged) -> None:
    sender = reported_by(provider)
    report = REPORTS[provider](prompt.message_id, "ann@example.org")

    sender.post(report)
    sender.post(report)

    assert logged == [
        f"prompt {prompt.pk}: a mail report (bounced)",
        f"prompt {prompt.pk}: a mail report (bounced), which was known",
    ]


def test_amazon_asks_once_and_a_person_answers(reported_by, logged) -> None:
    address = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
    asked = sns({}, Type="SubscriptionConfirmation", Token="2336412f37", SubscribeURL=address)

    assert reported_by("ses").post(asked).status_code == 200

    assert logged == [f"Amazon SNS asks whether to report here. To agree, open {address}"]


@pytest.mark.parametrize(
    "address",
    [
        "https://sns.eu-west-1.amazonaws.com.evil.example/?Token=1",
        "http://sns.eu-west-1.amazonaws.com/?Token=1",
        "https://evil.example/sns.eu-west-1.amazonaws.com",
        None,
    ],
)
def test_nobody_else_is_answered(address, reported_by, logged) -> None:
    asked = sns({}, Type="SubscriptionConfirmation", Token="1", SubscribeURL=address)
    assert reported_by("ses").post(asked).status_code == 200
    assert logged == []


# What a mail carries for it


@pytest.mark.parametrize(
    ("provider", "name", "value"),
    [
        ("postmark", "X-PM-Metadata-prompt", "{}"),
        ("brevo", "X-Mailin-custom", '{{"prompt": "{}"}}'),
    ],
)
def test_mail_by_a_provider_that_names_it_otherwise_carries_its_name(
    provider, name, value, reported_by, mailoutbox
) -> None:
    reported_by(provider)
    prompt = sent_to()
    letter = mailoutbox[-1].message()
    assert letter[name] == value.format(prompt.message_id)


@pytest.mark.parametrize("provider", ["", "mailgun", "ses"])
def test_all_other_mail_carries_nothing_more(provider, settings, mailoutbox) -> None:
    settings.MAIL_EVENTS_FROM = provider
    sent_to()
    assert [name for name in mailoutbox[-1].message() if name.startswith("X-")] == []


def test_name_that_postmark_would_not_take_is_left_out(settings) -> None:
    settings.MAIL_EVENTS_FROM = "postmark"
    assert marks.header_for(f"<{'x' * 79}>") == {}


def test_every_provider_has_its_door_and_no_other(settings) -> None:
    assert set(PROVIDERS) == MAIL_PROVIDERS == set(REPORTS)


def test_row_is_found_by_its_message_id_without_reading_all(prompt) -> None:
    """SQLite, for small studies, reads them all: it cannot use the index of a part for this."""
    if connection.vendor == "postgresql":
        send_as_well(prompt, 500)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE scheduling_prompt")
        found = Prompt.objects.filter(message_id__in=["<1@testserver>"], state__in=["sent"])
        assert "prompt_message_id" in found.explain()


def send_as_well(prompt: Prompt, count: int) -> None:
    """So many that it matters by which way one is found; each comes to its state as every row."""
    Prompt.objects.bulk_create(
        PromptFactory.build(
            enrolment=prompt.enrolment,
            kind=prompt.kind,
            occurrence=100 + number,
            message_id=f"<{number}@testserver>",
        )
        for number in range(count)
    )
    made = Prompt.objects.filter(occurrence__gte=100)
    made.update(state="sending", sending_since=prompt.due_at, wording=prompt.wording)
    made.update(state="sent", sending_since=None, sent_at=prompt.due_at)
