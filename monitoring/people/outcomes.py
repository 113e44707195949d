"""What became of a mail, or will as things stand: each is in one of these, on whatever page.

The overview counts by them, the list narrows by them, a person's page tells them, and `prompts.csv`
has them of what is over. docs/definitions.md says what each means.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, CharField, F, FilteredRelation, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import In, IsNull
from django.utils.translation import gettext_lazy as _

from participants import places
from participants.models import Enrolment, User
from participants.models.enrolment import EnrolmentQuerySet
from scheduling import timetable
from scheduling.decisions import ALWAYS, STOPPABLE
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.models.prompt import PromptQuerySet
from scheduling.models.wording import INVITING
from studies.models import Study

State, Reason = Prompt.State, Prompt.Reason
_NO_DAY = Value(date.min)
_REMINDER = Q(copy=0, kind=Kind.NUDGE)
# Few, and found once each by an index of their own, so that nobody else's row is looked at.
FAILING = User.objects.filter(address_failed_at__isnull=False).values("pk")
CHANGED = Rhythm.objects.filter(
    Q(mail_off_since__isnull=False) | Q(paused_until__isnull=False)
).values("enrolment")


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


def with_changed(people: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """For `of_person`: with `changed`, the plan of those few, which is joined where it is asked."""
    theirs = Q(rhythm__mail_off_since__isnull=False) | Q(rhythm__paused_until__isnull=False)
    return people.alias(changed=FilteredRelation("rhythm", condition=theirs))


def of_person(name: str) -> OuterRef:
    """For a question about a mail within one about its person, who is one of `with_changed`."""
    return OuterRef(name.replace("rhythm__", "changed__"))


def outcome(study: Study, now: datetime) -> Case:
    """Of a prompt of that study."""
    rules = _rules(study, now, lambda name: F(f"enrolment__{name}"))
    found = [When(Q(state=each.state) & each.condition, then=Value(each.outcome)) for each in rules]
    return Case(*found, output_field=CharField())


def became(study: Study, now: datetime, what: Outcome, of: Callable[[str], Any]) -> Q:
    """Of a prompt: that it became this. `of` names a column of the person."""
    rules, found = _rules(study, now, of), Q()
    for place, rule in enumerate(rules):
        if rule.outcome == what:
            before = [each for each in rules[:place] if each.state == rule.state]
            others = [~each.condition for each in before if each.outcome != what]
            found |= reduce(and_, others, Q(state=rule.state) & rule.condition)
    return found


def _rules(study: Study, now: datetime, of: Callable[[str], Any]) -> list[_Rule]:
    stays = will_not_go(study, now, of)
    return [*(_Rule(State.PLANNED, condition, what) for what, condition in stays), *_OVER]


def will_not_go(study: Study, now: datetime, of: Callable[[str], Any]) -> list[tuple[Outcome, Q]]:
    """Of a planned mail: what it is known today that `scheduling.decisions` will make of it, in
    the order in which that decides. `of` names a column of the person.

    Nothing goes without an address, or to one that mail comes back from; besides what is promised,
    nothing of an archived study; and nobody is asked to join one that takes nobody. Nor what was
    switched off, nor a reminder in a break, unless as a copy that was asked for.
    """
    held_back, unwanted = _held_back_by(study, now), _not_wanted_by(study)
    break_ends = Coalesce(of("rhythm__paused_until"), _NO_DAY)
    switched_off = Q(IsNull(of("rhythm__mail_off_since"), rhs=False))
    return [
        (Outcome.HELD_BACK, Q(IsNull(of("user"), rhs=True))),
        *((Outcome.HELD_BACK, condition) for condition in held_back),
        (Outcome.EMAILS_OFF, Q(copy=0, kind__in=STOPPABLE) & switched_off),
        (Outcome.HELD_BACK, _REMINDER & Q(local_date__lt=break_ends)),
        *((Outcome.NOT_NEEDED, condition) for condition in unwanted),
        (Outcome.HELD_BACK, Q(In(of("user"), FAILING))),
    ]


def will_not_go_to_anybody(study: Study, now: datetime) -> list[Q]:
    """Of `will_not_go` what is asked of the study alone: all there is to it for those who have an
    address that is not `FAILING`, and whose plan is not `CHANGED`.
    """
    return [*_held_back_by(study, now), *_not_wanted_by(study)]


def _held_back_by(study: Study, now: datetime) -> list[Q]:
    if study.state == Study.State.ARCHIVED:
        return [~Q(kind__in=ALWAYS)]
    inviting = Q(kind__in=INVITING)
    # Without its zone the day on which it ends is not known.
    if timetable.is_known(study.default_zone) and not study.admits(now):
        return [inviting]
    return [] if study.capacity is None else [inviting & places.fullness(study)]


def _not_wanted_by(study: Study) -> list[Q]:
    return [] if study.nudges else [_REMINDER]


def may_not_go(study: Study, now: datetime, rows: PromptQuerySet) -> PromptQuerySet:
    """Of these mails of the study the planned ones by whose own row it is not known whether they
    go: what the study sends to nobody, and those of a few people.
    """
    planned = rows.planned()
    people = Enrolment.objects.order_by().values_list("pk")
    # Of those who left, nothing stays planned for longer than it takes to send it.
    gone = people.filter(user=None, withdrawn_at=None)
    few = CHANGED.union(people.filter(user__in=FAILING).values("pk"), gone.values("pk"))
    return planned.filter(reduce(or_, will_not_go_to_anybody(study, now), Q(enrolment__in=few)))
