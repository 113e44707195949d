"""What mail providers report to us, through the door that they use: whose it is, and whose not."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from participants.accounts import change_address
from participants.models import Enrolment, User
from scheduling import services
from scheduling.hooks import marks
from scheduling.hooks.providers import PROVIDERS
from scheduling.hooks.views import LONGEST
from scheduling.models import Prompt, Rhythm
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.scheduling.lives import at, row, tick, told
from tests.scheduling.payloads import (
    KEY,
    LOGIN,
    Amazon,
    Mailgun,
    Sender,
    amazon,
    amazon_complaint,
    brevo,
    mailgun,
    postmark,
    signed,
    sns,
)
from tests.scheduling.refusals import refuse
from training_platform.environment import MAIL_PROVIDERS

pytestmark = pytest.mark.django_db

THURSDAY = at("2026-01-08 19:01")
HEARD = at("2026-01-08 19:45")


@pytest.fixture(autouse=True)
def _later_that_evening():
    with time_machine.travel(HEARD, tick=False):
        yield


@pytest.fixture
def logged() -> Any:
    """Every line of every log, as it would be written: Django's own do not pass on to the root."""
    lines: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Lines(level=logging.DEBUG)
    logs = [logging.getLogger(name) for name in ("", "django", "scheduling")]
    for log in logs:
        log.addHandler(handler)
    logging.getLogger("scheduling").propagate = False
    logging.getLogger("scheduling").setLevel(logging.DEBUG)
    yield lines
    for log in logs:
        log.removeHandler(handler)
    logging.getLogger("scheduling").propagate = True
    logging.getLogger("scheduling").setLevel(logging.NOTSET)


@pytest.fixture
def reported_by(settings) -> Callable[[str], Sender]:
    """`reported_by("postmark")`: from now on that one reports to us."""

    def choose(provider: str) -> Sender:
        settings.MAIL_EVENTS_FROM = provider
        if provider == "mailgun":
            settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
            return Mailgun()
        settings.ANYMAIL = {"WEBHOOK_SECRET": LOGIN}
        return Amazon() if provider == "ses" else Sender(provider, LOGIN)

    return choose


def sent_to(email: str = "ann@example.org") -> Prompt:
    """The first week's mail to someone of that address, sent on Thursday."""
    person = enrolled(user=UserFactory(email=email))
    tick(MONDAY)
    tick(THURSDAY)
    prompt = row(person, "session", 1)
    assert told(prompt) == "sent"
    return prompt


@pytest.fixture
def prompt(mailoutbox) -> Prompt:
    return sent_to()


def marked() -> list[str]:
    return list(User.objects.exclude(address_failed_at=None).values_list("email", flat=True))


def has_bounced(prompt: Prompt) -> bool:
    prompt.refresh_from_db()
    return prompt.bounced_at is not None


REPORTS = {"brevo": brevo, "mailgun": mailgun, "postmark": postmark, "ses": amazon}


# That the address is dead


@pytest.mark.parametrize("provider", REPORTS)
def test_mail_that_came_back_marks_its_row_and_the_address(provider, reported_by, prompt) -> None:
    report = REPORTS[provider](prompt.message_id, "ann@example.org")

    answer = reported_by(provider).post(report)

    assert (answer.status_code, answer.content) == (200, b"")
    prompt.refresh_from_db()
    assert (prompt.state, prompt.bounced_at) == ("sent", HEARD)
    assert list(User.objects.values_list("email", "address_failed_at")) == [
        ("ann@example.org", HEARD)
    ]


def test_what_is_due_for_a_dead_address_stays_here(reported_by, prompt, mailoutbox) -> None:
    reported_by("mailgun").post(mailgun(prompt.message_id, "ann@example.org"))
    went = len(mailoutbox)

    tick(at("2026-01-15 19:01"))

    assert told(row(prompt.enrolment, "session", 2)) == "skipped address_failed"
    assert len(mailoutbox) == went


