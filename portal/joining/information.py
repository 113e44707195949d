"""The first page: what the study is, in full, before anything is asked."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.joining import state
from portal.joining.steps import JoinRequest, Way, closed_page, step
from studies.screening import clean_source


@step("information")
def information(request: JoinRequest) -> HttpResponse:
    way = request.way
    if way.sheet is None:
        return closed_page(request, way.study)
    if request.method == "POST":
        return _begin(request, str(way.sheet.pk))
    context = {
        **way.context("information"),
        "sheet": way.sheet,
        "mails": _mails(way),
        "source": request.GET.get("from", way.state.source),
        "changed": way.state.sheet not in {None, way.sheet.pk},
    }
    return render(request, "portal/join/information.html", context)


def _begin(request: JoinRequest, in_force: str) -> HttpResponse:
    """The form says which version was read: it may have changed meanwhile."""
    way = request.way
    if request.POST.get("sheet") != in_force:
        messages.warning(
            request, _("The text changed while you were reading. Here is the new one.")
        )
        return redirect(way.address_of("information"))
    way.state.sheet = int(in_force)
    way.state.source = way.state.source or clean_source(request.POST.get("from", ""))
    state.write(request, way.study, way.state)
    return redirect(way.address_of_next())


def _mails(way: Way) -> dict[str, int]:
    """How many emails of each sort a person gets."""
    weeks = way.study.edition.modules.count()
    return {"weeks": weeks, "sure": weeks + 3, "reminders": weeks if way.study.nudges else 0}
