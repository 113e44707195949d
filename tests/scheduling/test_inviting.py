"""Being invited: one mail, one reminder, and then nothing more."""

import re
from datetime import timedelta
from typing import Any

import pytest

from participants import do_not_invite
from participants.inviting import CannotInvite, Invitee
from participants.models import DoNotInvite, Enrolment, User
from scheduling import bounces, links, services
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.scheduling.lives import DAY, at, live, row, tick, told
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

MARK = do_not_invite.mark("ann@example.org")
A_WEEK_ON = MONDAY + 7 * DAY


def invite(*addresses: str, study: Study | None = None, now=MONDAY) -> list[Enrolment]:
    people = [Invitee(address=each) for each in addresses]
    return services.invite(study=study or StudyFactory(), invitees=people, by=None, now=now)


@pytest.fixture
def ann(db: None) -> Enrolment:
    return invite("ann@example.org")[0]


def subjects(mailoutbox) -> list[str]:
    return [each.subject for each in mailoutbox]


def agreed(person: Enrolment, now) -> None:
    """As `participants.joining.agree` leaves them, who were invited."""
    Enrolment.objects.filter(pk=person.pk).update(status="joining", consented_at=now)


def text_of(mail) -> str:
    return " ".join(mail.text().split())


def test_who_is_invited_gets_the_mail_at_once_and_one_reminder_a_week_on(ann, mailoutbox) -> None:
    live(MONDAY, MONDAY + 29 * DAY)
    assert subjects(mailoutbox) == [
        "An invitation: Weekly session",
        "Your invitation: Weekly session",
    ]
    assert row(ann, "invitation").sent_at == MONDAY + timedelta(minutes=1)
    assert row(ann, "reminder").sent_at - row(ann, "invitation").sent_at == 7 * DAY


def test_who_does_not_answer_in_thirty_days_is_forgotten(ann, mailoutbox) -> None:
    live(MONDAY, MONDAY + 30 * DAY)
    ann.refresh_from_db()
    assert (ann.status, ann.user, ann.invitation.ending) == ("unjoined", None, "unanswered")
    assert not User.objects.filter(email="ann@example.org").exists()
    assert not DoNotInvite.objects.exists()
    assert len(mailoutbox) == 2


def test_the_mail_says_who_gave_the_address_and_that_it_can_be_ignored(
    mail_over_smtp: SmtpSink,
) -> None:
    (ann,) = invite("ann@example.org")
    tick(MONDAY)
    (mail,) = mail_over_smtp.received
    said = text_of(mail)
    assert "The research team of University of Testing gave us your address" in said
    assert "You can ignore this email." in said
    assert "This is not me, or please do not invite me." in said
    assert links.decline_url(ann) in said
    assert links.go_url(row(ann, "invitation")) in said
    assert "IF YOU ARE NOT SAFE" in said
    assert "Unsubscribe" not in said
    assert "/emails/stop/" not in mail.text("html")


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_a_mail_program_declines_in_one_click(mail_over_smtp: SmtpSink, kind: str) -> None:
    (ann,) = invite("ann@example.org")
    live(MONDAY, A_WEEK_ON)
    mail = mail_over_smtp.received[["invitation", "reminder"].index(kind)].message
    assert mail["List-Unsubscribe"] == f"<{links.decline_url(ann)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_service_speaks_of_no_research(mail_over_smtp: SmtpSink) -> None:
    invite("ann@example.org", study=ServiceFactory())
    tick(MONDAY)
    said = text_of(mail_over_smtp.received[0])
    assert "The team of University of Testing gave us your address" in said
    assert "research" not in said.lower()


def test_two_who_are_invited_never_see_each_others_links(mail_over_smtp: SmtpSink) -> None:
    people = invite("ann@example.org", "bob@example.org")
    tick(MONDAY)
    for person in people:
        (mail,) = mail_over_smtp.to(person.user.email)
        found = set(re.findall(r"/(?:go|emails/decline)/[^/\s]+/", mail.text()))
        assert found == {
            f"/go/{links.token_for(row(person, 'invitation'))}/",
            f"/emails/decline/{links.decline_token_for(person)}/",
        }


def test_who_declines_hears_no_more_and_is_remembered_without_an_address(ann, mailoutbox) -> None:
    tick(MONDAY)
    assert services.decline(enrolment=ann, mark=MARK, now=MONDAY + DAY)
    live(MONDAY + DAY, MONDAY + 40 * DAY)
    assert subjects(mailoutbox) == ["An invitation: Weekly session"]
    assert told(row(ann, "reminder")) == "cancelled invitation_over"
    assert not User.objects.filter(email="ann@example.org").exists()
    assert DoNotInvite.objects.count() == 1


