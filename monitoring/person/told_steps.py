"""What is told of the steps of taking part: invited, agreed, chose a day, left."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from monitoring.person.entries import LOOK, NOTE, OWN, Entry
from participants.agreeing_anew import asked_of
from participants.models import ConsentAnswer, Enrolment, Invitation
from studies.models import Document

Level = Enrolment.Withdrawal


def of(person: Enrolment, *, with_arm: bool) -> Iterator[Entry]:
    yield from _invited(person)
    yield from _agreed(person)
    yield from _asked_anew(person)
    dates = [
        (person.demographics_at, _("Passed the questions about themselves"), OWN),
        (person.day_chosen_at, _("Chose a day"), OWN),
        (person.erased_at, _("Identity erased"), NOTE),
    ]
    for at, words, mark in dates:
        if at is not None:
            yield Entry(at=at, mark=mark, what=words)
    yield from _left(person)
    if with_arm and person.arm is not None and person.allocated_at is not None:
        words = _("Allocated to %(arm)s") % {"arm": person.arm.name}
        yield Entry(at=person.allocated_at, mark=NOTE, what=words)


def _left(person: Enrolment) -> Iterator[Entry]:
    """Who went on to a later level left twice. The level of the first time is kept where it can be
    no other: “everything” is gone to from “training” alone.
    """
    if person.withdrawn_at is None:
        return
    words = _("Withdrew: %(level)s") % {"level": _label(Level(person.withdrawal))}
    since = person.withdrawal_since
    if since is not None and since != person.withdrawn_at:
        is_known = person.withdrawal == Level.EVERYTHING
        first = _("Withdrew: %(level)s") % {"level": _label(Level.TRAINING)}
        yield Entry(at=person.withdrawn_at, mark=LOOK, what=first if is_known else _("Withdrew"))
        words = _("Went on to: %(level)s") % {"level": _label(Level(person.withdrawal))}
    yield Entry(at=since or person.withdrawn_at, mark=LOOK, what=words)


def _label(level: Enrolment.Withdrawal) -> str:
    return str(level.label)


def _invited(person: Enrolment) -> Iterator[Entry]:
    invitation = Invitation.objects.filter(enrolment=person).first()
    if invitation is None:
        return
    source = _("Source: %(source)s") % {"source": person.source} if person.source else ""
    yield Entry(at=invitation.invited_at, mark=NOTE, what=_("Invited"), detail=source)
    if invitation.disowned_at is not None:
        words = _("Says that this is not them, or that they have not agreed")
        yield Entry(at=invitation.disowned_at, mark=LOOK, what=words)
    if invitation.ended_at is not None:
        words = _("The invitation ended: %(how)s") % {"how": invitation.get_ending_display()}
        yield Entry(at=invitation.ended_at, mark=NOTE, what=words)


def _asked_anew(person: Enrolment) -> Iterator[Entry]:
    """From then until the next agreement nothing is recorded of them."""
    agreed, left = person.consented_at, person.withdrawn_at
    for document in asked_of(person):
        at = document.published_at
        if at is not None and agreed is not None and agreed < at and (left is None or at < left):
            words = _("Asked to agree to %(document)s, version %(version)d") % {
                "document": document.get_kind_display(),
                "version": document.version,
            }
            yield Entry(at=at, mark=NOTE, what=words, detail=_("Nothing is recorded until they do"))


def _agreed(person: Enrolment) -> Iterator[Entry]:
    """What was agreed to, by document and moment; or the moment alone, once that is deleted."""
    answers = (
        ConsentAnswer.objects.filter(enrolment=person)
        .select_related("statement__document")
        .only("agreed", "method", "answered_at", "statement__key", "statement__document")
        .order_by("statement__position")
    )
    together: dict[tuple[datetime, Document, str], list[str]] = defaultdict(list)
    for each in answers:
        words = _("%(key)s: yes") if each.agreed else _("%(key)s: no")
        key = (each.answered_at, each.statement.document, each.method)
        together[key].append(words % {"key": each.statement.key})
    for (at, document, method), told in together.items():
        words = _("Agreed to %(document)s, version %(version)d") % {
            "document": document.get_kind_display(),
            "version": document.version,
        }
        how = _("Taken elsewhere. ") if method == ConsentAnswer.Method.ELSEWHERE else ""
        yield Entry(at=at, mark=OWN, what=words, detail=how + ", ".join(told))
    if not together and person.consented_at is not None:
        yield Entry(at=person.consented_at, mark=OWN, what=_("Agreed to take part"))
