"""Mails on or off. A setting, and not leaving: the weeks open all the same."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access import ParticipantRequest, participant_required
from scheduling import services


@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
def mail(request: ParticipantRequest) -> HttpResponse:
    """Each button says what it does, so that pressing it twice does it once."""
    enrolment, now = request.enrolment, timezone.now()
    if "stop" in request.POST:
        services.stop_mail(enrolment=enrolment, now=now)
        messages.success(request, _("The emails are switched off."))
        return redirect("portal:home")
    if "start" in request.POST:
        services.restart_mail(enrolment=enrolment, now=now)
        messages.success(request, _("The emails are switched on."))
        return redirect("portal:home")
    context = {"study": enrolment.study, "rhythm": enrolment.rhythm}
    return render(request, "portal/settings/mail.html", context)