@pytest.mark.parametrize("provider", REPORTS)
def test_report_told_twice_is_known(provider, reported_by, prompt) -> None:
    sender = reported_by(provider)
    report = REPORTS[provider](prompt.message_id, "ann@example.org")
    sender.post(report)
    User.objects.update(address_failed_at=None)  # their owner has been heard of

    with time_machine.travel(HEARD + timedelta(hours=1), tick=False):
        assert sender.post(report).status_code == 200

    prompt.refresh_from_db()
    assert (prompt.bounced_at, marked()) == (HEARD, [])


def test_mail_that_is_not_settled_was_evidently_sent(reported_by, mailoutbox) -> None:
    prompt = sent_to()
    unsure = row(prompt.enrolment, "session", 2)
    rows = Prompt.objects.filter(pk=unsure.pk)
    rows.update(
        state="sending", sending_since=HEARD, attempted_at=HEARD, message_id="<2@testserver>",
        wording=prompt.wording,
    )  # fmt: skip
    rows.update(state="unconfirmed", sending_since=None, reason="no_answer")

    reported_by("mailgun").post(mailgun("<2@testserver>", "ann@example.org"))

    unsure.refresh_from_db()
    assert (unsure.state, unsure.reason, unsure.sent_at) == ("sent", "", HEARD)
    assert (unsure.bounced_at, unsure.settled_at) == (HEARD, HEARD)


def test_report_that_comes_before_the_senders_own_commit_is_taken(reported_by) -> None:
    person = enrolled(user=UserFactory(email="ann@example.org"))
    tick(MONDAY)
    prompt = row(person, "session", 1)
    wording = row(person, "welcome").wording
    Prompt.objects.filter(pk=prompt.pk).update(
        state="sending", sending_since=HEARD, attempted_at=HEARD, message_id="<1@testserver>",
        wording=wording,
    )  # fmt: skip

    reported_by("mailgun").post(mailgun("<1@testserver>", "ann@example.org"))

    assert (has_bounced(prompt), told(prompt), marked()) == (True, "sent", ["ann@example.org"])


# That it is not


SOFT = {
    "mailgun, for now": ("mailgun", {"severity": "temporary", "reason": "generic"}),
    "mailgun, too old": ("mailgun", {"reason": "old"}),
    "mailgun, delivered": ("mailgun", {"event": "delivered", "severity": None}),
    "mailgun, opened": ("mailgun", {"event": "opened"}),
    "postmark, soft": ("postmark", {"Type": "SoftBounce", "TypeCode": 4096}),
    "postmark, for now": ("postmark", {"Type": "Transient", "TypeCode": 2}),
    "postmark, blocked": ("postmark", {"Type": "Blocked", "TypeCode": 100006}),
    "postmark, away": ("postmark", {"Type": "AutoResponder", "TypeCode": 32}),
    "postmark, unheard of": ("postmark", {"RecordType": "Moonshine"}),
    "brevo, soft": ("brevo", {"event": "soft_bounce"}),
    "brevo, later": ("brevo", {"event": "deferred"}),
    "brevo, blocked": ("brevo", {"event": "blocked"}),
    "ses, soft": ("ses", {"bounceType": "Transient", "bounceSubType": "MailboxFull"}),
    "ses, unknown": ("ses", {"bounceType": "Undetermined"}),
}


@pytest.mark.parametrize("case", SOFT)
def test_trouble_that_may_pass_changes_nothing(case, reported_by, prompt) -> None:
    provider, changes = SOFT[case]
    report = REPORTS[provider](prompt.message_id, "ann@example.org", **changes)

    assert reported_by(provider).post(report).status_code == 200
    assert (has_bounced(prompt), marked()) == (False, [])


