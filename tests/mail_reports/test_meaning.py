"""What a report means: which mail and whose address it is about, and which it is never about."""

from datetime import time, timedelta

import pytest
import time_machine

from participants.accounts import change_address
from participants.models import Enrolment, User
from scheduling import bounces, services
from scheduling.models import Prompt, Rhythm
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.mail_reports.payloads import amazon, amazon_complaint, brevo, mailgun, postmark
from tests.mail_reports.people import HEARD, REPORTS, THURSDAY, has_bounced, marked, sent_to
from tests.scheduling.lives import at, row, tick, told

pytestmark = pytest.mark.django_db


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

    reported_by("postmark").post(postmark(prompt.message_id, "ann@example.org"))

    assert marked() == []


def test_report_of_a_mail_from_before_the_person_said_that_it_works_marks_nothing(
    reported_by, prompt
) -> None:
    """Bounces come hours later, and two mails of one day come back one after the other."""
    bounces.works_again(user=prompt.enrolment.user, now=THURSDAY + timedelta(minutes=30))

    reported_by("mailgun").post(mailgun(prompt.message_id, "ann@example.org"))

    assert (has_bounced(prompt), marked()) == (True, [])


def test_report_of_a_mail_from_after_it_marks_the_address_anew(reported_by, prompt) -> None:
    bounces.works_again(user=prompt.enrolment.user, now=THURSDAY - timedelta(minutes=30))

    reported_by("mailgun").post(mailgun(prompt.message_id, "ann@example.org"))

    assert marked() == ["ann@example.org"]


OTHERS = {
    "brevo": lambda: brevo("<other@testserver>", "ann@example.org"),
    "brevo, marked by others": lambda: brevo(
        "", "ann@example.org", **{"X-Mailin-custom": '{"letter": "spring"}'}
    ),
    "mailgun": lambda: mailgun("<other@testserver>", "ann@example.org"),
    "postmark": lambda: postmark("", "ann@example.org", Subject="Your code"),
    "ses": lambda: amazon("<other@testserver>", "ann@example.org"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_mail_that_is_no_prompt_is_passed_by(case, reported_by, prompt, logged) -> None:
    """A sign-in code that came back, or what else goes out by the same account there."""
    answer = reported_by(case.partition(",")[0]).post(OTHERS[case]())

    assert answer.status_code == 200
    assert (has_bounced(prompt), marked()) == (False, [])
    assert logged == ["a mail report (bounced) fits no mail of ours"]


OTHER_COMPLAINTS = {
    "brevo": lambda: brevo("<other@testserver>", "ann@example.org", event="spam"),
    "mailgun": lambda: mailgun("<other@testserver>", "ann@example.org", event="complained"),
    "postmark": lambda: postmark(
        "", "ann@example.org", RecordType="SpamComplaint", Type="SpamComplaint", TypeCode=512
    ),
    "ses": lambda: amazon_complaint("<other@testserver>", "ann@example.org"),
    "ses, without headers": lambda: amazon_complaint("", "ann@example.org"),
}


@pytest.mark.parametrize("case", OTHER_COMPLAINTS)
def test_complaint_about_what_is_no_prompt_stops_nothing(case, reported_by, prompt) -> None:
    answer = reported_by(case.partition(",")[0]).post(OTHER_COMPLAINTS[case]())

    prompt.refresh_from_db()
    assert (answer.status_code, prompt.complained_at) == (200, None)
    assert Rhythm.objects.get().mail_off_since is None


def test_amazons_report_without_headers_is_about_no_mail_and_the_log_says_what_to_do(
    reported_by, prompt, logged
) -> None:
    assert reported_by("ses").post(amazon("", "ann@example.org")).status_code == 200

    assert (has_bounced(prompt), marked()) == (False, [])
    assert logged == [
        "Amazon SES names no mail: tell it to include the original headers",
        "a mail report (bounced) fits no mail of ours",
    ]


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
    """Also when it is the person's own again, since they moved away and back."""
    for address in ("ann@new.example", "ann@example.org"):
        change_address(user=User.objects.get(), email=address, now=HEARD)
    assert User.objects.get().email == "ann@example.org"

    reported_by("ses").post(amazon_complaint(prompt.message_id, "ann@example.org"))

    assert Rhythm.objects.get().mail_off_since is None


def test_complaint_before_a_day_is_chosen_stops_the_mails_that_it_brings(
    reported_by, mailoutbox
) -> None:
    ann = EnrolmentFactory(user=UserFactory(email="ann@example.org"))
    copy = services.write_now(enrolment=ann, kind="consent_copy", now=THURSDAY)
    tick(THURSDAY)
    assert told(copy) == "sent"
    report = amazon_complaint(copy.message_id, "ann@example.org")
    assert reported_by("ses").post(report).status_code == 200

    services.choose_day(
        enrolment=ann,
        weekday=3,
        local_time=time(19),
        zone="Europe/London",
        now=HEARD + timedelta(hours=1),
    )

    assert Rhythm.objects.get().mail_off_since == HEARD


def test_nobody_else_begins_with_mails_off(reported_by, prompt) -> None:
    reported_by("ses").post(amazon_complaint(prompt.message_id, "ann@example.org"))
    enrolled(user=UserFactory(email="bob@example.org"), study=prompt.enrolment.study)
    assert list(Rhythm.objects.order_by("pk").values_list("mail_off_since", flat=True)) == [
        HEARD,
        None,
    ]
