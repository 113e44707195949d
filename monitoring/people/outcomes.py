"""What became of a mail, or will as things stand: each is in one of these, on whatever page.

The overview counts by them, the list narrows by them, a person's page tells them, and `prompts.csv`
has them of what is over. docs/definitions.md says what each means.
"""

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import In, IsNull
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment, User
from scheduling.decisions import ALWAYS, STOPPABLE
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.models.prompt import PromptQuerySet
from studies.models import Study

State, Reason = Prompt.State, Prompt.Reason
_NO_DAY = Value(date.min)
# Few, and found once, so that nobody else's account is looked at.
_FAILING = User.objects.filter(address_failed_at__isnull=False).values("pk")


class Outcome(models.TextChoices):
    PLANNED = "planned", _("Planned")
    SENT = "sent", _("Sent")
    CAME_BACK = "came-back", _("Came back")
    FAILED = "failed", _("Failed")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed")
    TOO_LATE = "too-late", _("Too late")
    EMAILS_OFF = "emails-off", _("Emails off")
    HELD_BACK = "held-back", _("Held back")
    NOT_NEEDED = "not-needed", _("Not needed")
    CANCELLED = "cancelled", _("Cancelled")


def by_itself(state: str, reason: str, *, came_back: bool) -> Outcome:
    """As the mail's own row says, by which whatever is planned is planned."""
    if came_back:
        return Outcome.CAME_BACK
    if state == State.SKIPPED and reason == Reason.MAIL_OFF:
        return Outcome.EMAILS_OFF
    if state == State.SKIPPED and reason in Prompt.HELD_BACK:
        return Outcome.HELD_BACK
    return _OTHERWISE[State(state)]


class _Rule(NamedTuple):
    """Of mails in `state`, the first rule whose condition holds says what became of them."""

    state: Prompt.State
    condition: Q
    outcome: Outcome


_OTHERWISE = {
    State.PLANNED: Outcome.PLANNED,
    State.SENDING: Outcome.PLANNED,
    State.SENT: Outcome.SENT,
    State.FAILED: Outcome.FAILED,
    State.UNCONFIRMED: Outcome.UNCONFIRMED,
    State.MISSED: Outcome.TOO_LATE,
    State.SKIPPED: Outcome.NOT_NEEDED,
    State.CANCELLED: Outcome.CANCELLED,
}
_OVER = [
    _Rule(State.SENT, Q(bounced_at__isnull=False), Outcome.CAME_BACK),
    _Rule(State.SKIPPED, Q(reason=Reason.MAIL_OFF), Outcome.EMAILS_OFF),
    _Rule(State.SKIPPED, Q(reason__in=Prompt.HELD_BACK), Outcome.HELD_BACK),
    *(_Rule(state, Q(), became) for state, became in _OTHERWISE.items()),
]


def outcome(study: Study) -> Case:
    """Of a prompt of that study."""
    rules = _rules(study, lambda name: F(f"enrolment__{name}"))
    found = [When(Q(state=each.state) & each.condition, then=Value(each.outcome)) for each in rules]
    return Case(*found, output_field=CharField())


def became(study: Study, what: Outcome, of: Callable[[str], Any]) -> Q:
    """Of a prompt: that it became this. `of` names a column of the person."""
    rules, found = _rules(study, of), Q()
    for place, rule in enumerate(rules):
        if rule.outcome == what:
            before = [each for each in rules[:place] if each.state == rule.state]
            others = [~each.condition for each in before if each.outcome != what]
            found |= reduce(and_, others, Q(state=rule.state) & rule.condition)
    return found


def _rules(study: Study, of: Callable[[str], Any]) -> list[_Rule]:
    stays = will_not_go(study, of)
    return [*(_Rule(State.PLANNED, condition, what) for what, condition in stays), *_OVER]


def will_not_go(study: Study, of: Callable[[str], Any]) -> list[tuple[Outcome, Q]]:
    """Of a planned mail: what it is known today that `scheduling.decisions` will make of it, in
    the order in which that decides. `of` names a column of the person.

    Nothing goes without an address, or to one that mail comes back from; besides what is promised,
    nothing of an archived study. Nor what was switched off, nor a reminder in a break, unless as a
    copy that was asked for.
    """
    plain, reminder = Q(copy=0), Q(copy=0, kind=Kind.NUDGE)
    break_ends = Coalesce(of("rhythm__paused_until"), _NO_DAY)
    held = [(Outcome.HELD_BACK, Q(IsNull(of("user"), rhs=True)))]
    if study.state == Study.State.ARCHIVED:
        held.append((Outcome.HELD_BACK, ~Q(kind__in=ALWAYS)))
    switched_off = Q(IsNull(of("rhythm__mail_off_since"), rhs=False))
    held += [
        (Outcome.EMAILS_OFF, plain & Q(kind__in=STOPPABLE) & switched_off),
        (Outcome.HELD_BACK, reminder & Q(local_date__lt=break_ends)),
    ]
    if not study.nudges:
        held.append((Outcome.NOT_NEEDED, reminder))
    return [*held, (Outcome.HELD_BACK, Q(In(of("user"), _FAILING)))]


def may_not_go(study: Study, rows: PromptQuerySet) -> PromptQuerySet:
    """Of these mails of the study the planned ones by whose own row it is not known whether they
    go. Unless all depend on the study, they are those of a few people.
    """
    planned = rows.planned()
    if study.state == Study.State.ARCHIVED or not study.nudges:
        return planned
    changed = Q(mail_off_since__isnull=False) | Q(paused_until__isnull=False)
    people = Enrolment.objects.order_by().values_list("pk")
    few = Rhythm.objects.filter(changed).values_list("enrolment")
    # Of those who left, nothing stays planned for longer than it takes to send it.
    gone = people.filter(user=None, withdrawn_at=None)
    few = few.union(people.filter(user__in=_FAILING), gone)
    return planned.filter(enrolment__in=few)
