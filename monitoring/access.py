"""Who may see which staff page. Rights are per study."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from monitoring import second_step
from participants.models import User
from studies.models import Study
from studies.models.study import StudyQuerySet

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def studies_of(user: User) -> StudyQuerySet:
    """The studies whose people `user` may see: those they research, or all for a superuser."""
    if user.is_superuser:
        return Study.objects.all()
    return Study.objects.filter(researchers__user=user)


def is_staff(user: User) -> bool:
    return user.works_here()


def staff_required(view: View[P]) -> View[P]:
    """Strangers go to sign in, participants get 403, staff go by way of their second step."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if not is_staff(user):
            raise PermissionDenied
        if second_step.is_missing(user):
            return second_step.to_set_up(request)
        return view(request, *args, **kwargs)

    return guarded
