"""What no form would send: refused with a sentence, or made harmless, and never shifted silently."""

import inspect
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from email import message_from_bytes

import pytest
from django.core.exceptions import ValidationError

from scheduling import calendar, delivery, preview, rehearsal, services, timetable
from scheduling.models import Kind, Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.scheduling.lives import at, row, sessions, tick

NAIVE = datetime(2026, 1, 5, 9)  # noqa: DTZ001
_MODULES = (services, preview, rehearsal)


def _taking_a_moment() -> list[Callable[..., object]]:
    """Every public function of these modules that takes `now` or `at`."""
    found = [
        function
        for module in _MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and {"now", "at"} & set(inspect.signature(function).parameters)
    ]
    return [each for each in found if each.__module__.startswith("scheduling")]


@pytest.mark.parametrize("function", _taking_a_moment(), ids=lambda each: each.__qualname__)
def test_a_moment_without_a_time_zone_is_refused(function: Callable[..., object]) -> None:
    moment = {"now", "at"} & set(inspect.signature(function).parameters)
    others = set(inspect.signature(function).parameters) - moment
    with pytest.raises(ValueError, match="says no time zone, so it is no instant"):
        function(**dict.fromkeys(others), **dict.fromkeys(moment, NAIVE))


def test_these_are_all_that_take_a_moment() -> None:
    """So that the list above does not shrink unseen."""
    assert {each.__name__ for each in _taking_a_moment()} >= {
        *("choose_day", "change_day", "another_week", "pause", "resume", "leave"),
        *("write_now", "send_again", "stop_mail", "restart_mail", "write_wording"),
        *("of_choosing", "of_changing_day", "of_another_week", "of_pausing", "of_resuming"),
        "lines",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("weekday", [-1, 0, 8])
def test_a_weekday_that_is_none_is_refused_and_changes_nothing(weekday: int) -> None:
    ann = enrolled()
    before = sessions(ann)
    day = {"weekday": weekday, "local_time": time(19), "zone": "Europe/London", "now": MONDAY}
    with pytest.raises(ValidationError):
        services.change_day(enrolment=ann, **day)
    with pytest.raises(ValueError, match="is no day of the week"):
        preview.of_changing_day(enrolment=ann, **day)
    assert (sessions(ann), Rhythm.objects.get().weekday) == (before, 4)


@pytest.mark.django_db
@pytest.mark.parametrize("local_time", [time(19, 0, 1), time(19, 0, 0, 1)])
def test_a_time_to_the_second_is_refused(local_time: time) -> None:
    with pytest.raises(ValidationError, match="whole minutes"):
        services.choose_day(
            enrolment=EnrolmentFactory(), weekday=4, local_time=local_time, zone="UTC", now=MONDAY
        )
    assert not Prompt.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "Europe/", "europe\0"])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        services.choose_day(
            enrolment=EnrolmentFactory(), weekday=4, local_time=time(19), zone=zone, now=MONDAY
        )
    assert not timetable.is_known(zone)


@pytest.mark.django_db
class TestAZoneThatIsNoMore:
    """As if the rules of today had lost a name that was good when it was chosen."""

    @pytest.fixture
    def ann(self, mailoutbox):
        person = enrolled()
        tick(MONDAY)
        mailoutbox.clear()
        Rhythm.objects.update(zone="Europe/Gone")
        Prompt.objects.planned().update(zone="Europe/Gone")
        return person

    def test_what_is_planned_goes_at_the_instants_it_had(self, ann, mailoutbox) -> None:
        tick(at("2026-01-08 19:00"))
        assert [each.subject for each in mailoutbox] == ["Your Thursday session"]

    def test_mail_that_is_due_at_once_goes_by_the_studys_clock(self, ann, mailoutbox) -> None:
        services.write_now(enrolment=ann, kind=Kind.CONSENT_COPY, now=MONDAY)
        assert row(ann, "consent_copy").zone == "Europe/London"
        Study.objects.update(default_zone="Europe/Gone")
        ann.study.refresh_from_db()
        services.write_now(enrolment=ann, kind=Kind.CONSENT_COPY, now=MONDAY)
        assert row(ann, "consent_copy", copy=1).zone == "UTC"

    def test_a_change_that_needs_the_zone_changes_nothing(self, ann) -> None:
        before = list(Prompt.objects.order_by("pk").values())
        with pytest.raises(KeyError):
            services.pause(enrolment=ann, until=date(2026, 2, 1), now=MONDAY)
        assert list(Prompt.objects.order_by("pk").values()) == before
        assert Rhythm.objects.get().paused_until is None

    def test_another_one_can_be_chosen(self, ann) -> None:
        services.change_day(
            enrolment=ann, weekday=4, local_time=time(19), zone="Asia/Kolkata", now=MONDAY
        )
        assert sessions(ann)[0] == "1 Thu 08 Jan 13:30"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line_break", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x1c"]
)
def test_a_line_break_in_a_studys_name_begins_no_header(line_break: str, mail_over_smtp) -> None:
    ann = enrolled()
    name = f"A name{line_break}Bcc: all@example.org{line_break}{line_break}Body"
    Study.objects.update(neutral_name=name)
    assert delivery.run(clock=lambda: at("2026-01-08 19:00")).sent == 2
    for received in mail_over_smtp.received:
        assert received.rcpt_tos == [ann.user.email]
        parsed = message_from_bytes(bytes(received.message))
        assert parsed.get_all("Bcc") is None
        assert len(parsed.get_all("From")) == len(parsed.get_all("Subject")) == 1
    ann.study.refresh_from_db()
    lines = calendar.dates_ics(ann).split("\r\n")
    assert not any(each.startswith("Bcc") for each in lines)


def test_an_instant_far_from_utc_is_the_same_instant() -> None:
    """What is refused is a missing zone, not another one."""
    tokyo = datetime.fromisoformat("2026-01-05T18:00+09:00")
    first = timetable.first_date(weekday=1, time=time(9), zone="UTC", now=tokyo)
    assert first == date(2026, 1, 12)
    assert tokyo == datetime(2026, 1, 5, 9, tzinfo=UTC)
