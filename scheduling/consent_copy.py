"""What a person agreed to, as their copy shows it."""

from dataclasses import dataclass

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
    """`when` is on the person's own clock, and a day alone where staff entered it; `signed` is
    empty for a service, and where it was signed elsewhere.
    """

    document: str
    statements: list[Statement]
    when: str
    signed: str


def of(enrolment: Enrolment, *, zone: str) -> Agreement:
    """The newest agreement. Raises `ConsentAnswer.DoesNotExist` where nothing was agreed."""
    answers = ConsentAnswer.objects.filter(enrolment=enrolment).select_related(
        "statement__document"
    )
    newest = answers.latest("answered_at", "statement__document__version")
    document = newest.statement.document
    given = answers.filter(statement__document=document).order_by("statement__position")
    signature = ConsentSignature.objects.filter(enrolment=enrolment, document=document).first()
    return Agreement(
        document=str(document),
        statements=[Statement(text=each.statement.text, agreed=each.agreed) for each in given],
        when=_when(newest, zone),
        signed=signature.typed_name if signature is not None else "",
    )


def _when(answer: ConsentAnswer, zone: str) -> str:
    there = timetable.local(answer.answered_at, zone)
    if answer.method == ConsentAnswer.Method.ELSEWHERE:
        return date_format(there, "j F Y")
    return _("%(moment)s, %(zone)s") % {
        "moment": date_format(there, "j F Y, H:i"),
        "zone": spoken.zone(zone),
    }
