"""Inviting: people who have agreed to nothing yet, and the two mails that they get at most."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from participants import do_not_invite, inviting
from participants.inviting import Agreed, Invitee
from participants.models import Enrolment, Invitation, User
from scheduling import lane, prompts, timetable
from scheduling.decisions import REMINDED_AFTER
from scheduling.instants import needs_instants
from scheduling.models import Kind, Prompt
from scheduling.services.words import install_wordings
from studies.models import Study

Said = Callable[[int], None]

_BATCH = 1000


def _nobody_asks(_done: int) -> None:
    """How far it is interests nobody."""


@needs_instants
@transaction.atomic
def invite(
    *,
    study: Study,
    invitees: Sequence[Invitee],
    by: User | None,
    now: datetime,
    said: Said = _nobody_asks,
) -> list[Enrolment]:
    """Invite them, and write their invitations and the one reminder each; all of it or nothing.

    Raises `inviting.CannotInvite`. `said` is told, now and then, how many are written; somebody
    whose mails are still to be written counts as half.
    """
    people, mails = _halves(len(invitees), said)
    invited = inviting.invite(study=study, addresses=invitees, by=by, now=now, said=people)
    write_spread(invited, [Kind.INVITATION, Kind.REMINDER], study=study, now=now, said=mails)
    return invited


@needs_instants
@transaction.atomic
def enrol(
    *,
    study: Study,
    people: Sequence[Agreed],
    by: User,
    now: datetime,
    said: Said = _nobody_asks,
) -> list[Enrolment]:
    """Enrol those who agreed elsewhere, and write to each that they did, to choose their day.

    Otherwise as `invite`. There is no reminder: they are taking part.
    """
    entered, mails = _halves(len(people), said)
    enrolled = inviting.enrol(study=study, people=people, by=by, now=now, said=entered)
    write_spread(enrolled, [Kind.ELSEWHERE], study=study, now=now, said=mails)
    return enrolled


def _halves(whole: int, said: Said) -> tuple[Said, Said]:
    """For the people, and for their mails, of which each is half of the work."""
    return (lambda done: said(done // 2)), (lambda done: said((whole + done) // 2))


@needs_instants
@transaction.atomic
def decline(*, enrolment: Enrolment, mark: str, now: datetime) -> bool:
    """Whoever it is says “This is not me, or please do not invite me”: their address goes, and
    is asked no more, by no study. `mark` is what their mail carried.

    Where they were entered as having agreed elsewhere, that ends too, unless they confirmed it.
    False, with nothing ended, where the invitation was taken or is over, and no other stands.
    """
    over = inviting.decline(enrolment=enrolment, mark=mark, now=now)
    if inviting.disown(enrolment=enrolment, mark=mark, now=now):
        over.append(enrolment)
    for each in over:
        _drop_mails(each, now)
    return bool(over)


@needs_instants
@transaction.atomic
def decline_for(*, enrolment: Enrolment, now: datetime) -> bool:
    """They told the team, by telephone perhaps: what `decline` by their own mail would do. False
    where their invitation was taken or is over, and then it is for the caller to undo the rest.
    """
    address = User.objects.filter(enrolments=enrolment).values_list("email", flat=True).first()
    if address is not None:
        decline(enrolment=enrolment, mark=do_not_invite.mark(address), now=now)
    ended = Invitation.objects.filter(enrolment=enrolment, ended_at=now)
    return ended.filter(ending=Invitation.Ending.DECLINED).exists()


@needs_instants
@transaction.atomic
def disown_again(*, enrolment: Enrolment, now: datetime) -> bool:
    """As `decline` did before a restore, of somebody entered as having agreed elsewhere."""
    return inviting.disown_again(enrolment=enrolment, now=now) and _drop_mails(enrolment, now)


@needs_instants
@transaction.atomic
def take_back(*, enrolment: Enrolment, now: datetime) -> bool:
    """Staff invited somebody by mistake. False, with nothing done, where it is taken or over."""
    return inviting.take_back(enrolment=enrolment, now=now) and _drop_mails(enrolment, now)


def _drop_mails(enrolment: Enrolment, now: datetime) -> bool:
    """Who holds the person holds whether their mails are sent: each is dropped, or on its way."""
    rows = Prompt.objects.select_for_update().filter(enrolment=enrolment).order_by("pk")
    for prompt in rows:
        if prompt.state == Prompt.State.PLANNED:
            prompts.cancel(prompt, reason=Prompt.Reason.INVITATION_OVER, now=now)
    return True


def write_spread(
    enrolments: Sequence[Enrolment],
    kinds: Sequence[Kind],
    *,
    study: Study,
    now: datetime,
    said: Said = _nobody_asks,
) -> None:
    """The first mail of each, behind those of earlier uploads, and the reminder a week later."""
    install_wordings(study=study, now=now)
    zone = timetable.known_or_utc(study.default_zone)
    due = lane.moments(len(enrolments), now=now)
    for start in range(0, len(enrolments), _BATCH):
        some = slice(start, start + _BATCH)
        Prompt.objects.bulk_create(
            _prompt(enrolment, kind, at, zone)
            for enrolment, at in zip(enrolments[some], due[some], strict=True)
            for kind in kinds
        )
        said(min(some.stop, len(enrolments)))


def _prompt(enrolment: Enrolment, kind: Kind, at: datetime, zone: str) -> Prompt:
    there = timetable.local(at, zone)
    day, hour = there.date(), there.time()
    if kind == Kind.REMINDER:
        day += REMINDED_AFTER
        at = timetable.instant(day, hour, zone)
    return Prompt(
        enrolment=enrolment,
        kind=kind,
        due_at=at,
        next_attempt_at=at,
        local_date=day,
        local_time=hour,
        zone=zone,
    )
