"""What is saved is what was shown, whatever happened to the plan in between."""

import json
from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.access import ParticipantRequest
from portal.weeks.home import is_paused
from scheduling.plan import Change

FIELD = "shown"
_SALT = "portal.settings_pages.shown"
_LENGTH = 16


def digest_of(request: ParticipantRequest, change: Change) -> str:
    """Of all that a page says of a change: whose it is, the break of now, each week's day, hour,
    zone and where it comes from, and the last mail's.
    """
    enrolment = request.enrolment
    pause = enrolment.rhythm.paused_until if is_paused(request) else None
    said = json.dumps([enrolment.code, pause, asdict(change)], cls=DjangoJSONEncoder)
    return salted_hmac(_SALT, said).hexdigest()[:_LENGTH]


def saved_as_shown(request: ParticipantRequest, save: Callable[[], Change]) -> Change | None:
    """None, with nothing written and that said to the person, where the change is no longer the
    one that their page showed: another tab, a mail that went, midnight.

    What `save` returns was computed under its lock, so nothing comes between this look and it.
    """
    with transaction.atomic():
        change = save()
        if request.POST.get(FIELD) == digest_of(request, change):
            return change
        transaction.set_rollback(True)
    words = _("Your plan has changed since this page was made. Please look again.")
    messages.warning(request, words)
    return None
