"""What the list of people offers to be narrowed by. The narrowing itself: `narrowing`."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Count, Subquery
from django.utils.translation import gettext as _

from courses.models import Module
from monitoring.access import Rights
from monitoring.people import narrowing
from monitoring.people.narrowing import LOST_DAYS, NO_ARM, People
from monitoring.people.outcomes import Outcome
from participants.models import Enrolment
from scheduling.models import Kind
from scheduling.models.rhythm import Weekday
from studies.models import Study

Choices = list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """`choices` are values, as they stand in the address, and words. `narrow` is given all that is
    chosen, by name: two filters may be of one mail.
    """

    name: str
    label: str
    choices: Choices
    narrow: Callable[[People, Mapping[str, str]], People]

    def offers(self, value: str) -> bool:
        return any(value == offered for offered, _words in self.choices)


@dataclass(frozen=True, kw_only=True)
class There:
    """What a study's people have between them. `arms` is key to name, empty without the right."""

    sources: list[str]
    arms: dict[str, str]
    weeks: int
    tests: int
    others: int


def what_is_there(study: Study, held: Rights) -> There:
    """In one query."""
    weeks = Module.objects.filter(edition=study.edition_id).order_by("-week").values("week")[:1]
    columns = ["source", "is_test", *(["arm__key", "arm__name"] if held.arm else [])]
    people = Enrolment.objects.filter(study=study).order_by()
    rows = list(people.values(*columns, weeks=Subquery(weeks)).annotate(people=Count("*")))
    tests = Counter[bool]()
    for row in rows:
        tests[row["is_test"]] += row["people"]
    arms = {row["arm__key"]: row["arm__name"] for row in rows if row.get("arm__key")}
    return There(
        sources=sorted({row["source"] for row in rows} - {""}),
        arms=dict(sorted(arms.items())),
        weeks=max((row["weeks"] or 0 for row in rows), default=0),
        tests=tests[True],
        others=tests[False],
    )


def filters_for(study: Study, held: Rights, there: There, *, now: datetime) -> list[Filter]:
    """Those that this study and these rights have a use for."""
    weeks = [(str(week), str(week)) for week in range(1, there.weeks + 1)]
    days = [(str(day.value), str(day.label)) for day in Weekday]
    by_status = partial(narrowing.by_status, study=study, now=now)
    by_week = partial(narrowing.by_week, now=now)
    return [
        _filter("status", _("Status"), statuses(), by_status),
        _filter("needs", _("Attention"), needs(), narrowing.by_need),
        _filter("week", _("Week now"), weeks, by_week),
        _filter("day", _("Weekday"), days, narrowing.by_weekday),
        *_of_mails(study, now),
        *_of_these_people(held, there),
        _tests(),
    ]


def _filter(
    name: str, label: str, choices: Choices, narrow: Callable[[People, str], People]
) -> Filter:
    def narrowed(people: People, chosen: Mapping[str, str]) -> People:
        return narrow(people, chosen[name])

    return Filter(name=name, label=label, choices=choices, narrow=narrowed)


def _of_mails(study: Study, now: datetime) -> list[Filter]:
    """Of this week's; both are of one and the same mail."""
    kinds = [(str(kind.value), str(kind.label)) for kind in Kind]
    outcomes = [(str(each.value), str(each.label)) for each in Outcome]
    narrow = partial(narrowing.by_mail, study=study, now=now)

    def by_kind(people: People, chosen: Mapping[str, str]) -> People:
        return people if "became" in chosen else narrow(people, chosen)

    return [
        Filter(name="mail", label=_("Mail of this week"), choices=kinds, narrow=by_kind),
        Filter(name="became", label=_("This week’s mail is"), choices=outcomes, narrow=narrow),
    ]


def _of_these_people(held: Rights, there: There) -> list[Filter]:
    found = []
    if held.arm and there.arms:
        arms = [*there.arms.items(), (NO_ARM, _("None recorded"))]
        found.append(_filter("arm", _("Arm"), arms, narrowing.by_arm))
    if there.sources:
        sources = [(each, each) for each in there.sources]
        found.append(_filter("source", _("Source"), sources, narrowing.by_source))
    return found


def _tests() -> Filter:
    choices = [
        (narrowing.WITHOUT, _("Left out")),
        (narrowing.WITH, _("Shown too")),
        (narrowing.ONLY, _("Shown alone")),
    ]
    return _filter("test", _("Test people"), choices, narrowing.by_being_a_test)


def statuses() -> Choices:
    return [
        ("invited", _("Invited")),
        ("unjoined", _("Did not join")),
        ("joining", _("Joining")),
        ("active", _("Taking part")),
        ("paused", _("In a break")),
        ("mail-off", _("Emails off")),
        ("completed", _("Took part in all weeks")),
        ("lost", _("Lost: %(days)d days without use") % {"days": LOST_DAYS}),
        ("anew", _("Has not agreed to the version in force")),
        ("withdrawn", _("Withdrawn, at any level")),
        ("withdrawn-training", _("Withdrawn from the training")),
        ("withdrawn-everything", _("Withdrawn, data kept")),
        ("withdrawn-erasure", _("Withdrawn with deletion")),
    ]


def needs() -> Choices:
    return [
        ("any", _("Anybody who needs it")),
        ("unconfirmed", _("Unconfirmed mail")),
        ("not-sent", _("Mail not sent")),
        ("address", _("Emails come back")),
    ]
