from django.http import HttpResponse

from portal.access import ParticipantRequest, participant_required
from scheduling.calendar import dates_ics


@participant_required
def calendar(request: ParticipantRequest) -> HttpResponse:
    """The dates as a file for the person's own calendar. Its names say nothing of health."""
    response = HttpResponse(
        dates_ics(request.enrolment), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="dates.ics"'
    return response
