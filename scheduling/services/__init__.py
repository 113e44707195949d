"""What the other rooms call. Atomic and keyword-only; each takes `now` in UTC."""

from scheduling.services.ahead import NotTakingPart
from scheduling.services.choosing import choose_day
from scheduling.services.inviting import (
    decline,
    decline_for,
    disown_again,
    enrol,
    invite,
    take_back,
)
from scheduling.services.leaving import leave
from scheduling.services.mail import restart_mail, send_again, stop_mail, write_now
from scheduling.services.moving import another_week, change_day
from scheduling.services.pausing import pause, resume
from scheduling.services.rules import rederive
from scheduling.services.words import WrittenMeanwhile, install_wordings, write_wording

__all__ = [
    "NotTakingPart",
    "WrittenMeanwhile",
    "another_week",
    "change_day",
    "choose_day",
    "decline",
    "decline_for",
    "disown_again",
    "enrol",
    "install_wordings",
    "invite",
    "leave",
    "pause",
    "rederive",
    "restart_mail",
    "resume",
    "send_again",
    "stop_mail",
    "take_back",
    "write_now",
    "write_wording",
]