def test_who_declined_is_invited_by_no_study_again(ann) -> None:
    services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    with pytest.raises(CannotInvite) as refused:
        invite("Ann@Example.org", study=StudyFactory())
    assert list(refused.value.refused) == ["ann@example.org"]
    assert not Prompt.objects.planned().exists()


def test_a_no_stops_what_another_study_had_planned(ann, mailoutbox) -> None:
    [other] = invite("ann@example.org", study=StudyFactory())
    tick(MONDAY)
    assert services.decline(enrolment=ann, mark=MARK, now=MONDAY + DAY)
    live(MONDAY + DAY, MONDAY + 40 * DAY)
    assert subjects(mailoutbox) == ["An invitation: Weekly session"] * 2
    assert told(row(other, "reminder")) == "cancelled invitation_over"
    other.refresh_from_db()
    assert (other.status, other.user) == ("unjoined", None)


def test_a_no_that_was_said_while_a_list_was_saved_stops_its_mails(ann, mailoutbox) -> None:
    do_not_invite.remember(mark=do_not_invite.mark("ann@example.org"), now=MONDAY)
    live(MONDAY, A_WEEK_ON)
    assert mailoutbox == []
    assert told(row(ann, "invitation")) == "skipped invitation_over"


def test_holder_of_a_former_address_speaks_for_that_alone(ann) -> None:
    User.objects.filter(pk=ann.user_id).update(email="new@example.org")
    assert not services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    ann.refresh_from_db()
    assert ann.status == "invited"
    both = ["ann@example.org", "new@example.org"]
    assert do_not_invite.among(both) == {"ann@example.org"}


def test_declined_twice_it_is_done_once(ann) -> None:
    assert services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    assert not services.decline(enrolment=ann, mark=MARK, now=MONDAY + DAY)
    assert DoNotInvite.objects.get().at == MONDAY


def test_what_was_declined_before_it_went_does_not_go(ann, mailoutbox) -> None:
    services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    live(MONDAY, A_WEEK_ON)
    assert mailoutbox == []
    assert told(row(ann, "invitation")) == "cancelled invitation_over"


def test_an_invitation_taken_back_ends_and_may_be_made_again(ann, mailoutbox) -> None:
    assert services.take_back(enrolment=ann, now=MONDAY)
    ann.refresh_from_db()
    assert ann.invitation.ending == "withdrawn_by_staff"
    invite("ann@example.org", study=ann.study, now=MONDAY + DAY)
    tick(MONDAY + DAY)
    assert subjects(mailoutbox) == ["An invitation: Weekly session"]


def test_who_joined_is_not_reminded(ann, mailoutbox) -> None:
    tick(MONDAY)
    agreed(ann, MONDAY + DAY)
    live(MONDAY + DAY, A_WEEK_ON)
    assert subjects(mailoutbox) == ["An invitation: Weekly session"]
    assert told(row(ann, "reminder")) == "skipped joined"


def test_who_joined_before_the_mail_went_needs_none(ann, mailoutbox) -> None:
    agreed(ann, MONDAY)
    tick(MONDAY)
    assert told(row(ann, "invitation")) == "skipped joined"


@pytest.mark.parametrize(
    "kind", ["welcome", "session", "nudge", "farewell", "consent_copy", "withdrawal", "elsewhere"]
)
def test_nothing_else_goes_to_who_has_agreed_to_nothing(ann, mailoutbox, kind: str) -> None:
    services.write_now(enrolment=ann, kind=kind, now=MONDAY)
    tick(MONDAY)
    assert subjects(mailoutbox) == ["An invitation: Weekly session"]
    assert told(row(ann, kind)) == "skipped not_joined"


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_nobody_is_asked_into_a_study_that_has_closed(ann, mailoutbox, state: str) -> None:
    Study.objects.update(state=state)
    tick(MONDAY)
    assert mailoutbox == []
    assert told(row(ann, "invitation")) == "skipped study_closed"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"recruiting_until": A_WEEK_ON - timedelta(minutes=1)}, "study_closed"),
        ({"capacity": 0}, "study_full"),
        (
            {"retention_until": A_WEEK_ON.date(), "deletion_cutoff": A_WEEK_ON.date()},
            "study_closed",
        ),
        ({"state": "closed", "capacity": 0}, "study_closed"),
    ],
)
def test_nobody_is_reminded_who_could_not_join(
    ann, mailoutbox, changed: dict[str, Any], reason: str
) -> None:
    tick(MONDAY)
    Study.objects.update(**changed)
    tick(A_WEEK_ON + timedelta(minutes=1))
    assert subjects(mailoutbox) == ["An invitation: Weekly session"]
    assert told(row(ann, "reminder")) == f"skipped {reason}"


