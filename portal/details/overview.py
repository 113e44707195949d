"""What we hold about the person themselves, and the way to change it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from participants.models import ConsentSignature, Demographics
from participants.models.demographics import Answered
from participants.services import save_demographics
from portal.access import ParticipantRequest, enrolled_required
from portal.joining.about_form import AboutForm, initial_of
from portal.posted import data_of


@enrolled_required
def details(request: ParticipantRequest) -> HttpResponse:
    enrolment = request.enrolment
    said = Demographics.objects.filter(enrolment=enrolment).first()
    signatures = ConsentSignature.objects.filter(enrolment=enrolment)
    context = {
        "enrolment": enrolment,
        "study": enrolment.study,
        "signature": signatures.select_related("document").order_by("-signed_at").first(),
        "about": _spoken(said) if enrolment.study.is_research else [],
    }
    return render(request, "portal/details/details.html", context)


@enrolled_required
def change_about(request: ParticipantRequest) -> HttpResponse:
    enrolment = request.enrolment
    if not enrolment.study.is_research:
        raise Http404
    said = Demographics.objects.filter(enrolment=enrolment).first()
    form = AboutForm(data_of(request), initial=initial_of(said))
    if request.method == "POST" and form.is_valid():
        recorded = save_demographics(
            enrolment=enrolment, answers=form.answers(), now=timezone.now()
        )
        _say(request, recorded=recorded)
        return redirect("portal:details")
    return render(request, "portal/details/about.html", {"form": form, "study": enrolment.study})


def _say(request: ParticipantRequest, *, recorded: bool) -> None:
    if recorded:
        messages.success(request, _("Your answers are saved."))
    elif request.enrolment.is_withdrawn:
        messages.info(request, _("You have left the study, so nothing new is recorded."))
    else:
        messages.info(request, _("Nothing is recorded until you have read the new agreement."))


def _spoken(said: Demographics | None) -> list[tuple[str, str]]:
    """Each question with what was said, in words."""
    return [
        (_("Age"), _answer(said, "age")),
        (_("Gender"), _answer(said, "gender")),
        (_("Ethnic group"), _answer(said, "ethnicity")),
        (_("Highest education"), _answer(said, "education")),
    ]


def _answer(said: Demographics | None, name: str) -> str:
    how = getattr(said, f"{name}_answered", Answered.NOT_ASKED)
    if how == Answered.DECLINED:
        return _("You prefer not to say")
    if said is None or how != Answered.ANSWERED:
        return _("Left empty")
    if name == "age":
        return str(said.age)
    own_words: str = getattr(said, f"{name}_own_words", "")
    return own_words or str(getattr(said, f"get_{name}_display")())
