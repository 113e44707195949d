"""Agreeing to a newer version. Until then nothing is recorded; the weeks stay open."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.joining import CannotJoin, agree_anew, consent_is_current
from participants.models import Enrolment
from portal.access import ParticipantRequest, enrolled_required
from portal.joining.agreement_form import AgreementForm
from portal.posted import data_of
from scheduling.models import Kind
from scheduling.services import write_now
from studies.models import Document


@enrolled_required
def agree_again(request: ParticipantRequest) -> HttpResponse:
    study = request.enrolment.study
    reading = Document.objects.in_force(study, study.agreement_kind)
    if reading is None or request.enrolment.is_withdrawn or consent_is_current(request.enrolment):
        return redirect("portal:home")
    form = AgreementForm(data_of(request), reading=reading, signed=study.is_research)
    if request.method == "POST" and request.POST.get("document") != str(reading.pk):
        form = _anew(request, reading)
    elif request.method == "POST" and form.is_valid():
        return _agreed(request, form, reading)
    return _page(request, form, reading)


def _agreed(request: ParticipantRequest, form: AgreementForm, reading: Document) -> HttpResponse:
    try:
        _save(request.enrolment, form, reading)
    except CannotJoin as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, reading)
    messages.success(request, _("Thank you. We will email you a copy."))
    return redirect("portal:home")


@transaction.atomic
def _save(enrolment: Enrolment, form: AgreementForm, reading: Document) -> None:
    """Pressed twice, it is recorded once, and one copy is mailed."""
    now = timezone.now()
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if enrolment.consent_answers.filter(statement__document=reading).exists():
        return
    agree_anew(
        enrolment=enrolment,
        document=reading,
        answers=form.answers,
        typed_name=form.cleaned_data.get("typed_name", ""),
        now=now,
    )
    write_now(enrolment=enrolment, kind=Kind.CONSENT_COPY, now=now)


def _anew(request: ParticipantRequest, reading: Document) -> AgreementForm:
    messages.warning(
        request,
        _("The wording changed while you were reading, so nothing is saved. Here is the new one."),
    )
    return AgreementForm(
        reading=reading,
        signed=request.enrolment.study.is_research,
        initial={"typed_name": request.POST.get("typed_name", "")},
    )


def _page(request: ParticipantRequest, form: AgreementForm, reading: Document) -> HttpResponse:
    context = {
        "form": form,
        "document": reading,
        "study": request.enrolment.study,
        "today": timezone.localdate(),
        "again": True,
    }
    return render(request, "portal/join/agreement.html", context)
