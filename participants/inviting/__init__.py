"""Inviting people to a study, one or fifty thousand; and how an invitation ends."""

from participants.inviting.ending import decline, end_unanswered, take_back
from participants.inviting.sending import CannotInvite, Invitee, invite
from participants.inviting.standings import Standing, standing

__all__ = [
    "CannotInvite",
    "Invitee",
    "Standing",
    "decline",
    "end_unanswered",
    "invite",
    "standing",
    "take_back",
]