def test_an_invitation_may_go_two_weeks_late_and_then_is_missed(ann, mailoutbox) -> None:
    (bob,) = invite("bob@example.org", study=ann.study, now=MONDAY + timedelta(hours=2))
    late = MONDAY + 14 * DAY + timedelta(hours=1)
    tick(late)
    assert told(row(ann, "invitation")) == "missed too_late"
    assert told(row(bob, "invitation")) == "sent"


def test_a_reminder_keeps_a_week_from_an_invitation_that_went_late(ann, mailoutbox) -> None:
    tick(MONDAY + 6 * DAY)
    live(MONDAY + 6 * DAY, MONDAY + 12 * DAY)
    assert len(mailoutbox) == 1
    live(MONDAY + 13 * DAY, MONDAY + 29 * DAY)
    assert len(mailoutbox) == 2
    assert row(ann, "reminder").sent_at.date() == (MONDAY + 13 * DAY).date()


def test_a_reminder_is_two_days_late_at_most(ann) -> None:
    tick(MONDAY)
    tick(A_WEEK_ON + 2 * DAY + timedelta(minutes=1))
    assert told(row(ann, "reminder")) == "missed too_late"


def test_there_is_no_reminder_of_an_invitation_that_did_not_go(mail_over_smtp: SmtpSink) -> None:
    mail_over_smtp.answer("RCPT", "550 5.7.1 Not today", times=1)
    (ann,) = invite("ann@example.org")
    live(MONDAY, A_WEEK_ON)
    assert told(row(ann, "invitation")) == "failed mail_refused"
    assert told(row(ann, "reminder")) == "skipped no_invitation"


def test_there_is_no_reminder_where_the_address_does_not_exist(mail_over_smtp: SmtpSink) -> None:
    mail_over_smtp.answer("RCPT", "550 5.1.1 Nobody here")
    (ann,) = invite("ann@example.org")
    live(MONDAY, A_WEEK_ON)
    assert told(row(ann, "reminder")) == "skipped no_invitation"
    assert mail_over_smtp.received == []


def test_there_is_a_reminder_of_one_that_went_when_it_was_sent_again(
    mail_over_smtp: SmtpSink,
) -> None:
    mail_over_smtp.answer("RCPT", "550 5.7.1 Not today", times=1)
    (ann,) = invite("ann@example.org")
    tick(MONDAY)
    services.send_again(prompt=row(ann, "invitation"), now=MONDAY + DAY)
    live(MONDAY + DAY, MONDAY + 12 * DAY)
    assert told(row(ann, "reminder")) == "sent"
    assert len(mail_over_smtp.received) == 2


def test_there_is_no_reminder_of_one_that_came_back(ann, mailoutbox) -> None:
    tick(MONDAY)
    bounces.bounced(
        prompt=row(ann, "invitation"), recipient="ann@example.org", is_dead=False, now=MONDAY + DAY
    )
    live(MONDAY + DAY, A_WEEK_ON)
    assert told(row(ann, "reminder")) == "skipped no_invitation"


def test_who_calls_an_invitation_spam_has_declined_it(ann, mailoutbox) -> None:
    tick(MONDAY)
    bounces.complained(prompt=row(ann, "invitation"), recipient="ann@example.org", now=MONDAY + DAY)
    ann.refresh_from_db()
    assert (ann.status, ann.invitation.ending) == ("unjoined", "declined")
    assert DoNotInvite.objects.count() == 1


def test_someone_it_was_passed_on_to_declines_nothing_by_calling_it_spam(ann, mailoutbox) -> None:
    tick(MONDAY)
    bounces.complained(prompt=row(ann, "invitation"), recipient="bob@example.org", now=MONDAY)
    ann.refresh_from_db()
    assert ann.status == "invited"


def test_who_takes_part_elsewhere_keeps_their_account_when_they_decline(mailoutbox) -> None:
    from tests.factories.scheduling import enrolled

    other = enrolled(user__email="ann@example.org")
    (ann,) = invite("ann@example.org")
    services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    other.refresh_from_db()
    assert other.user.email == "ann@example.org"


def test_nobody_is_invited_unless_all_can_be(mailoutbox) -> None:
    study = StudyFactory()
    invite("ann@example.org", study=study)
    with pytest.raises(CannotInvite):
        invite("bob@example.org", "ann@example.org", study=study)
    assert Enrolment.objects.count() == 1
    assert Prompt.objects.count() == 2


def test_who_invited_is_kept() -> None:
    by = UserFactory()
    study = StudyFactory()
    person = Invitee(address="ann@example.org")
    (ann,) = services.invite(study=study, invitees=[person], by=by, now=MONDAY)
    assert ann.invitation.invited_by == by


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        invite("ann@example.org", now=at("2026-01-05 09:00").replace(tzinfo=None))
