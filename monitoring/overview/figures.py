"""What the overview counts. Test people are in none of it.

Nothing here reads what was played, read or practised: a week says itself whether it was opened and
taken part in, so the size of that history does not matter.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Subquery
from django.utils.translation import gettext as _

from monitoring.access import Rights
from monitoring.people import this_week
from monitoring.people.narrowing import LOST_DAYS, attention
from monitoring.people.this_week import Mails
from participants import measures
from participants.agreeing_anew import asked_anew, asks_anew
from participants.measures import ArmSummary, Summary, Week
from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from scheduling.models import Prompt
from scheduling.models.prompt import PromptQuerySet
from scheduling.watch import LATE
from studies.models import Study


@dataclass(frozen=True, kw_only=True)
class Arm:
    name: str
    summary: ArmSummary


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`needs` counts people by what they may be in need of, as the list names it. `excluded` is
    screenings by question. `asked_anew` is how many of whom nothing is recorded now. `arms` is
    empty for who may not see them, and where there are none.
    """

    summary: Summary
    lost: int
    lost_days: int
    weeks: list[Week]
    mails: list[Mails]
    first_day: date
    last_day: date
    due_not_sent: int
    excluded: list[tuple[str, int]]
    asked_anew: int
    arms: list[Arm]
    needs: dict[str, int] = field(default_factory=dict)

    @property
    def needs_anybody(self) -> bool:
        return bool(self.due_not_sent or any(self.needs.values()))


def figures(study: Study, held: Rights, *, now: datetime) -> Figures:
    counted = Enrolment.objects.counted().filter(study=study)
    names = _names_of_arms(study) if held.arm else {}
    at = measures.steps(study, by_arm=bool(names))
    arms = measures.by_arm(counted, at) if names else []
    done = sum(each.completed for each in arms) if names else None
    summary = measures.summary(study, at=at, completed=done)
    monday, wanting = this_week.first_day(study, now), _wanting(study, now)
    return Figures(
        summary=summary,
        lost=measures.lost(counted, days=LOST_DAYS, now=now).count(),
        lost_days=LOST_DAYS,
        weeks=measures.by_week(study, now=now),
        mails=this_week.counted(study, now),
        first_day=monday,
        last_day=monday + timedelta(days=6),
        due_not_sent=wanting.pop("due_not_sent"),
        excluded=_by_question(study, summary.unmet),
        asked_anew=asked_anew(counted).count() if asks_anew(study) else 0,
        arms=_arms(names, arms),
        needs=wanting,
    )


def _by_question(study: Study, unmet: dict[str, int]) -> list[tuple[str, int]]:
    """In the order of the questions; then by its key what was asked once and is no more."""
    asked = study.criteria.order_by("position").values_list("key", "question") if unmet else []
    now = {key: (words, unmet.get(key, 0)) for key, words in asked}
    return [*now.values(), *((key, number) for key, number in unmet.items() if key not in now)]


def _names_of_arms(study: Study) -> dict[int, str]:
    return dict(study.arms.order_by("key").values_list("pk", "name"))


def _arms(names: dict[int, str], summaries: list[ArmSummary]) -> list[Arm]:
    found = {each.arm: each for each in summaries}
    there = [(key, name) for key, name in [*names.items(), (None, _("None recorded"))]]
    return [Arm(name=name, summary=found[key]) for key, name in there if key in found]


def _due_not_sent(study: Study, now: datetime) -> PromptQuerySet:
    """Due five minutes ago, and never tried: what turns the strip red, of this study alone."""
    rows = Prompt.objects.never_attempted().filter(next_attempt_at__lte=now, due_at__lt=now - LATE)
    return this_week.to_people_of(study, rows)


def _wanting(study: Study, now: datetime) -> dict[str, int]:
    """How many mails are due and not sent, and how many people have each need. In one query, each
    counted by itself: a few are found by an index, of which one sum over all has no use.
    """
    people: EnrolmentQuerySet = Enrolment.objects.filter(study=study, is_test=False)
    asked = attention()
    rows: dict[str, QuerySet[Any]] = {"due_not_sent": _due_not_sent(study, now)}
    for name in ("unconfirmed", "not-sent", "address"):
        rows[name.replace("-", "_")] = people.filter(asked[name])
    counted = {name: _number_of(each) for name, each in rows.items()}
    found: dict[str, Any] = dict(Study.objects.filter(pk=study.pk).values(**counted).get())
    return found


def _number_of(rows: "QuerySet[Any]") -> Subquery:
    number = Func("pk", function="COUNT", output_field=IntegerField())
    return Subquery(rows.order_by().values(number=number))
