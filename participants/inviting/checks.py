"""What keeps a whole list back."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants import do_not_invite, places
from participants.addresses import as_kept
from participants.inviting.lists import CannotInvite, Invitee
from participants.inviting.standings import Standing, standing
from studies.models import Study


@contextmanager
def all_or_nobody(study: Study, people: Sequence[Invitee], now: datetime) -> Iterator[None]:
    """Raises CannotInvite, before anything is written or once somebody else was quicker."""
    if not study.is_recruiting(now):
        raise CannotInvite(_("Nobody can join this study at the moment. Open it first."))
    addresses = [each.address for each in people]
    _check_free(study, addresses)
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        _check_free(study, addresses)
        raise


def _check_free(study: Study, addresses: Sequence[str]) -> None:
    """Whoever stands twice in the list counts as invited already."""
    refused = {
        address: stands
        for address, stands in standing(study, addresses).items()
        if stands != Standing.FREE
    }
    twice = [
        one for one, count in Counter(as_kept(each) for each in addresses).items() if count > 1
    ]
    refused |= {address: Standing.INVITED for address in twice if address not in refused}
    if refused:
        raise CannotInvite(_("Some of these people cannot be invited."), refused=refused)


def check_nobody_said_no(addresses: Collection[str]) -> None:
    """Once more, when their accounts are held."""
    if late := do_not_invite.among(addresses):
        refused = dict.fromkeys(late, Standing.DO_NOT_INVITE)
        raise CannotInvite(_("Some of these people cannot be invited."), refused=refused)


def check_room(study: Study, count: int) -> None:
    """The caller holds the study, as when somebody joins by themselves."""
    room = places.left(study)
    if room is not None and count > room:
        words = ngettext(
            "The study has room for %(room)d more person, and this list is longer.",
            "The study has room for %(room)d more people, and this list is longer.",
            room,
        )
        raise CannotInvite(words % {"room": room})


def check_place_left(study: Study, taken: int = 0) -> None:
    """An invitation takes no place, but its mail goes to nobody who could not join any more.
    `taken`: by others of the same list, who agreed elsewhere.
    """
    room = places.left(study)
    if room is not None and room <= taken:
        words = _("No place is left for whoever is invited. Make room in the settings first.")
        raise CannotInvite(words)