@pytest.mark.parametrize(
    "said",
    [
        "5.2.2 The mailbox is full",
        "550-5.7.1 This looks like spam",
        "552 5.3.4 Message too big for system",
        "5.1.8 Sender address rejected: Domain not found",
    ],
)
def test_mail_refused_for_what_it_is_came_back_and_the_address_stays(
    said, reported_by, prompt
) -> None:
    status = {"code": 550, "message": said, "description": ""}
    reported_by("mailgun").post(
        mailgun(prompt.message_id, "ann@example.org", **{"delivery-status": status})
    )

    assert (has_bounced(prompt), marked()) == (True, [])


@pytest.mark.parametrize(
    "said",
    [
        "",
        "550 no such user",
        "550-5.1.1 The email account does not exist",
        "550 #5.1.0 Address rejected.",
        "5.2.1 disabled",
        "550 unknown, said 5.7.1.9 to 10.5.7.1",
    ],
)
def test_mail_refused_for_its_address_marks_it(said, reported_by, prompt) -> None:
    status = {"code": 550, "message": said, "description": ""}
    reported_by("mailgun").post(
        mailgun(prompt.message_id, "ann@example.org", **{"delivery-status": status})
    )

    assert marked() == ["ann@example.org"]


# Whose it is


def test_another_persons_address_is_never_marked(reported_by, prompt) -> None:
    """A mail that was passed on comes back from where it was passed to."""
    UserFactory(email="bob@example.org")

    reported_by("mailgun").post(mailgun(prompt.message_id, "bob@example.org"))

    assert (has_bounced(prompt), marked()) == (True, [])


def test_an_address_is_the_same_in_every_spelling(reported_by, mailoutbox) -> None:
    prompt = sent_to("ann@bücher.example")

    reported_by("mailgun").post(mailgun(prompt.message_id, "Ann@XN--BCHER-KVA.example"))

    assert marked() == ["ann@bücher.example"]


def test_address_given_since_is_not_marked(reported_by, prompt) -> None:
    change_address(user=prompt.enrolment.user, email="ann@new.example", now=HEARD)

    reported_by("postmark").post(postmark(prompt.message_id, "ann@example.org"))

    assert (has_bounced(prompt), marked()) == (True, [])


def test_address_that_was_left_and_taken_by_another_is_not_marked(reported_by, prompt) -> None:
    change_address(user=prompt.enrolment.user, email="ann@new.example", now=HEARD)
    UserFactory(email="ann@example.org")

    for sender, report in (("postmark", postmark), ("ses", amazon)):
        for message_id in (prompt.message_id, ""):
            reported_by(sender).post(report(message_id, "ann@example.org"))

    assert marked() == []


def test_someone_who_signed_in_by_a_code_since_is_reached(reported_by, prompt) -> None:
    User.objects.update(last_login=THURSDAY + timedelta(minutes=30))

    reported_by("mailgun").post(mailgun(prompt.message_id, "ann@example.org"))

    assert (has_bounced(prompt), marked()) == (True, [])


def test_report_without_a_message_id_is_about_the_newest_mail_to_that_address(
    reported_by, prompt
) -> None:
    sent_to("bob@example.org")
    earlier = row(prompt.enrolment, "welcome")

    assert reported_by("ses").post(amazon("", "ann@example.org")).status_code == 200

    assert has_bounced(prompt)
    assert Prompt.objects.exclude(bounced_at=None).count() == 1
    assert (told(earlier), marked()) == ("sent", ["ann@example.org"])


def test_report_without_a_message_id_is_about_no_mail_of_after_it(reported_by, prompt) -> None:
    report = amazon("", "ann@example.org")
    reported_by("ses").post(report)
    User.objects.update(address_failed_at=None)
    tick(at("2026-01-15 19:01"))
    second = row(prompt.enrolment, "session", 2)
    assert told(second) == "sent"

    with time_machine.travel(at("2026-01-15 20:00"), tick=False):
        reported_by("ses").post(report)

    assert (has_bounced(second), marked()) == (False, [])


