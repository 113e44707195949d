"""Who agreed elsewhere: a first mail that says so, and the day that was agreed with them."""

from datetime import date, time

import pytest
from django.test import Client

from participants import do_not_invite
from participants.inviting import Agreed, CannotInvite, Invitee
from participants.joining import agree_anew
from participants.models import Enrolment, User
from scheduling import consent_copy, links, services
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY
from tests.factories.studies import RESEARCH_STATEMENTS, StudyFactory
from tests.participants.test_joining import YES, newer_form
from tests.scheduling.lives import DAY, live, row, tick, told
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

MARK = do_not_invite.mark("ann@example.org")
ANSWERS = {**dict.fromkeys(RESEARCH_STATEMENTS, True), "interview": False}


def agreed(address: str, **changes) -> Agreed:
    facts = {
        "address": address,
        "agreed_on": date(2026, 1, 2),
        "version": 1,
        "taken_by": "Jo Smith",
        "answers": ANSWERS,
    }
    return Agreed(**(facts | changes))


def enrol(*people: Agreed, study=None) -> list[Enrolment]:
    return services.enrol(
        study=study or StudyFactory(), people=people, by=UserFactory(), now=MONDAY
    )


def test_the_first_mail_says_on_which_day_they_agreed_and_to_what(mailoutbox) -> None:
    (ann,) = enrol(agreed("ann@example.org"))
    live(MONDAY, MONDAY + 30 * DAY)
    (mail,) = mailoutbox
    assert mail.subject == "Welcome to Weekly session: choose your day"
    text = " ".join(mail.body.split())
    assert "You agreed on 2 January 2026 to take part" in text
    assert told(row(ann, "elsewhere")) == "sent"
    assert Prompt.objects.filter(enrolment=ann).count() == 1


def test_the_mail_repeats_each_statement_with_what_they_said(mailoutbox) -> None:
    enrol(agreed("ann@example.org"))
    tick(MONDAY)
    text = " ".join(mailoutbox[0].body.split())
    assert "I agree to “read”." in text
    assert "I agree to “interview”." in text


@pytest.mark.parametrize("study_zone", ["Europe/London", "Pacific/Auckland"])
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_day_is_the_one_that_was_entered_on_whatever_clock(
    mailoutbox, study_zone: str, zone: str
) -> None:
    [ann] = enrol(agreed("ann@example.org"), study=StudyFactory(default_zone=study_zone))
    assert consent_copy.of(ann, zone=zone).when == "2 January 2026"
    Prompt.objects.filter(enrolment=ann).update(zone=zone)
    tick(MONDAY)
    assert "You agreed on 2 January 2026" in " ".join(mailoutbox[0].body.split())


def test_they_are_in_the_study_and_choose_a_day_themselves(mailoutbox) -> None:
    (ann,) = enrol(agreed("ann@example.org", weekday=4, local_time=time(19), zone="Europe/London"))
    assert (ann.status, ann.day_chosen_at) == ("joining", None)
    assert (ann.invitation.weekday, ann.invitation.joined_at) == (4, MONDAY)


def test_who_chose_a_day_before_the_mail_went_is_not_asked_for_one(mailoutbox) -> None:
    [ann] = enrol(agreed("ann@example.org"))
    services.choose_day(
        enrolment=ann, weekday=4, local_time=time(19), zone="Europe/London", now=MONDAY
    )
    tick(MONDAY)
    assert [each.subject for each in mailoutbox] == ["Your dates for Weekly session"]
    assert told(row(ann, "elsewhere")) == "skipped joined"


