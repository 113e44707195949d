"""What a person agreed to, as their copy shows it."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.models import ConsentAnswer, ConsentSignature, Enrolment
from scheduling import spoken, timetable


@dataclass(frozen=True, kw_only=True)
class Statement:
    text: str
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """`when` is on the person's own clock; where staff entered it, it is the day that they entered,
    whatever clock the person has. `signed` is empty for a service, and where signed elsewhere.
    """

    document: str
    statements: list[Statement]
    when: str
    signed: str


def of(enrolment: Enrolment, *, zone: str) -> Agreement:
    """The newest agreement. Raises `ConsentAnswer.DoesNotExist` where nothing was agreed."""
    answers = ConsentAnswer.objects.filter(enrolment=enrolment).select_related(
        "statement__document__study"
    )
    newest = answers.latest("answered_at", "statement__document__version")
    document = newest.statement.document
    given = answers.filter(statement__document=document).order_by("statement__position")
    signature = ConsentSignature.objects.filter(enrolment=enrolment, document=document).first()
    return Agreement(
        document=str(document),
        statements=[Statement(text=each.statement.text, agreed=each.agreed) for each in given],
        when=when(newest, zone=zone),
        signed=signature.typed_name if signature is not None else "",
    )


def day_elsewhere(answer: ConsentAnswer) -> date:
    """On which consent was taken elsewhere: by the study's calendar, by which it is kept."""
    study = answer.statement.document.study
    return timetable.local(answer.answered_at, study.default_zone).date()


def when(answer: ConsentAnswer, *, zone: str) -> str:
    """In `zone`, which is named."""
    if answer.method == ConsentAnswer.Method.ELSEWHERE:
        return date_format(day_elsewhere(answer), "j F Y")
    there = timetable.local(answer.answered_at, zone)
    return _("%(moment)s, %(zone)s") % {
        "moment": date_format(there, "j F Y, H:i"),
        "zone": spoken.zone(zone),
    }
