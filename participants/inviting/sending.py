"""Making invitations: enrolments that nobody has agreed to."""

from collections.abc import Callable, Sequence
from datetime import datetime

from participants.inviting.checks import all_or_nobody, check_place_left
from participants.inviting.lists import Invitee, nothing_said
from participants.inviting.writing import written
from participants.models import Enrolment, User
from studies.models import Study
from studies.screening import clean_source


def invite(
    *,
    study: Study,
    addresses: Sequence[Invitee],
    by: User | None,
    now: datetime,
    said: Callable[[int], None] = nothing_said,
) -> list[Enrolment]:
    """Invite all of them, or none: raises CannotInvite where one cannot be, or no place is left. In
    the order given.

    Nothing is mailed here. `said` is told, now and then, how many are written. An invitation takes
    no place in the study.
    """

    def waiting(invitee: Invitee, user: User) -> Enrolment:
        return Enrolment(
            study=study,
            user=user,
            edition_id=study.edition_id,
            source=clean_source(invitee.source),
            status=Enrolment.Status.INVITED,
        )

    invited: list[Enrolment] = []
    with all_or_nobody(study, addresses, now):
        check_place_left(study)
        for batch in written(addresses, waiting, by=by, now=now):
            invited += [enrolment for enrolment, _invitee in batch]
            said(len(invited))
    return invited
