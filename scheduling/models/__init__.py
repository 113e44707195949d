"""When each person is written to: rhythm, its changes, wording, each prompt, and the watch over
all.
"""

from scheduling.models.change import PlanChange
from scheduling.models.prompt import Prompt
from scheduling.models.rhythm import Rhythm
from scheduling.models.watch import Alarm, AlarmMail, Bookmark, Heartbeat, MailSender
from scheduling.models.wording import Kind, Wording

__all__ = [
    "Alarm",
    "AlarmMail",
    "Bookmark",
    "Heartbeat",
    "Kind",
    "MailSender",
    "PlanChange",
    "Prompt",
    "Rhythm",
    "Wording",
]
