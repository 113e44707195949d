"""Short words for these stories."""

from datetime import datetime, timedelta

from scheduling import alarm, housekeeping, prompts, sender
from scheduling.models import Prompt
from tests.factories.scheduling import MONDAY, WordingFactory
from tests.services.smtp import SmtpSink

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def minutes(first: int, last: int, *, beating: bool = True) -> None:
    """A look each minute after MONDAY, from `first` to `last`."""
    for minute in range(first, last + 1):
        now = MONDAY + minute * MINUTE
        alarm.look(now=now)
        if beating:
            housekeeping.beat(now=now)


def stop(minute: int = 0) -> None:
    sender.stop("AUTH 535 5.7.8", now=MONDAY + minute * MINUTE)


def subjects(sink: SmtpSink) -> list[tuple[str, str]]:
    return [(each.rcpt_tos[0], each.message["Subject"]) for each in sink.received]


RED = ("team@example.ac.uk", "Mail is not going out: Four weeks")
WELL = ("team@example.ac.uk", "Mail goes again: Four weeks")


def go(prompt: Prompt, *, at: datetime) -> None:
    kind, study = prompt.kind, prompt.enrolment.study
    wording = WordingFactory(study=study, kind=kind, version=study.wordings.count() + 1)
    prompts.begin(prompt, wording=wording, message_id="<1@x>", now=at)
    prompts.sent(prompt, now=at)
