"""The admin's page that asks before an edition is published, and says who will see it.

It stands here because courses know of no studies, and studies of no people: see
docs/adr/0026-publishing-is-asked-for-where-people-are-known.md.
"""

from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.comparison import compare, summary
from courses.comparison.pages import published_before
from courses.models import Edition
from courses.publishing.lacking import Lack, lacks
from courses.services import CannotPublish
from monitoring.editions.audience import audiences
from monitoring.editions.services import ChangedMeanwhile, publish_and_give, version_of
from participants.models import User
from studies.models import Study

if TYPE_CHECKING:
    from courses.admin.pages import KeepsRows  # whose package registers with the site itself


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, site: admin.AdminSite, pk: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.select_related("course"), pk=pk)
    rows = cast("KeepsRows", site.get_model_admin(Edition))
    if kept := rows.kept(request, str(pk), "change"):
        return kept
    if not rows.has_change_permission(request, edition):
        raise PermissionDenied
    user = cast(User, request.user)  # as `site` has seen to
    if request.method == "POST" and _publish(request, edition, user):
        return redirect("admin:courses_edition_change", edition.pk)
    context = {**site.each_context(request), **_told(edition, user)}
    return TemplateResponse(request, "admin/courses/edition/publish.html", context)


def _publish(request: HttpRequest, edition: Edition, user: User) -> bool:
    """Whether it was done; why not, is among the messages or on the page itself."""
    chosen = Study.objects.filter(slug__in=request.POST.getlist("give"))
    try:
        published = publish_and_give(
            edition=edition,
            shown=request.POST.get("shown", ""),
            studies=list(chosen.order_by("pk")),
            by=user,
            now=timezone.now(),
        )
    except ChangedMeanwhile:
        sentence = _("The draft has changed since you opened this page. Look at it once more.")
        messages.error(request, sentence)
        return False
    except CannotPublish:
        return False
    messages.success(request, " ".join([_("%s is published.") % published, *_given(published)]))
    return True


def _given(edition: Edition) -> list[str]:
    names = Study.objects.filter(edition=edition).order_by("public_name")
    said = _("New people of “%s” are given it from now on.")
    given = [said % study for study in names]
    return given or [_("No study gives it to new people so far.")]


def _told(edition: Edition, user: User) -> dict[str, object]:
    before = published_before(edition)
    comparison = compare(before, edition)
    there = audiences(edition, user)
    return {
        "title": _("Publish edition %d") % edition.number,
        "edition": edition,
        "before": before,
        "lacks": [(lack.sentence, _address(lack)) for lack in lacks(edition)],
        "is_same": before is not None and comparison.is_same,
        "changes": summary.lines(comparison) if before else [],
        "audiences": there,
        "going_on": sum(each.going_on for each in there),
        "may_choose": any(each.may_choose for each in there),
        "shown": version_of(edition),
    }


def _address(lack: Lack) -> str:
    """Where it is mended."""
    name = lack.row._meta.model_name
    return reverse(f"admin:courses_{name}_change", args=[lack.row.pk])
