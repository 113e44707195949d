"""A list of people: uploaded, looked at with all that is wrong, and then saved."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses.uploads.handler import refused_in
from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.enrol import columns, columns_told, faults, packing, progress, saving
from monitoring.enrol.checking import Checked, Said, check, nobody_asks
from monitoring.enrol.faults import Fault
from monitoring.enrol.forms import ConfirmForm, UploadForm, new_once
from monitoring.enrol.reading import MOST_BYTES
from monitoring.enrol.saving import Saved
from participants.inviting import CannotInvite, consent_form
from scheduling import lane
from scheduling.models.rhythm import Weekday
from studies.models import Study

_FIRST = 5


@require_http_methods(["GET", "HEAD", "POST"])
@researcher_required
@managing
def upload(request: ResearcherRequest, study: Study) -> HttpResponseBase:
    now = timezone.now()
    if request.method != "POST":
        return _page(request, study, UploadForm(), now)
    if "packed" in request.POST:
        confirmed = _told if progress.is_asked_for(request) else _confirmed
        return confirmed(request, study, now)
    form = UploadForm(request.POST, request.FILES)
    if "file" in refused_in(request):
        form.errors["file"] = form.error_class([_too_large()])
    if not form.is_valid():
        return _page(request, study, form, now)
    # One byte more than may be, so that what is larger is known to be.
    content = form.cleaned_data["file"].read(MOST_BYTES + 1)
    return _preview(request, study, content, _checked(content, study, now))


def _page(
    request: ResearcherRequest, study: Study, form: UploadForm, now: datetime
) -> HttpResponse:
    asked = consent_form(study, now=now)
    version = max(asked.versions, default=0)
    newest = asked.versions.get(version, [])
    context = {
        "this_study": study,
        "staff_place": "enrol",
        "form": form,
        "plain": ",".join(columns.PLAIN),
        "whole": ",".join(columns.known([each.key for each in newest])),
        "plain_columns": columns_told.plain(),
        "elsewhere_columns": columns_told.elsewhere(version, newest),
        "version": version,
    }
    return render(request, "monitoring/enrol/upload.html", context)


def _checked(content: bytes, study: Study, now: datetime, said: Said = nobody_asks) -> Checked:
    checked = check(content, study, now=now, said=said)
    if checked.faults or packing.packed(content):
        return checked
    faults = [Fault(0, "", _too_large())]
    return Checked(faults=faults, rows=checked.rows, blank=checked.blank)


def _too_large() -> str:
    return _("The file is too large for this page. Divide it, or use the command on the server.")


def _preview(
    request: ResearcherRequest,
    study: Study,
    content: bytes,
    checked: Checked,
    form: ConfirmForm | None = None,
    *,
    has_changed: bool = False,
) -> HttpResponse:
    """What would be done, or all that is wrong. `has_changed`: it was right when it was shown."""
    begin = {"packed": packing.packed(content), "once": new_once()}
    context: dict[str, Any] = {
        "this_study": study,
        "staff_place": "enrol",
        "checked": checked,
        "faults": faults.told(checked.faults),
        "doubts": faults.told(checked.doubts),
        "faulty_lines": len({each.line for each in checked.faults if each.line}),
        "first": [
            (line, each, Weekday(each.weekday).label if each.weekday else "")
            for line, each in islice(checked.people.items(), _FIRST)
        ],
        "minutes": _minutes(len(checked.people)),
        "has_changed": has_changed,
    }
    if not checked.faults:
        context["form"] = form or ConfirmForm(initial=begin, attests=bool(checked.agreed))
    return render(request, "monitoring/enrol/preview.html", context)


def _minutes(mails: int) -> int:
    """From the first mail to the last, in whole minutes; 0 where they go at once."""
    if mails <= lane.AT_ONCE:
        return 0
    return round((mails - 1) // lane.EACH_STEP * lane.STEP.total_seconds() / 60)


def _confirmed(request: ResearcherRequest, study: Study, now: datetime) -> HttpResponse:
    """The page's file, checked as if it were new: whatever happened since is seen."""
    content = packing.unpacked(request.POST["packed"])
    if content is None:
        messages.error(request, _("The file did not arrive whole. Please choose it once more."))
        return redirect("monitoring:enrol_csv", study.slug)
    once = saving.pressed(request.POST.get("once", ""), request.POST["packed"])
    if saved := saving.saved_before(study, once):
        return _done(request, study, saved)
    checked = _checked(content, study, now)
    if checked.faults:
        return _overtaken(request, study, content, once, checked)
    form = ConfirmForm(request.POST, attests=bool(checked.agreed))
    if not form.is_valid():
        return _preview(request, study, content, checked, form)
    try:
        # Not as of before it was looked at: an export may have been made meanwhile.
        saved = saving.save(checked, study, by=request.user, once=once, now=timezone.now())
    except CannotInvite as refusal:
        return _beaten(request, study, content, once, refusal, now)
    return _done(request, study, saved)


def _told(request: ResearcherRequest, study: Study, now: datetime) -> HttpResponseBase:
    """Saves as `_confirmed` does, and tells how far it is, but not what came of it. The page sends
    the same again the plain way, which is answered as where a button was pressed twice. 409 says
    that there is nothing to tell, and that this is to be done at once.
    """
    given, by = request.POST, request.user
    content = packing.unpacked(given["packed"])
    once = saving.pressed(given.get("once", ""), given["packed"])
    if content is None or not once or saving.saved_before(study, once):
        return HttpResponse(status=409)

    def save(said: progress.Said) -> None:
        checked = _checked(content, study, now, partial(said, "checking"))
        form = ConfirmForm(given, attests=bool(checked.agreed))
        if checked.faults or not form.is_valid():
            return
        whole = len(checked.people)
        said("saving", 0, whole)
        with suppress(CannotInvite):
            saving.save(
                checked,
                study,
                by=by,
                once=once,
                now=timezone.now(),
                said=lambda done: said("saving", done, whole),
            )

    return progress.told(save)


def _beaten(
    request: ResearcherRequest,
    study: Study,
    content: bytes,
    once: str,
    refusal: CannotInvite,
    now: datetime,
) -> HttpResponse:
    checked = _checked(content, study, now)
    if not checked.faults:
        checked = Checked(faults=[Fault(0, "", refusal.message)], rows=checked.rows)
    return _overtaken(request, study, content, once, checked)


def _overtaken(
    request: ResearcherRequest, study: Study, content: bytes, once: str, checked: Checked
) -> HttpResponse:
    """Somebody was quicker: another list, whoever joined, or the same button pressed twice."""
    if saved := saving.saved_before(study, once):
        return _done(request, study, saved)
    return _preview(request, study, content, checked, has_changed=True)


def _done(request: ResearcherRequest, study: Study, saved: Saved) -> HttpResponse:
    if saved.invited:
        words = ngettext("%d person is invited.", "%d people are invited.", saved.invited)
        messages.success(request, words % saved.invited)
    if saved.agreed:
        words = ngettext(
            "%d person is enrolled with consent taken elsewhere.",
            "%d people are enrolled with consent taken elsewhere.",
            saved.agreed,
        )
        messages.success(request, words % saved.agreed)
    return redirect("monitoring:enrol", study.slug)