def test_mail_of_before_the_address_is_not_meant_by_its_name(reported_by, prompt) -> None:
    change_address(user=prompt.enrolment.user, email="ann@new.example", now=HEARD)

    reported_by("ses").post(amazon("", "ann@new.example"))

    assert (has_bounced(prompt), marked()) == (False, [])


def test_mail_that_is_no_prompt_is_passed_by(reported_by, prompt, logged) -> None:
    """A sign-in code that came back has a Message-ID too, and it is not ours."""
    answer = reported_by("mailgun").post(mailgun("<other@testserver>", "ann@example.org"))

    assert answer.status_code == 200
    assert (has_bounced(prompt), marked()) == (False, [])
    assert logged == ["a mail report (bounced) fits no mail of ours"]


def test_report_about_a_stranger_is_passed_by(reported_by, prompt) -> None:
    assert reported_by("ses").post(amazon("", "carol@example.org")).status_code == 200
    assert Prompt.objects.exclude(bounced_at=None).count() == 0


def test_report_about_someone_erased_says_only_that_the_mail_came_back(reported_by, prompt) -> None:
    services.leave(enrolment=prompt.enrolment, level="erasure", reason="", now=HEARD)
    tick(HEARD)
    tick(HEARD)
    assert Enrolment.objects.get().user is None

    answer = reported_by("postmark").post(postmark(prompt.message_id, "ann@example.org"))

    assert (answer.status_code, has_bounced(prompt), User.objects.count()) == (200, True, 0)


# Spam, they say


COMPLAINTS = {
    "brevo": lambda prompt, to: brevo(prompt, to, event="spam"),
    "mailgun": lambda prompt, to: mailgun(prompt, to, event="complained", reason=None),
    "postmark": lambda prompt, to: postmark(
        prompt, to, RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512
    ),
    "ses": amazon_complaint,
}


@pytest.mark.parametrize("provider", COMPLAINTS)
def test_complaint_stops_the_mails_and_withdraws_nobody(provider, reported_by, prompt) -> None:
    report = COMPLAINTS[provider](prompt.message_id, "ann@example.org")

    assert reported_by(provider).post(report).status_code == 200

    prompt.refresh_from_db()
    assert (prompt.complained_at, prompt.bounced_at, marked()) == (HEARD, None, [])
    assert Rhythm.objects.get().mail_off_since == HEARD
    assert Enrolment.objects.get().status == "active"


def test_complaint_told_twice_leaves_mails_on_that_were_switched_on(reported_by, prompt) -> None:
    sender, report = reported_by("ses"), amazon_complaint(prompt.message_id, "ann@example.org")
    sender.post(report)
    services.restart_mail(enrolment=prompt.enrolment, now=HEARD)

    sender.post(report)

    assert Rhythm.objects.get().mail_off_since is None


def test_complaint_of_who_was_passed_the_mail_stops_nothing(reported_by, prompt) -> None:
    reported_by("ses").post(amazon_complaint(prompt.message_id, "bob@example.org"))
    assert Rhythm.objects.get().mail_off_since is None


def test_complaint_from_a_former_address_stops_nothing(reported_by, prompt) -> None:
    change_address(user=prompt.enrolment.user, email="ann@new.example", now=HEARD)
    change_address(user=prompt.enrolment.user, email="ann@example.org", now=HEARD)

    reported_by("ses").post(amazon_complaint(prompt.message_id, "ann@example.org"))

    assert Rhythm.objects.get().mail_off_since is None


def test_complaint_before_a_day_was_chosen_has_nothing_to_stop(reported_by, prompt) -> None:
    Rhythm.objects.all().delete()
    report = amazon_complaint(prompt.message_id, "ann@example.org")
    assert reported_by("ses").post(report).status_code == 200


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
        found = Prompt.objects.filter(message_id__in=["<1@testserver>"], state__in=["sent"])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "prompt_message_id" in found.explain()
