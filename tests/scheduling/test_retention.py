"""The last day that a study keeps what names its people, and what is left after it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from participants.measures import summary
from participants.models import ConsentSignature, Enrolment, User
from participants.services import finish_session
from scheduling import housekeeping, services
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.participants import UserFactory, invited
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import told
from tests.scheduling.refusals import refuse
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

ANN = "ann@example.org"
LAST_DAY = date(2026, 6, 30)
# Midnight in London, in summer.
OVER = datetime(2026, 6, 30, 23, tzinfo=UTC)


@pytest.fixture
def study() -> Study:
    return StudyFactory(retention_until=LAST_DAY, deletion_cutoff=date(2026, 3, 1))


@pytest.fixture
def ann(study: Study) -> Enrolment:
    return enrolled(study=study, user__email=ANN)


def still_here(person: Enrolment) -> bool:
    return Enrolment.objects.get(pk=person.pk).erased_at is None


def test_after_the_last_day_nobody_can_tell_whose_data_it_is(ann: Enrolment) -> None:
    first = ann.sessions.in_order()[0]
    finish_session(session=first, now=first.opens_at)
    before = summary(ann.study)
    housekeeping.tidy(now=OVER - timedelta(seconds=1))
    assert still_here(ann)

    housekeeping.tidy(now=OVER)

    assert places_of(ANN) == []
    assert not ConsentSignature.objects.exists()
    kept = Enrolment.objects.get()
    assert (kept.user, kept.erased_at, kept.status) == (None, OVER, "active")
    assert kept.consent_answers.count() == 5
    assert kept.sessions.filter(finished_at=first.opens_at).count() == 1
    assert summary(ann.study) == before
    assert kept.link_version > ann.link_version


def test_day_ends_by_the_studys_own_calendar(ann: Enrolment) -> None:
    Study.objects.update(default_zone="America/New_York")
    assert housekeeping.end_retention(now=OVER + timedelta(hours=4, minutes=59)) == 0
    assert housekeeping.end_retention(now=OVER + timedelta(hours=5)) == 1

    enrolled(study=ann.study, now=OVER)
    Study.objects.update(default_zone="Pacific/Auckland")
    assert housekeeping.end_retention(now=datetime(2026, 6, 30, 12, tzinfo=UTC)) == 1


def test_what_was_planned_for_them_is_not_sent(ann: Enrolment) -> None:
    late = enrolled(study=ann.study, now=OVER - timedelta(days=1))
    housekeeping.end_retention(now=OVER)

    mails = late.prompts.filter(kind="session")
    assert {told(each) for each in mails} == {"cancelled no_address"}
    assert not Prompt.objects.filter(enrolment=late, state="planned").exists()


def test_whoever_left_goes_too_and_who_asked_for_deletion_is_told_first(study: Study) -> None:
    left, deleted = enrolled(study=study), enrolled(study=study)
    Study.objects.update(deletion_cutoff=LAST_DAY)
    services.leave(enrolment=left, level="everything", reason="words", now=MONDAY)
    services.leave(enrolment=deleted, level="erasure", reason="", now=OVER - timedelta(minutes=1))

    housekeeping.end_retention(now=OVER)

    assert (still_here(left), still_here(deleted)) == (False, True)
    assert Enrolment.objects.get(pk=left.pk).withdrawal_reason == ""
    housekeeping.tidy(now=OVER + timedelta(days=1))
    assert not still_here(deleted)


def test_account_needed_elsewhere_stays(ann: Enrolment) -> None:
    enrolled(user=ann.user)
    researcher = enrolled(
        study=ann.study, user=UserFactory(email="r@example.org", researcher_of=ann.study)
    )
    assert housekeeping.end_retention(now=OVER) == 2

    assert set(User.objects.values_list("email", flat=True)) == {ANN, "r@example.org"}
    assert (still_here(ann), still_here(researcher)) == (False, False)


def test_other_studies_and_those_who_are_only_invited_are_left_alone(ann: Enrolment) -> None:
    other = enrolled()
    asked = invited(study=ann.study, invited_at=OVER)
    assert housekeeping.end_retention(now=OVER) == 1

    assert still_here(other)
    assert still_here(asked)


def test_nobody_joins_a_study_on_its_last_day_or_after(study: Study) -> None:
    for day, joins in ((29, True), (30, False)):
        assert study.is_recruiting(datetime(2026, 6, day, 12, tzinfo=UTC)) is joins


def test_the_last_day_on_which_nobody_joins_is_the_studys_own(study: Study) -> None:
    Study.objects.update(default_zone="Pacific/Auckland")
    evening = datetime(2026, 6, 29, 20, tzinfo=UTC)
    assert not study.is_recruiting(evening)
    assert study.is_recruiting(evening - timedelta(days=1))


def test_many_go_a_part_at_a_time(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("_BATCH", 3), ("_TOGETHER", 2)):
        monkeypatch.setattr(housekeeping, name, number)
    for _each in range(4):
        enrolled(study=study)

    assert [housekeeping.end_retention(now=OVER) for _turn in range(3)] == [3, 1, 0]


def test_one_who_cannot_be_erased_does_not_hold_up_the_other_batches(
    study: Study, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(housekeeping, "_TOGETHER", 1)
    ann, _ben = enrolled(study=study), enrolled(study=study)
    refuse(f"OLD.id = {ann.pk} AND NEW.erased_at IS NOT NULL", model="participants.Enrolment")

    assert housekeeping.end_retention(now=OVER) == 1
    assert caplog.messages == ["ending retention failed: IntegrityError"]
