"""What is told of a person's mails."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.people.outcomes import Outcome, outcome
from monitoring.person.entries import LOOK, MAIL, NOTE, PLAN, Entry
from participants.models import Enrolment
from scheduling.models import Prompt

State, Reason = Prompt.State, Prompt.Reason


def named(prompt: Prompt) -> str:
    """ "Weekly session 2, sent again"."""
    words = str(prompt.get_kind_display())
    if prompt.occurrence:
        words = _("%(mail)s %(week)d") % {"mail": words, "week": prompt.occurrence}
    return _("%(mail)s, again") % {"mail": words} if prompt.copy else words


def of(person: Enrolment, *, now: datetime) -> list[Any]:
    """Each with its `outcome`."""
    mails = Prompt.objects.filter(enrolment=person).select_related("wording")
    return list(mails.annotate(outcome=outcome(person.study, now)))


def ahead(prompts: list[Any]) -> list[Entry]:
    """What is planned and will go as things stand, the nearest first."""
    return [_planned(each) for each in _in_order(prompts) if each.outcome == Outcome.PLANNED]


def stays(prompts: list[Any]) -> list[Entry]:
    """What is planned and will not go."""
    planned = [each for each in _in_order(prompts) if each.outcome != Outcome.PLANNED]
    return [
        Entry(at=each.due_at, mark=PLAN, what=named(each), detail=str(Outcome(each.outcome).label))
        for each in planned
    ]


def _in_order(prompts: list[Any]) -> list[Any]:
    planned = [each for each in prompts if each.state == State.PLANNED]
    return sorted(planned, key=lambda each: each.due_at)


def _planned(prompt: Prompt) -> Entry:
    detail = ""
    if prompt.attempts:
        detail = _("Tried %(times)s, to be tried again at %(hour)s UTC: %(reason)s") % {
            "times": _times(prompt.attempts),
            "hour": date_format(prompt.next_attempt_at, "H:i"),
            "reason": prompt.get_reason_display(),
        }
    return Entry(at=prompt.due_at, mark=PLAN, what=named(prompt), detail=detail)


def behind(prompts: list[Prompt]) -> Iterator[Entry]:
    for prompt in prompts:
        yield from _outcome(prompt)
        if prompt.bounced_at is not None:
            words = _("%(mail)s: came back") % {"mail": named(prompt)}
            yield Entry(at=prompt.bounced_at, mark=LOOK, what=words)
        if prompt.complained_at is not None:
            words = _("%(mail)s: reported as spam") % {"mail": named(prompt)}
            yield Entry(at=prompt.complained_at, mark=LOOK, what=words)


def _outcome(prompt: Prompt) -> Iterator[Entry]:
    settled = prompt.settled_at or prompt.attempted_at or prompt.due_at
    mail = {"mail": named(prompt)}
    if prompt.state == State.SENT:
        at = prompt.sent_at or settled
        yield Entry(at=at, mark=MAIL, what=_("%(mail)s: sent") % mail, detail=_sending(prompt))
        if settled > at:
            words = _("%(mail)s: known to have arrived") % mail
            yield Entry(at=settled, mark=NOTE, what=words)
        return
    if prompt.state in {State.FAILED, State.UNCONFIRMED, State.MISSED}:
        words = f"{named(prompt)}: {prompt.get_state_display()}"
        yield Entry(at=settled, mark=LOOK, what=words, detail=_why(prompt))
    elif prompt.state in {State.SKIPPED, State.CANCELLED, State.SENDING}:
        words = f"{named(prompt)}: {prompt.became}"
        mark = LOOK if prompt.reason in Prompt.UNREACHABLE else NOTE
        yield Entry(at=settled, mark=mark, what=words, detail=_why(prompt))


def _why(prompt: Prompt) -> str:
    parts = [str(prompt.get_reason_display())] if prompt.reason else []
    if prompt.attempts:
        parts.append(_("Tried %(times)s.") % {"times": _times(prompt.attempts)})
    return ". ".join(part.rstrip(".") for part in parts)


def _sending(prompt: Prompt) -> str:
    parts = []
    if prompt.attempts > 1:
        parts.append(_("Tried %(times)s") % {"times": _times(prompt.attempts)})
    if prompt.wording is not None:
        parts.append(_("Wording %(version)d") % {"version": prompt.wording.version})
    return ". ".join(parts)


def _times(number: int) -> str:
    return ngettext("once", "%(number)d times", number) % {"number": number}
