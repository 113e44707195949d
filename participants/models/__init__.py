"""Who takes part: identity, the study's view of a person, and what they did."""

from participants.models.consent import ConsentAnswer, ConsentSignature
from participants.models.demographics import Demographics
from participants.models.engagement import Engagement, MediaProgress, Play
from participants.models.enrolment import Enrolment
from participants.models.invitation import DoNotInvite, Invitation
from participants.models.practice import PracticeLog
from participants.models.researcher import StudyResearcher
from participants.models.session import Session
from participants.models.user import User

__all__ = [
    "ConsentAnswer",
    "ConsentSignature",
    "Demographics",
    "DoNotInvite",
    "Engagement",
    "Enrolment",
    "Invitation",
    "MediaProgress",
    "Play",
    "PracticeLog",
    "Session",
    "StudyResearcher",
    "User",
]
