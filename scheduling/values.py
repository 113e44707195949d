"""What the {variables} of a mail stand for, for one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.models import Edition, Material, Module
from participants.models import Enrolment
from scheduling import consent_copy, spoken, timetable
from scheduling.models import Kind, Prompt


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a week is called, and which kinds of material it has."""

    title: str
    kinds: frozenset[str]


class Editions:
    """What the weeks of an edition hold. Once published that is frozen, so it is read once."""

    def __init__(self) -> None:
        self._frozen: dict[int, Mapping[int, Content]] = {}

    def weeks_of(self, edition_id: int) -> Mapping[int, Content]:
        if edition_id in self._frozen:
            return self._frozen[edition_id]
        rows = list(
            Module.objects.filter(edition=edition_id).values_list(
                "week", "title", "materials__kind", "edition__state"
            )
        )
        weeks = {
            week: Content(title=title, kinds=frozenset(row[2] for row in rows if row[0] == week))
            for week, title, _kind, _state in rows
        }
        if all(state == Edition.State.PUBLISHED for *_week, state in rows):
            self._frozen[edition_id] = weeks
        return weeks


def values_for(prompt: Prompt, editions: Editions) -> dict[str, str]:
    """Just those of `variables.ALLOWED` for its kind."""
    return {"study": prompt.enrolment.study.neutral_name} | _values_of_kind(prompt, editions)


def _values_of_kind(prompt: Prompt, editions: Editions) -> dict[str, str]:
    match prompt.kind:
        case Kind.INVITATION | Kind.REMINDER | Kind.ELSEWHERE:
            return _asked(prompt, editions)
        case Kind.WELCOME:
            return _dates(prompt)
        case Kind.CONSENT_COPY:
            return {"public_name": prompt.enrolment.study.public_name}
        case Kind.SESSION | Kind.NUDGE:
            return _week(prompt, editions.weeks_of(prompt.enrolment.edition_id))
        case Kind.FAREWELL:
            return _end(prompt)
        case _:
            return {"what_happens": _what_happens(prompt.enrolment)}


def _asked(prompt: Prompt, editions: Editions) -> dict[str, str]:
    study = prompt.enrolment.study
    values = {
        "public_name": study.public_name,
        "institution": study.institution,
        "weeks": str(len(editions.weeks_of(prompt.enrolment.edition_id))),
    }
    if prompt.kind == Kind.ELSEWHERE:
        values["agreed_on"] = _agreed_on(prompt)
    return values


def _agreed_on(prompt: Prompt) -> str:
    """Raises `ConsentAnswer.DoesNotExist` where nothing was agreed."""
    answers = prompt.enrolment.consent_answers.select_related("statement__document__study")
    return spoken.long_date(consent_copy.day_elsewhere(answers.latest("answered_at")))


def _dates(prompt: Prompt) -> dict[str, str]:
    sessions = _sessions(prompt.enrolment)
    first = sessions[0]
    return {
        "weeks": str(len(sessions)),
        "weekday": date_format(first.local_date, "l"),
        "time": spoken.hour(first.local_time),
        "zone": spoken.zone(first.zone),
        "dates": "\n".join(
            _("%(date)s at %(time)s")
            % {"date": date_format(each.local_date, "l j F"), "time": spoken.hour(each.local_time)}
            for each in sessions
        ),
    }


def _week(prompt: Prompt, weeks: Mapping[int, Content]) -> dict[str, str]:
    day = prompt.local_date
    if prompt.kind == Kind.NUDGE or prompt.copy:
        day = _sessions(prompt.enrolment, prompt.occurrence)[0].local_date
    content = weeks[prompt.occurrence]
    words = _words_of_a_week(day.isoweekday(), content.kinds, get_language())
    return {
        **words,
        "week": str(prompt.occurrence),
        "weeks": str(len(weeks)),
        "title": content.title,
    }


@lru_cache(maxsize=256)
def _words_of_a_week(
    weekday: int, kinds: frozenset[str], _language: str | None
) -> Mapping[str, str]:
    """Alike for whole cohorts. 5 January 2026 was a Monday."""
    return {
        "weekday": date_format(date(2026, 1, 4 + weekday), "l"),
        "what_there_is": _what_there_is(kinds),
    }


def _what_there_is(kinds: frozenset[str]) -> str:
    """One or two sentences on how this week can be taken in, true of its own materials."""
    offers = {
        Material.Kind.VIDEO: _("something to watch"),
        Material.Kind.HANDOUT: _("something to read"),
        Material.Kind.EXERCISE: _("something to listen to"),
    }
    offered = [words for kind, words in offers.items() if kind in kinds]
    if len(offered) < 2:
        return _("There is %(offer)s.") % {"offer": "".join(offered) or _("something to do")}
    *firsts, last = offered
    return _("There is %(firsts)s and %(last)s. Any one of them is enough.") % {
        "firsts": ", ".join(firsts),
        "last": last,
    }


def _end(prompt: Prompt) -> dict[str, str]:
    sessions = _sessions(prompt.enrolment)
    months = prompt.enrolment.study.access_months
    until = timetable.months_later(sessions[-1].local_date, months)
    return {"weeks": str(len(sessions)), "open_until": date_format(until, "j F Y")}


def _sessions(enrolment: Enrolment, *weeks: int) -> list[Prompt]:
    rows = enrolment.prompts.filter(kind=Kind.SESSION, copy=0).order_by("occurrence")
    return list(rows.filter(occurrence__in=weeks) if weeks else rows)


def _what_happens(enrolment: Enrolment) -> str:
    level = Enrolment.Withdrawal
    sentences = {
        level.TRAINING: _(
            "You asked to stop the training. We send you no more sessions. What was collected so "
            "far is kept, and we may ask you questions later, as you agreed."
        ),
        level.EVERYTHING: _(
            "You asked to stop everything. We do not write to you again after this email. What "
            "was collected so far is kept, as the information you read describes."
        ),
        level.ERASURE: _(
            "You asked to stop everything and to have what was collected deleted. Your answers, "
            "and what you did in the weeks, are deleted. Your email address is deleted from our "
            "records after this email has gone. What stays is a code with some dates, which "
            "leads to nobody."
        ),
    }
    return sentences[level(enrolment.withdrawal)]
