"""Who may see which staff page. Rights are per study.

    @staff_required        anybody who works here
    @researcher_required   those who research the study that the address names; gives it to the view
    @managing              beneath that: those who may also manage it
    @seeing_identity       beneath that: those who may also look up who somebody is
    @seeing_arms           beneath that: those who may also see who is in which arm

Of the last four each view takes a `ResearcherRequest` and the study. Strangers go to sign in,
participants get 403, researchers of another study 404, and those without the right 403 with a
sentence that says which one it is and who gives it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from monitoring import second_step
from participants.models import StudyResearcher, User
from studies.models import Study
from studies.models.study import StudyQuerySet

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
StudyView = Callable[Concatenate["ResearcherRequest", Study, P], HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What someone may do with a study besides seeing its people by code. False: just that."""

    identity: bool = False
    arm: bool = False
    manages: bool = False


class ResearcherRequest(HttpRequest):
    user: User
    rights: Rights


def studies_of(user: User) -> StudyQuerySet:
    """The studies whose people `user` may see: those they research, or all for a superuser."""
    if user.is_superuser:
        return Study.objects.all()
    return Study.objects.filter(researchers__user=user)


def rights(user: User, study: Study) -> Rights:
    """Of someone who does not research the study: none."""
    if user.is_superuser:
        return Rights(identity=True, arm=True, manages=True)
    given = StudyResearcher.objects.filter(user=user, study=study).first()
    if given is None:
        return Rights()
    return Rights(identity=given.sees_identity, arm=given.sees_arm, manages=given.manages)


def is_staff(user: User) -> bool:
    return user.works_here()


def staff_required(view: View[P]) -> View[P]:
    """Strangers go to sign in, participants get 403, staff go by way of their second step."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if not is_staff(user):
            raise PermissionDenied
        if second_step.is_missing(user):
            return second_step.to_set_up(request)
        return view(request, *args, **kwargs)

    return guarded


def researcher_required(view: StudyView[P]) -> Callable[..., HttpResponseBase]:
    """The address names the study by its slug, as `study`; the view is given the study itself."""

    @never_cache
    @staff_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Any, study: str, **kwargs: Any) -> HttpResponseBase:
        visit = cast(ResearcherRequest, request)
        here = get_object_or_404(studies_of(visit.user), slug=study)
        visit.rights = rights(visit.user, here)
        return view(visit, here, *args, **kwargs)

    return guarded


def managing(view: StudyView[P]) -> StudyView[P]:
    return _holding(
        view, lambda held: held.manages, lambda: _("This page is for those who manage the study.")
    )


def seeing_identity(view: StudyView[P]) -> StudyView[P]:
    return _holding(
        view,
        lambda held: held.identity,
        lambda: _("This page is for those who may look up who somebody is."),
    )


def seeing_arms(view: StudyView[P]) -> StudyView[P]:
    return _holding(
        view, lambda held: held.arm, lambda: _("This page is for those who may see arms.")
    )


def _holding(
    view: StudyView[P], allows: Callable[[Rights], bool], sentence: Callable[[], str]
) -> StudyView[P]:
    @wraps(view)
    def guarded(
        request: ResearcherRequest, study: Study, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        if allows(request.rights):
            return view(request, study, *args, **kwargs)
        context = {"this_study": study, "sentence": sentence()}
        return render(request, "monitoring/no_right.html", context, status=403)

    return guarded
