"""Agreeing, statement by statement. Nothing is saved unless all of it is."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.joining import (
    AlreadyJoined,
    CannotJoin,
    StudyClosed,
    StudyFull,
    WordingChanged,
    agree,
)
from participants.models import Enrolment
from portal.joining import invited, state
from portal.joining.agreement_form import AgreementForm
from portal.joining.steps import JoinRequest, Way, choose, closed_page, full_page, step
from portal.posted import data_of
from scheduling.models import Kind
from scheduling.services import write_now
from studies.models import Document


@step("agreement")
def agreement(request: JoinRequest) -> HttpResponse:
    way = request.way
    reading = _in_force(way)
    if reading is None:
        return closed_page(request, way.study)
    form = AgreementForm(data_of(request), reading=reading, signed=way.study.is_research)
    if request.method != "POST":
        return _page(request, form, reading)
    if request.POST.get("document") != str(reading.pk):
        return _changed(request, reading)
    if not form.is_valid():
        return _page(request, form, reading)
    return _agreed(request, form, reading)


def _in_force(way: Way) -> Document | None:
    return Document.objects.in_force(way.study, way.study.agreement_kind)


def _agreed(request: JoinRequest, form: AgreementForm, reading: Document) -> HttpResponse:
    try:
        enrolment = _save(request.way, form, reading)
    except WordingChanged:  # between our look and the save
        return _changed(request, _in_force(request.way) or reading)
    except AlreadyJoined:  # pressed twice: the first press did it
        return redirect(request.path)
    except StudyFull:
        return full_page(request, request.way.study)
    except StudyClosed:
        return closed_page(request, request.way.study)
    except CannotJoin as refusal:
        form.add_error(None, refusal.message)
        return _page(request, form, reading)
    state.forget(request, request.way.study)
    invited.forget(request)
    choose(request, enrolment)
    request.way.enrolment = enrolment
    return redirect(request.way.address_of_next())


@transaction.atomic
def _save(way: Way, form: AgreementForm, reading: Document) -> Enrolment:
    """The agreement, and the mail that brings a copy of it, or neither."""
    assert way.user is not None
    now = timezone.now()
    enrolment = agree(
        study=way.study,
        user=way.user,
        document=reading,
        answers=form.answers,
        typed_name=form.cleaned_data.get("typed_name", ""),
        source=way.state.source,
        now=now,
    )
    write_now(enrolment=enrolment, kind=Kind.CONSENT_COPY, now=now)
    return enrolment


def _changed(request: JoinRequest, reading: Document) -> HttpResponse:
    """The new words, nothing ticked, and the name as it was typed."""
    messages.warning(
        request,
        _("The wording changed while you were reading, so nothing is saved. Here is the new one."),
    )
    form = AgreementForm(
        reading=reading,
        signed=request.way.study.is_research,
        initial={"typed_name": request.POST.get("typed_name", "")},
    )
    return _page(request, form, reading)


def _page(request: JoinRequest, form: AgreementForm, reading: Document) -> HttpResponse:
    way = request.way
    context = {
        **way.context("agreement"),
        "form": form,
        "document": reading,
        "sheet": way.sheet,
        "today": timezone.localdate(),
    }
    return render(request, "portal/join/agreement.html", context)
