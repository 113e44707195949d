"""What the session remembers of a person on their way to agreeing, per study.

A phone may be shared, so until somebody has signed in it lapses after an hour; what is stored goes
with the session. No answer is stored beside a person: `met` and `tallied` are of a browser.
"""

import time
from dataclasses import asdict, dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from studies.models import Study

_KEY = "joining"
_LATEST = "joining_latest"
_LIFE = 60 * 60  # seconds


@dataclass
class State:
    """`sheet`: primary key of the information read. `met`: the criteria met.

    `tallied`: outcomes counted. `invited`: came by an invitation. `at`: when it was written, in
    seconds since 1970.
    """

    sheet: int | None = None
    source: str = ""
    met: list[str] = field(default_factory=list)
    tallied: list[str] = field(default_factory=list)
    invited: bool = False
    at: float = 0.0


def read(request: HttpRequest, study: Study) -> State:
    state = State(**request.session.get(_KEY, {}).get(study.slug, {}))
    if request.user.is_authenticated or time.time() - state.at <= _LIFE:
        return state
    return State()


def write(request: HttpRequest, study: Study, state: State) -> None:
    state.at = time.time()
    kept = request.session.get(_KEY, {})
    request.session[_KEY] = {**kept, study.slug: asdict(state)}
    request.session[_LATEST] = study.slug


def forget(request: HttpRequest, study: Study) -> None:
    """Once they have agreed, the enrolment knows the rest."""
    kept = dict(request.session.get(_KEY, {}))
    kept.pop(study.slug, None)
    request.session[_KEY] = kept
    if request.session.get(_LATEST) == study.slug:
        del request.session[_LATEST]


def ask_again(request: HttpRequest) -> None:
    """Of whoever gives another address, as it may be someone else, the answers are asked anew."""
    for slug, kept in request.session.get(_KEY, {}).items():
        kept |= {"met": [], "tallied": []}
        request.session[_KEY] = {**request.session[_KEY], slug: kept}


def go_on(request: HttpRequest) -> str | None:
    """Leads to the step that comes next in the study this browser was joining last."""
    slug = request.session.get(_LATEST)
    return reverse("portal:join_go_on", args=[slug]) if slug else None


def email_step(request: HttpRequest) -> str | None:
    """The address step of the study this browser was joining last."""
    slug = request.session.get(_LATEST)
    return reverse("portal:join_email", args=[slug]) if slug else None
