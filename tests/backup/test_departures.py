"""Who left after a backup has left again once it is restored, and hears nothing of it."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from participants import do_not_invite, inviting
from participants.models import ConsentAnswer, DoNotInvite, Enrolment, Invitation, User
from scheduling import housekeeping
from scheduling.models import Prompt, Rhythm
from scheduling.services import decline, leave
from tests.backup.asking import backup, every_row, restore
from tests.backup.conftest import Place
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db(transaction=True)

Withdrawal = Enrolment.Withdrawal
LATER = MONDAY + timedelta(days=1)
AFTER_A_DAY = LATER + timedelta(days=2)


def listed() -> str:
    said = StringIO()
    call_command("departures", stdout=said)
    return said.getvalue()


@pytest.fixture
def repeat(tmp_path: Path) -> Callable[[str], str]:
    def repeat(text: str) -> str:
        said = StringIO()
        (tmp_path / "departures.csv").write_text(text)
        call_command("departures", "--repeat", str(tmp_path / "departures.csv"), stdout=said)
        return said.getvalue()

    return repeat


def of(code: str) -> dict[str, object]:
    names = ("status", "withdrawal", "withdrawn_at", "withdrawal_since", "erasure_requested_at")
    return Enrolment.objects.values(*names, "erased_at", "user").get(code=code)


def test_those_who_left_since_leave_again_on_the_same_day(
    elsewhere: Place, tmp_path: Path, repeat: Callable[[str], str]
) -> None:
    study = StudyFactory(slug="calm")
    gone = enrolled(study=study, user__email="gone@hidden.example")
    kept = enrolled(study=study, user__email="kept@hidden.example")
    stays = enrolled(study=study, user__email="stays@hidden.example")
    asked = invited(study=study, user__email="no@hidden.example", invited_at=MONDAY)
    mistaken = invited(study=study, user__email="mistaken@hidden.example", invited_at=MONDAY)
    backup(tmp_path / "kept")
    leave(enrolment=gone, level=Withdrawal.ERASURE, reason="Because of Ann", now=LATER)
    housekeeping.tidy(now=AFTER_A_DAY)
    leave(enrolment=kept, level=Withdrawal.TRAINING, reason="", now=LATER)
    no = do_not_invite.mark("no@hidden.example")
    inviting.decline(enrolment=asked, mark=no, now=LATER)
    inviting.take_back(enrolment=mistaken, now=LATER)
    newcomer = enrolled(study=study, now=LATER)
    leave(enrolment=newcomer, level=Withdrawal.EVERYTHING, reason="", now=LATER)
    left = [gone.code, kept.code, asked.code, mistaken.code, stays.code]
    expected = [of(code) for code in left]
    told = listed()
    with elsewhere.here():
        restore(tmp_path / "kept")
        assert places_of("gone@hidden") != []
        assert repeat(told) == "5 done again. 1 joined after the backup, and are not in it.\n"
        assert [of(code) for code in left] == expected
        assert places_of("gone@hidden", "no@hidden", "mistaken@hidden") == []
        assert do_not_invite.among(["no@hidden.example"]) == {"no@hidden.example"}
        assert not ConsentAnswer.objects.filter(enrolment=gone.pk).exists()
        assert not Rhythm.objects.filter(enrolment=gone.pk).exists()
        assert (
            User.objects.filter(email__in=["kept@hidden.example", "stays@hidden.example"]).count()
            == 2
        )
        due = Prompt.objects.filter(state="planned").exclude(enrolment=stays.pk)
        assert set(due.values_list("enrolment__code", "kind")) <= {(kept.code, "consent_copy")}
        assert listed().splitlines()[1:] == [
            line for line in told.splitlines()[1:] if newcomer.code not in line
        ]
        before = every_row()
        assert repeat(told).startswith("0 done again.")
        assert every_row() == before


def test_deletion_that_was_granted_is_done_again_whatever_day_the_study_has_now(
    elsewhere: Place, repeat: Callable[[str], str]
) -> None:
    person = enrolled(study__deletion_cutoff=MONDAY.date())
    told = repeat(f"how,who,at,erased_at\nerasure,{person.code},{AFTER_A_DAY.isoformat()},\n")
    assert told.startswith("1 done again.")
    assert of(person.code)["erasure_requested_at"] == AFTER_A_DAY
    assert not ConsentAnswer.objects.filter(enrolment=person).exists()


def test_who_never_agreed_has_said_so_again_and_holds_nobody_back(
    elsewhere: Place, tmp_path: Path, repeat: Callable[[str], str]
) -> None:
    """Also after the study's last day for deletion, which is for what people agreed to."""
    study = StudyFactory(deletion_cutoff=MONDAY.date())
    ann = EnrolmentFactory(study=study, user__email="ann@hidden.example", agreed=False)
    Invitation.objects.create(enrolment=ann, invited_at=MONDAY, joined_at=MONDAY)
    bob = enrolled(study=study)
    backup(tmp_path / "kept")
    assert decline(enrolment=ann, mark=do_not_invite.mark("ann@hidden.example"), now=AFTER_A_DAY)
    leave(enrolment=bob, level=Withdrawal.EVERYTHING, reason="", now=AFTER_A_DAY)
    told, rows = listed(), (of(ann.code), of(bob.code), said_no())
    assert told.splitlines()[1].startswith(f"disowned,{ann.code},")
    with elsewhere.here():
        restore(tmp_path / "kept")
        assert repeat(told).startswith("3 done again.")
        assert (of(ann.code), of(bob.code), said_no()) == rows
        assert places_of("ann@hidden") == []
        assert repeat(told).startswith("0 done again.")


