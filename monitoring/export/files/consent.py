"""What each person said to each statement, of which version."""

from collections.abc import Iterator, Sequence

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from monitoring.export.columns import Column, boolean, category, integer, moment, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row, read
from monitoring.export.zones import ZONE
from participants.models import ConsentAnswer
from studies.models import Document


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        category(
            "document",
            "The kind of document that was agreed to.",
            Document.Kind,
            of="statement__document__kind",
        ),
        integer(
            "version",
            "Version of that document.",
            unit="version number",
            of="statement__document__version",
        ),
        text("statement", "Key of the statement.", of="statement__key"),
        text("words", "The statement as they read it.", of="statement__text"),
        boolean("required", "Whether nobody joins without it.", of="statement__required"),
        boolean("agreed", "Their answer."),
        category("method", "How the answer was given.", ConsentAnswer.Method),
        *moment("answered_at", "Answered; noon of the day, if elsewhere.", until=cut.until),
        text(ZONE, "Time zone of this line’s local times: the study’s own."),
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    """What was taken elsewhere has been here since it was entered."""
    entered = Coalesce("enrolment__invitation__invited_at", F("answered_at"))
    answers = ConsentAnswer.objects.alias(entered_at=entered).filter(
        recorded(cut, "enrolment__"), answered_at__lte=cut.until, entered_at__lte=cut.until
    )
    return read(
        answers.annotate(zone=Value(cut.study.default_zone)).order_by(
            "enrolment_id", "statement__document__version", "statement__position", "pk"
        ),
        names,
        person="enrolment__",
    )


CONSENT = File(
    name="consent.csv",
    about="What each person answered to each statement, word for word. An optional no is a no.",
    columns=columns,
    rows=rows,
)
