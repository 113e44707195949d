"""For people who take part in several studies or courses: which one now?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participants.models import User
from portal.access import CHOSEN, enrolments_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def which(request: HttpRequest) -> HttpResponse:
    """Those left as well, so that asking for deletion stays possible."""
    user = request.user
    assert isinstance(user, User)
    enrolments = enrolments_of(user)
    chosen = [e for e in enrolments if e.code == request.POST.get("code")]
    if chosen:
        request.session[CHOSEN] = chosen[0].pk
        return redirect("portal:home")
    if not enrolments:
        return redirect("portal:home")
    problem = request.method == "POST"
    return render(request, "portal/which.html", {"enrolments": enrolments, "problem": problem})
