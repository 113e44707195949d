"""Joining by an invitation: this browser knows whose it is, and no page shows it.

Whoever was passed the mail may read about the study. The address that was invited stands on no
page; a code can be sent there, which only its owner can read.
"""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.http import HttpRequest

from participants.models import Enrolment, Invitation
from portal.joining import state
from portal.joining.state import State
from studies.models import Study

# Where `participants.traces` looks for it when the person is erased.
_KEY = "invitation"
# Within what allauth keeps of a code that waits to be typed in.
_ASKED_FOR = "by_invitation"


def hold(request: HttpRequest, enrolment: Enrolment) -> None:
    """What was left here of somebody else's way into the study goes, and the session's key."""
    request.session.cycle_key()
    request.session[_KEY] = enrolment.pk
    state.write(request, enrolment.study, State(source=enrolment.source, invited=True))


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def address(request: HttpRequest, *studies: Study) -> str:
    """That was invited (to one of `studies`, if any is named); "" where there is none, or an hour
    has passed without a step.
    """
    enrolment = (
        Enrolment.objects.select_related("study", "user")
        .filter(pk=request.session.get(_KEY, 0), user__isnull=False)
        .first()
    )
    if enrolment is None or enrolment.user is None:
        return ""
    is_here = not studies or enrolment.study in studies
    is_known = is_here and state.read(request, enrolment.study).invited
    return enrolment.user.email if is_known else ""


def note_code(process: LoginCodeVerificationProcess) -> None:
    """That nobody typed the address which this code goes to; kept with the code, whatever becomes
    of the invitation, or is opened beside it.
    """
    process.state[_ASKED_FOR] = True
    process.persist()


def is_asked_for_by_it(process: LoginCodeVerificationProcess) -> bool:
    return bool(process.state.get(_ASKED_FOR))


def agreed_day(enrolment: Enrolment) -> dict[str, object] | None:
    """The day that was agreed with them, as the form of days begins; None where none was."""
    invitation = Invitation.objects.filter(enrolment=enrolment, weekday__isnull=False).first()
    if invitation is None:
        return None
    return {
        "weekday": invitation.weekday,
        "local_time": invitation.local_time,
        "zone": invitation.zone,
    }
