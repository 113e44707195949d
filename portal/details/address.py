"""Moving to another email address: it counts once a code sent to it has come back."""

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from participants.accounts import AddressUnusable, change_address
from portal.access import ParticipantRequest, enrolled_required
from portal.account_forms import TYPE_THE_CODE
from portal.accounts import TOO_MANY_TRIES, AccountAdapter
from portal.details import new_address
from portal.details.new_address import Outcome
from portal.joining.email_form import NewAddressForm
from portal.posted import NOT_TEXT, data_of
from scheduling import bounces


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "You can type it or paste it. Capital or small letters, both are fine."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={**NOT_TEXT, "required": TYPE_THE_CODE},
    )


@enrolled_required
def address(request: ParticipantRequest) -> HttpResponse:
    assert request.user.is_authenticated
    form = NewAddressForm(data_of(request), current=request.user.email)
    if request.method == "POST" and form.is_valid():
        new_address.send_code(request, form.cleaned_data["email"])
        return redirect("portal:address_code")
    context = {"form": form, "study": request.enrolment.study}
    return render(request, "portal/details/address.html", context)


@require_POST
@enrolled_required
def works(request: ParticipantRequest) -> HttpResponse:
    """The person says that the address we could not reach can be reached again. They go back to the
    page on which they said so.
    """
    assert request.user.is_authenticated
    bounces.works_again(user=request.user, now=timezone.now())
    messages.success(request, _("Thank you. Our emails go to that address again."))
    page = request.POST.get("next", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if is_ours else "portal:home")


@enrolled_required
def confirm(request: ParticipantRequest) -> HttpResponse:
    email = new_address.waiting(request)
    if email is None:
        messages.info(request, _("No code is waiting. Write your new address here first."))
        return redirect("portal:address")
    form = CodeForm(data_of(request))
    if request.method == "POST" and form.is_valid():
        outcome = new_address.check(request, form.cleaned_data["code"])
        if outcome is not Outcome.WRONG:
            return _finished(request, outcome, email)
        form.add_error("code", str(AccountAdapter.error_messages["incorrect_code"]))
    context = {"form": form, "email": email, "study": request.enrolment.study}
    return render(request, "portal/details/address_code.html", context)


def _finished(request: ParticipantRequest, outcome: Outcome, email: str) -> HttpResponse:
    if outcome is Outcome.RIGHT:
        return _changed(request, email)
    if outcome is Outcome.EXPIRED:
        words = _("That code has expired: codes work for 15 minutes. Please ask for a new one.")
    else:
        words = str(TOO_MANY_TRIES)
    messages.warning(request, words)
    return redirect("portal:address")


def _changed(request: ParticipantRequest, email: str) -> HttpResponse:
    try:
        _move(request, email)
    except AddressUnusable as refusal:
        messages.warning(request, refusal.message)
        return redirect("portal:address")
    messages.success(
        request,
        _("From now on we write to your new address. Links in earlier emails no longer work."),
    )
    return redirect("portal:details")


@transaction.atomic
def _move(request: ParticipantRequest, email: str) -> None:
    """The change and the notice of it to the former address, or neither.

    The notice is for whoever left a phone lying open, so it says nothing of the new address.
    """
    assert request.user.is_authenticated
    former = request.user.email
    user = change_address(user=request.user, email=email, now=timezone.now())
    bounces.works_again(user=user, now=timezone.now())
    get_adapter(request).send_where_nobody_may_be(
        "portal/mail/address_changed", former, {"study": request.enrolment.study}
    )
    update_session_auth_hash(request, user)  # all other sign-ins have ended
