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
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
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


_ALL = Rights(identity=True, arm=True, manages=True)


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
        return _ALL
    given = StudyResearcher.objects.filter(user=user, study=study).first()
    return _given(given) if given is not None else Rights()


def _given(row: StudyResearcher) -> Rights:
    return Rights(identity=row.sees_identity, arm=row.sees_arm, manages=row.manages)


def _study_named(slug: str, user: User) -> tuple[Study, Rights] | None:
    """With the user's rights in it, in one query; None if it is not theirs."""
    if user.is_superuser:
        found = Study.objects.filter(slug=slug).first()
        return (found, _ALL) if found is not None else None
    researched = StudyResearcher.objects.select_related("study")
    given = researched.filter(user=user, study__slug=slug).first()
    return (given.study, _given(given)) if given is not None else None


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
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Any, study: str, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        found = _study_named(study, user) if isinstance(user, User) else None
        if found is None:
            return _nothing_here(request)
        if second_step.is_missing(cast(User, user)):
            return second_step.to_set_up(request)
        visit = cast(ResearcherRequest, request)
        here, visit.rights = found
        return view(visit, here, *args, **kwargs)

    return guarded


@staff_required
def _nothing_here(request: HttpRequest) -> HttpResponseBase:
    raise Http404


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
