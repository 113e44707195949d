"""What I agreed to: each version, its words, and when; and the sheet to read again. Printable."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from participants.models import ConsentAnswer, ConsentSignature, Enrolment
from portal.access import ParticipantRequest, enrolled_required, zone_of
from scheduling.consent_copy import when
from studies.models import Document


@require_safe
@enrolled_required
def consent_copy(request: ParticipantRequest) -> HttpResponse:
    """Signed in by code alone: the typed name stands on it."""
    study = request.enrolment.study
    context = {
        "agreements": _agreements(request.enrolment, zone_of(request.enrolment).key),
        "sheet": Document.objects.in_force(study, Document.Kind.INFORMATION),
        "study": study,
        "enrolment": request.enrolment,
    }
    return render(request, "portal/settings/agreement.html", context)


def _agreements(enrolment: Enrolment, zone: str) -> list[dict[str, object]]:
    """The newest first."""
    answers = (
        ConsentAnswer.objects.filter(enrolment=enrolment)
        .select_related("statement__document__study")
        .order_by("-statement__document__version", "statement__position")
    )
    signatures = ConsentSignature.objects.filter(enrolment=enrolment)
    names = dict(signatures.values_list("document_id", "typed_name"))
    grouped = groupby(answers, key=lambda answer: answer.statement.document)
    return [
        {
            "document": document,
            "answers": (of_document := list(group)),
            "when": when(of_document[0], zone=zone),
            "typed_name": names.get(document.pk, ""),
        }
        for document, group in grouped
    ]
