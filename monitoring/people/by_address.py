"""From an address to the code: somebody writes from it, and is to be found.

By POST alone, one address at a time, for those who may look up who somebody is. The answer is the
code and nothing else, and each look is recorded with why.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, researcher_required, seeing_identity
from monitoring.models import AccessLog
from monitoring.unnamed import NAMES_NOBODY, names_somebody, names_them
from participants.addresses import as_kept
from participants.models import Enrolment
from studies.models import Study


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the address that they wrote from."),
            "invalid": _("This is not an email address. Write it whole, with its @."),
        },
    )
    why = forms.CharField(
        label=_("Why you look"),
        help_text=_("It is kept for good: no names, no addresses."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say why you look, in a few words.")},
    )

    def clean_why(self) -> str:
        why: str = self.cleaned_data["why"]
        if names_somebody(why):
            raise forms.ValidationError(NAMES_NOBODY)
        return why


@require_http_methods(["GET", "HEAD", "POST"])
@researcher_required
@seeing_identity
def by_address(request: ResearcherRequest, study: Study) -> HttpResponse:
    form = AddressForm(request.POST) if request.method == "POST" else AddressForm()
    context: dict[str, Any] = {"this_study": study, "staff_place": "people", "form": form}
    if form.is_bound and form.is_valid():
        found = _found(request, study, form, timezone.now())
        if form.is_valid():
            context |= {"found": found, "is_answered": True, "form": AddressForm()}
    return render(request, "monitoring/people/by_address.html", context)


@transaction.atomic
def _found(
    request: ResearcherRequest, study: Study, form: AddressForm, now: datetime
) -> list[Enrolment]:
    """Whoever has that address now, the newest first: the same person may have joined twice.
    Nothing is found that is not recorded, nor refused for a reason that names who it is.
    """
    address, why = as_kept(form.cleaned_data["email"]), form.cleaned_data["why"]
    theirs = Enrolment.objects.filter(study=study, user__email=address).order_by("-pk")
    found = list(theirs.only("code", "study_id"))
    named = [names_them(request, person, why, now=now) for person in found]
    if any(named):
        form.add_error("why", NAMES_NOBODY)
        return []
    for person in found:
        AccessLog.objects.create(by=request.user, enrolment=person, at=now, why=why)
    return found
