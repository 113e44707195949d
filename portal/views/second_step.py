"""Who may see the pages of the second step, and that no browser keeps them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from participants.models import User

View = Callable[..., HttpResponse]


def staff_alone(view: View) -> View:
    """allauth sends strangers to sign in; between two steps of that nobody is signed in yet."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User) and not request.user.works_here():
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