def test_every_list_since_the_backup_is_repeated(elsewhere: Place, tmp_path: Path) -> None:
    """Also where the newest is of an empty database, made in the hour in which all was lost."""
    people = [enrolled(), enrolled()]
    lists = [tmp_path / f"departures-{number}.csv" for number in range(3)]
    backup(tmp_path / "kept")
    for person, path in zip(people, lists, strict=False):
        leave(enrolment=person, level=Withdrawal.EVERYTHING, reason="", now=LATER)
        path.write_text(listed())
    lists[2].write_text("how,who,at,erased_at\n")
    said = StringIO()
    with elsewhere.here():
        restore(tmp_path / "kept")
        call_command("departures", "--repeat", *map(str, lists), stdout=said)
        assert said.getvalue().startswith("2 done again. 0 joined")
        assert {of(each.code)["withdrawal"] for each in people} == {"everything"}


def said_no() -> tuple[list[object], list[object]]:
    return list(Invitation.objects.values_list("disowned_at")), list(
        DoNotInvite.objects.values_list("digest", "at")
    )


def test_list_names_nobody(elsewhere: Place) -> None:
    person = enrolled(user__email="ann@hidden.example")
    leave(enrolment=person, level=Withdrawal.EVERYTHING, reason="Ann is tired", now=LATER)
    told = listed()
    assert told.splitlines() == [
        "how,who,at,erased_at", f"everything,{person.code},{LATER.isoformat()},"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is no list of departures"),
        ("code,when\n", "This is no list of departures"),
        ("how,who,at,erased_at\nerasure,{code},2026-01-06T09:00:00+00:00,\nerasure,{code},soon,\n",
         "Line 3 of the list cannot be read"),
        ("how,who,at,erased_at\nerasure,{code},2026-01-06T09:00:00,\n", "Line 2"),
        ("how,who,at,erased_at\nfled,{code},2026-01-06T09:00:00+00:00,\n", "Line 2"),
        ("how,who,at,erased_at\nerasure\n", "Line 2"),
    ],
)  # fmt: skip
def test_list_that_cannot_be_read_changes_nothing(
    elsewhere: Place, repeat: Callable[[str], str], text: str, sentence: str
) -> None:
    person = enrolled()
    before = every_row()
    with pytest.raises(CommandError, match=sentence):
        repeat(text.format(code=person.code))
    assert every_row() == before


def test_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("departures", "--repeat", str(tmp_path / "nothing.csv"))
