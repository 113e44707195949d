"""Inviting people to a study, one or fifty thousand; how an invitation ends; and enrolling those
who agreed elsewhere.
"""

from participants.inviting.consents import ConsentForm, consent_form
from participants.inviting.disowning import agreed_elsewhere, disown, disown_again
from participants.inviting.elsewhere import enrol
from participants.inviting.ending import (
    decline,
    end_one,
    end_unanswered,
    end_unsent,
    take_back,
)
from participants.inviting.lists import Agreed, CannotInvite, Invitee
from participants.inviting.sending import invite
from participants.inviting.standings import Standing, standing

__all__ = [
    "Agreed",
    "CannotInvite",
    "ConsentForm",
    "Invitee",
    "Standing",
    "agreed_elsewhere",
    "consent_form",
    "decline",
    "disown",
    "disown_again",
    "end_one",
    "end_unanswered",
    "end_unsent",
    "enrol",
    "invite",
    "standing",
    "take_back",
]
