"""The address, and a code to it. Whether we knew the address before shows nowhere."""

from urllib.parse import urlencode

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from participants.accounts import account_for
from portal.joining import invited, state
from portal.joining.email_form import EmailForm
from portal.joining.steps import JoinRequest, Way, step
from portal.posted import data_of


@step("email")
def email(request: JoinRequest) -> HttpResponse:
    way = request.way
    address, data = _invited(request), data_of(request)
    # Nothing was typed where the address is known: it is not on the page.
    form = EmailForm({"email": address} if address and data is not None else data)
    if request.method == "POST" and form.is_valid():
        state.write(request, way.study, way.state)
        return _send_code(request, form.cleaned_data["email"], is_typed=not address)
    if address:
        context = {**way.context("email"), "form": form}
        return render(request, "portal/join/email_invited.html", context)
    context = {
        **way.context("email"),
        "form": form,
        "last_question": way.criteria[-1] if way.criteria else None,
    }
    return render(request, "portal/join/email.html", context)


def _invited(request: JoinRequest) -> str:
    """The address that was invited, unless another one is given, or asked for."""
    if "email" in request.POST or "other" in request.GET:
        return ""
    return invited.address(request, request.way.study)


def _send_code(request: JoinRequest, address: str, *, is_typed: bool) -> HttpResponse:
    """allauth sends the code and its page takes it, then leads on to the agreement."""
    user = account_for(email=address, now=timezone.now())
    process = LoginCodeVerificationProcess.initiate(
        request=request, user=user if user.is_active else None, email=address
    )
    if not is_typed:
        invited.note_code(process)
    return HttpResponseRedirect(code_page(request.way))


def code_page(way: Way) -> str:
    onward = urlencode({"next": way.address_of("agreement")})
    return f"{reverse('account_confirm_login_code')}?{onward}"
