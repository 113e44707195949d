"""Saving the people of a list, or one person, with their mails and its record: all, or nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from monitoring.enrol.checking import Checked
from monitoring.models import StaffAction
from participants.enrolling import one_list_at_a_time
from participants.inviting import Agreed, Invitee
from participants.models import User
from scheduling import services
from studies.models import Study

# What the uploader says of people who agreed elsewhere. It is kept as it stands here.
ATTESTATION = _(
    "Each person who agreed elsewhere was asked the questions about who may join, and meets what "
    "they ask."
)


@dataclass(frozen=True, kw_only=True)
class Saved:
    """How many; `at` is when."""

    invited: int
    agreed: int
    at: datetime


class Faulty(Exception):
    """A list that is not to be saved as it is."""


@transaction.atomic
def save(
    checked: Checked,
    study: Study,
    *,
    by: User | None,
    once: str = "",
    is_list: bool = True,
    now: datetime,
    said: Callable[[int], None] = lambda _done: None,
) -> Saved:
    """`checked` was found without faults, and its uploader has said the ATTESTATION where some
    agreed elsewhere; `by` is not None then. `once`, of `pressed`, names this very upload;
    `is_list` is False for one person who was typed in.

    Raises participants.inviting.CannotInvite where somebody else was quicker.
    """
    if checked.faults:
        raise Faulty
    if is_list:
        one_list_at_a_time()
    about = {"once": once, "list": is_list}
    if checked.invited:
        _invite(checked.invited, study, by, about, now, said)
    if checked.agreed:
        assert by is not None
        before = len(checked.invited)
        _enrol(checked.agreed, study, by, about, now, lambda done: said(before + done))
    return Saved(invited=len(checked.invited), agreed=len(checked.agreed), at=now)


def _invite(
    invitees: Sequence[Invitee],
    study: Study,
    by: User | None,
    about: dict[str, Any],
    now: datetime,
    said: Callable[[int], None],
) -> None:
    services.invite(study=study, invitees=invitees, by=by, now=now, said=said)
    _record(study, by, StaffAction.Kind.INVITE, "", {"people": len(invitees), **about}, now)


def _enrol(
    people: Sequence[Agreed],
    study: Study,
    by: User,
    about: dict[str, Any],
    now: datetime,
    said: Callable[[int], None],
) -> None:
    services.enrol(study=study, people=people, by=by, now=now, said=said)
    versions = sorted({each.version for each in people})
    details = {"people": len(people), "versions": versions, **about}
    _record(study, by, StaffAction.Kind.ENROL_ELSEWHERE, str(ATTESTATION), details, now)


def _record(
    study: Study,
    by: User | None,
    kind: StaffAction.Kind,
    why: str,
    details: dict[str, Any],
    now: datetime,
) -> None:
    StaffAction.objects.create(study=study, by=by, kind=kind, why=why, details=details, at=now)


def pressed(showing: str, sent: str) -> str:
    """Names one press of a button: which showing of the form, a UUID, and what was sent with it.
    Empty where there was no such showing.

    A page that comes back from the browser's memory is the same showing, perhaps with somebody else
    in it. Keyed, so that the record of it does not tell an address.
    """
    try:
        return salted_hmac("monitoring.enrol.once", f"{UUID(showing)} {sent}").hexdigest()
    except ValueError:
        return ""


def saved_before(study: Study, once: str) -> Saved | None:
    """What became of that very upload, where its button was pressed twice."""
    if not once:
        return None
    actions = list(StaffAction.objects.filter(study=study, details__once=once))
    if not actions:
        return None
    counts = {each.kind: int(each.details["people"]) for each in actions}
    return Saved(
        invited=counts.get(StaffAction.Kind.INVITE, 0),
        agreed=counts.get(StaffAction.Kind.ENROL_ELSEWHERE, 0),
        at=actions[0].at,
    )
