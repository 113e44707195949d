"""What the pages that move the weeks have in common."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfoNotFoundError

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.access import ParticipantRequest
from scheduling import spoken
from scheduling.plan import Change
from scheduling.services import NotTakingPart

View = Callable[[ParticipantRequest], HttpResponse]


def with_a_plan(view: View) -> View:
    """Leads home who has left meanwhile, as from another device; and to the choice of a clock whose
    time zone is no more.
    """

    @wraps(view)
    def guarded(request: ParticipantRequest) -> HttpResponse:
        try:
            return view(request)
        except NotTakingPart:
            return redirect("portal:home")
        except ZoneInfoNotFoundError:
            messages.warning(request, _("Please choose once more where your clock is."))
            return redirect("portal:change_day")

    return guarded


def with_what_is_next(words: str, change: Change) -> str:
    """What was saved, said after it: a mail may have gone since it was shown."""
    if not change.weeks:
        return words
    following = change.weeks[0]
    return _("%(words)s Next: %(day)s, %(hour)s.") % {
        "words": words,
        "day": spoken.day(following.local_date),
        "hour": spoken.hour(following.local_time),
    }
