"""A new study, with what its row cannot be without. All else is set on its settings page."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from monitoring.access import staff_required
from monitoring.models import StaffAction
from monitoring.settings_pages.section_forms import KeepingForm, NamesForm, WeeksForm
from participants.models import StudyResearcher, User
from studies.models import Study


def may_start(user: User) -> bool:
    """Superusers, and editors who were given the right to add studies."""
    return user.is_superuser or (user.is_staff and user.has_perm("studies.add_study"))


class NewStudyForm(NamesForm, WeeksForm, KeepingForm):
    class Meta:
        model = Study
        fields = (
            *("public_name", "neutral_name", "slug", "purpose", "default_zone"),
            *("edition", "deletion_cutoff", "retention_until"),
        )
        widgets = {**NamesForm.Meta.widgets, **KeepingForm.Meta.widgets}
        labels = WeeksForm.Meta.labels
        error_messages = {
            **NamesForm.Meta.error_messages,
            **WeeksForm.Meta.error_messages,
            **KeepingForm.Meta.error_messages,
        }


@never_cache
@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_study(request: HttpRequest) -> HttpResponse:
    """Whoever starts it manages it; identity and arms are rights of their own, given by others."""
    assert isinstance(request.user, User)
    if not may_start(request.user):
        raise PermissionDenied
    now = timezone.now()
    posted = [request.POST] if request.method == "POST" else []
    form = NewStudyForm(*posted, initial=_suggested(now.date()), now=now, joined=0)
    if form.is_valid():
        try:
            study = _made(form, request.user, now)
        except IntegrityError:  # pressed twice, or another of that name was made in this moment
            form.add_error("slug", form.fields["slug"].error_messages["unique"])
        else:
            return redirect("monitoring:settings", study.slug)
    context = {"form": form, "staff_place": "studies"}
    return render(request, "monitoring/settings/new_study.html", context)


@transaction.atomic
def _made(form: NewStudyForm, by: User, now: datetime) -> Study:
    study: Study = form.save()
    StudyResearcher.objects.create(user=by, study=study, manages=True)
    StaffAction.objects.create(
        study=study, by=by, kind=StaffAction.Kind.SETTINGS, details={"section": "new"}, at=now
    )
    return study


def _suggested(today: date) -> dict[str, Any]:
    """A year to ask for deletion, and ten to keep; to be changed."""
    return {
        "deletion_cutoff": today + timedelta(days=365),
        "retention_until": today + timedelta(days=3650),
    }
