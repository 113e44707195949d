"""What each file says of a life that was lived, as docs/definitions.md has it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from participants.models import Enrolment
from scheduling import services
from scheduling.models import Wording
from studies.models import ConsentStatement, ScreeningTally
from tests.factories.participants import (
    EnrolmentFactory,
    InvitationFactory,
    PracticeFactory,
    UserFactory,
    invited,
)
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory
from tests.monitoring_export.world import (
    CUT,
    Lines,
    cut,
    of,
    picked,
    practise,
    tables,
    week_of,
)
from tests.scheduling.lives import at, live

Tables = dict[str, Lines]
HOUR = timedelta(hours=1)


def line_of(person: Enrolment, lines: Lines) -> dict[str, str]:
    [line] = of(person, lines)
    return line


# Everybody


def test_each_person_stands_where_they_stood(lived: SimpleNamespace, tables: Tables) -> None:
    people = tables["enrolments"]

    assert [line_of(person, people)["status"] for person in (lived.ann, lived.ben)] == [
        "active"
    ] * 2
    assert line_of(lived.joining, people)["status"] == "joining"
    assert line_of(lived.invited, people)["status"] == "invited"
    assert picked(line_of(lived.gone, people), "status", "withdrawal") == [
        "withdrawn",
        "everything",
    ]
    assert picked(line_of(lived.left, people), "status", "withdrawal") == ["withdrawn", "training"]


def test_test_people_are_in_no_file_unless_asked_for(lived: SimpleNamespace) -> None:
    without = tables(cut(lived.study))
    everyone = tables(cut(lived.study, with_test=True))

    assert [name for name, lines in without.items() if of_any(lived.tess, lines)] == []
    assert [name for name, lines in everyone.items() if of_any(lived.tess, lines)] == [
        "enrolments",
        "consent",
        "sessions",
        "prompts",
        "changes",
    ]
    assert {line["is_test"] for line in of(lived.tess, everyone["sessions"])} == {"true"}
    assert {line["is_test"] for line in of(lived.ann, everyone["sessions"])} == {"false"}


def of_any(person: Enrolment, lines: Lines) -> Lines:
    return [line for line in lines if line.get("code") == person.code]


def test_people_of_another_study_are_in_no_file(lived: SimpleNamespace) -> None:
    stranger = enrolled(now=MONDAY)
    practise(week_of(stranger, 1), now=at("2026-01-09 09:00"))
    ScreeningTally.objects.create(study=stranger.study, day=MONDAY.date(), count=3)
    live(at("2026-01-19 00:00"), CUT - HOUR)

    found = tables(cut(lived.study))

    assert [name for name, lines in found.items() if of_any(stranger, lines)] == []
    assert [line["screenings"] for line in found["screening"]] == ["5"]


def test_moments_are_in_utc_and_on_the_clock_of_the_study(
    lived: SimpleNamespace, tables: Tables
) -> None:
    line = line_of(lived.gone, tables["enrolments"])

    assert picked(line, "withdrawn_at_utc", "withdrawn_at_local", "zone") == [
        "2026-01-16T09:00:00Z",
        "2026-01-16T09:00:00",
        "Europe/London",
    ]


def test_summer_is_an_hour_ahead_on_the_clock_of_the_study(transactional_db: None) -> None:
    person = enrolled(now=at("2026-07-06 09:00"))

    line = line_of(person, tables(cut(person.study, until=at("2026-07-07 09:00")))["enrolments"])

    assert picked(line, "consented_at_utc", "consented_at_local") == [
        "2026-07-06T09:00:00Z",
        "2026-07-06T10:00:00",
    ]


def test_weeks_are_counted_as_they_are_defined(lived: SimpleNamespace, tables: Tables) -> None:
    names = ("weeks", "weeks_opened", "weeks_took_part", "completed_training")
    people = tables["enrolments"]

    assert picked(line_of(lived.ann, people), *names) == ["4", "1", "1", "false"]
    assert picked(line_of(lived.gone, people), *names) == ["4", "1", "0", "false"]
    assert picked(line_of(lived.invited, people), *names) == ["", "", "", ""]


def test_whoever_took_part_in_every_week_has_completed(transactional_db: None) -> None:
    person = enrolled(now=MONDAY)
    for week in range(1, 5):
        opened = week_of(person, week).opens_at + HOUR
        assert practise(week_of(person, week), now=opened)

    line = line_of(person, tables(cut(person.study, until=opened + HOUR))["enrolments"])
    before = line_of(person, tables(cut(person.study, until=opened - HOUR))["enrolments"])

    assert picked(line, "weeks_took_part", "completed_training") == ["4", "true"]
    assert picked(before, "weeks_took_part", "completed_training") == ["3", "false"]


def test_last_use_is_the_last_thing_done_in_any_week(
    lived: SimpleNamespace, tables: Tables
) -> None:
    people = tables["enrolments"]

    assert line_of(lived.ann, people)["last_use_utc"] == "2026-01-09T20:05:00Z"
    assert line_of(lived.gone, people)["last_use_utc"] == "2026-01-10T20:00:00Z"
    assert line_of(lived.left, people)["last_use_utc"] == ""


def test_arms_are_in_no_column_without_the_right(lived: SimpleNamespace) -> None:
    arm = ArmFactory(study=lived.study, key="waiting")
    Enrolment.objects.filter(pk=lived.ann.pk).update(arm=arm, allocated_at=CUT - HOUR)

    without = tables(cut(lived.study))
    seeing = tables(cut(lived.study, with_arm=True))

    assert line_of(lived.ann, seeing["enrolments"])["arm"] == "waiting"
    assert line_of(lived.ben, seeing["enrolments"])["arm"] == ""
    everything = [value for lines in without.values() for line in lines for value in line.values()]
    assert [name for name in without["enrolments"][0] if "arm" in name or "alloc" in name] == []
    assert [value for value in everything if "waiting" in value] == []


def test_whoever_was_put_into_another_arm_later_was_in_the_first(lived: SimpleNamespace) -> None:
    for key, when in [("guided", CUT - HOUR), ("waiting", CUT + HOUR)]:
        arm = ArmFactory(study=lived.study, key=key)
        Enrolment.objects.filter(pk=lived.ann.pk).update(arm=arm, allocated_at=when)
        lived.ann.staff_actions.create(
            study=lived.study, kind="allocate", why="-", at=when, details={"arm": key}
        )

    then = tables(cut(lived.study, with_arm=True))["enrolments"]
    later = tables(cut(lived.study, until=CUT + 2 * HOUR, with_arm=True))["enrolments"]

    assert picked(line_of(lived.ann, then), "arm", "allocated_at_utc") == [
        *("guided", "2026-01-20T11:00:00Z")
    ]
    assert picked(line_of(lived.ann, later), "arm", "allocated_at_utc") == [
        *("waiting", "2026-01-20T13:00:00Z")
    ]


def test_invitation_that_ended_says_how(lived: SimpleNamespace) -> None:
    person = invited(study=lived.study, invited_at=MONDAY)
    ended = CUT - HOUR
    type(person.invitation).objects.filter(enrolment=person).update(
        ended_at=ended, ending="declined"
    )
    Enrolment.objects.filter(pk=person.pk).update(status="unjoined", user=None, erased_at=ended)

    line = line_of(person, tables(cut(lived.study))["enrolments"])

    assert picked(line, "status", "invitation_ending", "consented_at_utc", "edition") == [
        "unjoined",
        "declined",
        "",
        "",
    ]


# What they agreed to, and told


def test_consent_is_told_statement_by_statement(lived: SimpleNamespace, tables: Tables) -> None:
    lines = of(lived.ann, tables["consent"])

    assert [line["statement"] for line in lines] == ["read", "free", "watch", "data", "interview"]
    assert picked(lines[0], "document", "version", "words", "required", "agreed", "method") == [
        "consent",
        "1",
        "I agree to “read”.",
        "true",
        "true",
        "online",
    ]
    assert lines[4]["required"] == "false"


def test_optional_no_is_a_no(lived: SimpleNamespace) -> None:
    statement = ConsentStatement.objects.get(document__study=lived.study, key="interview")
    person = enrolled(study=lived.study, now=MONDAY, agreed=False)
    person.consent_answers.create(statement=statement, agreed=False, answered_at=MONDAY)

    assert line_of(person, tables(cut(lived.study))["consent"])["agreed"] == "false"


def test_consent_taken_elsewhere_says_so_and_not_by_whom(lived: SimpleNamespace) -> None:
    statement = ConsentStatement.objects.get(document__study=lived.study, key="read")
    person = enrolled(study=lived.study, now=MONDAY, agreed=False)
    person.consent_answers.create(
        statement=statement, agreed=True, answered_at=MONDAY, method="elsewhere",
        recorded_by=UserFactory(staff=True), taken_by="Nurse Demo",
    )  # fmt: skip

    found = tables(cut(lived.study))

    assert line_of(person, found["consent"])["method"] == "elsewhere"
    assert [line for line in found["consent"] if "Nurse Demo" in line.values()] == []


def test_consent_taken_elsewhere_is_in_no_cut_before_it_was_entered(
    lived: SimpleNamespace,
) -> None:
    """Its day lies before the cut, and the list with it came after."""
    person = EnrolmentFactory(study=lived.study, consented_at=MONDAY, agreed=False)
    InvitationFactory(enrolment=person, invited_at=CUT + HOUR, joined_at=CUT + HOUR)
    person.consent_answers.create(
        statement=ConsentStatement.objects.get(document__study=lived.study, key="read"),
        agreed=True, answered_at=MONDAY, method="elsewhere",
        recorded_by=UserFactory(staff=True), taken_by="Nurse Demo",
    )  # fmt: skip

    before, after = (
        tables(cut(lived.study, until=until)) for until in (CUT, CUT + timedelta(hours=2))
    )
    assert (of(person, before["consent"]), of(person, before["enrolments"])) == ([], [])
    assert line_of(person, after["consent"])["agreed"] == "true"


def test_own_words_are_not_among_what_people_told(lived: SimpleNamespace, tables: Tables) -> None:
    line = line_of(lived.ann, tables["demographics"])

    assert list(line.values())[1:] == [
        *("false", "answered", "34", "answered", "own_words"),
        *("skipped", "", "declined", ""),
    ]


# Their weeks


def test_week_is_on_the_clock_in_which_its_mail_was_planned(
    lived: SimpleNamespace, tables: Tables
) -> None:
    """Ben lives in Tokyo; the weeks of others lie on theirs."""
    first, second = of(lived.ben, tables["sessions"])

    assert picked(first, "opens_at_utc", "opens_at_local", "zone") == [
        "2026-01-09T10:00:00Z",
        "2026-01-09T19:00:00",
        "Asia/Tokyo",
    ]
    assert second["opens_at_local"] == "2026-01-14T07:00:00"
    assert {line["zone"] for line in of(lived.ann, tables["sessions"])} == {"Europe/London"}


def test_whoever_moves_house_keeps_the_clock_of_then(lived: SimpleNamespace) -> None:
    services.change_day(
        enrolment=lived.ann, weekday=5, local_time=CUT.time(), zone="America/New_York", now=CUT
    )

    assert {line["zone"] for line in of(lived.ann, tables(cut(lived.study))["sessions"])} == {
        "Europe/London"
    }


def test_week_that_is_still_to_come_has_no_line(lived: SimpleNamespace, tables: Tables) -> None:
    assert [line["week"] for line in of(lived.ann, tables["sessions"])] == ["1", "2"]


def test_what_was_opened_taken_part_in_and_finished(lived: SimpleNamespace, tables: Tables) -> None:
    names = ("offered", "opened", "took_part", "finished", "playback_measurable")
    [first, second], [bens, _] = (
        of(lived.ann, tables["sessions"]),
        of(lived.ben, tables["sessions"]),
    )

    assert picked(first, *names) == ["true"] * 5
    assert picked(bens, *names) == ["true", "true", "true", "false", "false"]
    # Its mail came back, and nobody opened it.
    assert picked(second, *names) == ["false"] * 5


def test_dose_counts_repeats_and_coverage_does_not(lived: SimpleNamespace, tables: Tables) -> None:
    first = of(lived.ann, tables["sessions"])[0]

    assert picked(first, "plays", "seconds_played", "seconds_covered") == ["2", "1.0", "0.5"]


def test_unmeasured_is_empty_and_never_nought(lived: SimpleNamespace, tables: Tables) -> None:
    first = of(lived.ben, tables["sessions"])[0]

    assert picked(first, "plays", "seconds_played", "seconds_covered") == ["", "", ""]


def test_playing_and_other_use_is_told_with_its_week_and_material(
    lived: SimpleNamespace, tables: Tables
) -> None:
    play = of(lived.ann, tables["plays"])[0]

    assert picked(play, "edition", "week", "material", "material_kind", "seconds", "speed") == [
        *("1", "1", "video", "video", "0.5", "1.0"),
    ]
    assert [picked(line, "kind", "material") for line in of(lived.ann, tables["engagement"])] == [
        ["opened", ""],
        ["read", "handout"],
    ]
    [practice] = of(lived.ann, tables["practice"])
    assert picked(practice, "activity", "practised_on", "material") == [
        "Listen to the exercise.",
        "2026-01-09",
        "exercise",
    ]


def test_screenings_are_of_whole_days_before_the_cut(tables: Tables) -> None:
    assert [list(line.values()) for line in tables["screening"]] == [
        ["2026-01-05", "poster", "eligible", "", "5"]
    ]


def test_screenings_that_ended_at_a_criterion_name_it(lived: SimpleNamespace) -> None:
    found = tables(cut(lived.study, until=CUT + timedelta(days=1)))["screening"]

    assert picked(found[1], "outcome", "unmet", "screenings") == ["excluded", "adult", "2"]


def test_empty_study_has_files_with_headers_alone(transactional_db: None) -> None:
    from tests.factories.studies import StudyFactory
    from tests.monitoring_export.world import contents

    found = contents(cut(StudyFactory()))

    rows = {name: content.count(b"\r\n") - 1 for name, content in found.items() if "csv" in name}
    assert {name: rows[name] for name in rows if name != "codebook.csv"} == dict.fromkeys(
        [name for name in rows if name != "codebook.csv"], 0
    )
    assert b"nobody has joined" in found["README.txt"]


@pytest.mark.parametrize("activity", ["=1+1", "+44", "-2", "@sum", "\tx", "'quoted'"])
def test_text_that_a_spreadsheet_would_run_is_marked(transactional_db: None, activity: str) -> None:
    person = enrolled(now=MONDAY)
    PracticeFactory(session=week_of(person, 1), activity=activity)

    [line] = tables(cut(person.study))["practice"]

    assert line["activity"] == "'" + activity


def test_numbers_below_nought_are_numbers(lived: SimpleNamespace, tables: Tables) -> None:
    assert of(lived.ben, tables["deviations"])[0]["hours"] == "-60.0"


def test_mail_of_wordings_names_their_version(lived: SimpleNamespace, tables: Tables) -> None:
    newest = Wording.objects.in_use(lived.study.pk, "session").version

    mails = of(lived.ann, tables["prompts"])
    assert [line["wording"] for line in mails if line["kind"] == "session"] == [str(newest)] * 2


def test_several_mails_of_one_person_stay_together(lived: SimpleNamespace, tables: Tables) -> None:
    PromptFactory(enrolment=lived.ann)
    codes = [line["code"] for line in tables["prompts"]]

    assert [code for i, code in enumerate(codes) if code not in codes[:i]] == list(
        dict.fromkeys(codes)
    )
    assert codes == sorted(codes, key=codes.index)