def test_who_never_agreed_says_so_by_the_first_mail_and_is_forgotten(mailoutbox) -> None:
    [ann] = enrol(agreed("ann@example.org"))
    tick(MONDAY)
    assert links.decline_url(ann) in mailoutbox[0].body
    assert "List-Unsubscribe" not in mailoutbox[0].extra_headers

    page = Client().get(links.decline_url(ann)).content.decode()
    assert "Is this not you?" in page
    assert "This is not me, or I have not agreed" in page
    assert ann.user in User.objects.all()
    Client().post(links.decline_url(ann), {"List-Unsubscribe": "One-Click"})

    ann.refresh_from_db()
    assert (ann.status, ann.withdrawal, ann.user) == ("withdrawn", "erasure", None)
    assert not ann.consent_answers.exists()
    assert ann.invitation.disowned_at is not None
    assert places_of("ann@example.org") == []
    live(MONDAY, MONDAY + 30 * DAY)
    assert len(mailoutbox) == 1
    with pytest.raises(CannotInvite):
        enrol(agreed("ann@example.org"))


def test_who_never_agreed_is_forgotten_after_the_last_day_for_deletion_too() -> None:
    """What nobody agreed to is no result of the study."""
    [ann] = enrol(agreed("ann@example.org"))
    late = MONDAY + 20 * DAY
    Study.objects.update(deletion_cutoff=late.date() - DAY)
    assert services.decline(enrolment=ann, mark=MARK, now=late)
    ann.refresh_from_db()
    assert (ann.withdrawal, ann.user, ann.consent_answers.count()) == ("erasure", None, 0)


def test_page_of_who_never_agreed_stays_the_same_when_they_have_said_so() -> None:
    [ann] = enrol(agreed("ann@example.org"))
    url = links.decline_url(ann)
    before = Client().get(url).content
    Client().post(url, {"List-Unsubscribe": "One-Click"})
    assert Client().get(url).content == before


def test_whoever_reads_a_mail_to_a_mistyped_address_ends_nothing_once_it_is_corrected() -> None:
    [ann] = enrol(agreed("anne@example.org"))
    url = links.decline_url(ann)
    User.objects.filter(pk=ann.user_id).update(email="ann@example.org")
    Client().post(url, {"List-Unsubscribe": "One-Click"})
    ann.refresh_from_db()
    assert (ann.status, ann.user.email) == ("joining", "ann@example.org")
    assert ann.consent_answers.count() == len(ANSWERS)
    assert do_not_invite.among(["anne@example.org", "ann@example.org"]) == {"anne@example.org"}


def test_a_no_counts_under_a_key_that_was_changed_since(settings) -> None:
    [ann] = enrol(agreed("ann@example.org"))
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    settings.SECRET_KEY_FALLBACKS = [former]
    assert services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    ann.refresh_from_db()
    assert ann.user is None


def test_who_agreed_anew_is_not_taken_out_by_whoever_was_passed_the_first_mail() -> None:
    [ann] = enrol(agreed("ann@example.org"))
    form = newer_form(ann.study, anew=True)
    agree_anew(enrolment=ann, document=form, answers=YES, typed_name="Demo Person", now=MONDAY)
    assert not services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    ann.refresh_from_db()
    assert (ann.status, ann.user.email) == ("joining", "ann@example.org")


def test_who_chose_a_day_is_not_taken_out_by_whoever_was_passed_the_first_mail() -> None:
    [ann] = enrol(agreed("ann@example.org"))
    services.choose_day(
        enrolment=ann, weekday=4, local_time=time(19), zone="Europe/London", now=MONDAY
    )
    assert not services.decline(enrolment=ann, mark=MARK, now=MONDAY)
    ann.refresh_from_db()
    assert ann.status == "active"


def test_nobody_is_enrolled_nor_written_to_unless_all_can_be(mailoutbox) -> None:
    study = StudyFactory()
    refusing = agreed("bob@example.org", answers={**ANSWERS, "read": False})
    with pytest.raises(CannotInvite):
        enrol(agreed("ann@example.org"), refusing, study=study)
    assert not Enrolment.objects.exists()
    assert not Prompt.objects.exists()


def test_how_far_a_list_is_grows_to_the_whole_with_its_last_mail() -> None:
    said: list[int] = []
    people = [Invitee(address=f"p{number}@example.org") for number in range(2500)]
    services.invite(study=StudyFactory(), invitees=people, by=None, now=MONDAY, said=said.append)
    assert said == [500, 1000, 1250, 1750, 2250, 2500]
