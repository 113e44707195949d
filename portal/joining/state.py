"""What the session remembers of a person on their way to agreeing, per study.

No answer that keeps a person out is ever stored, here or elsewhere: `met` names the criteria that
were met, and that is no more than joining itself says.
"""

from dataclasses import asdict, dataclass, field

from django.http import HttpRequest
from django.urls import reverse

from studies.models import Study

_KEY = "joining"
_LATEST = "joining_latest"


@dataclass
class State:
    """`sheet`: primary key of the information read. `tallied`: outcomes counted for this person."""

    sheet: int | None = None
    source: str = ""
    met: list[str] = field(default_factory=list)
    tallied: list[str] = field(default_factory=list)


def read(request: HttpRequest, study: Study) -> State:
    return State(**request.session.get(_KEY, {}).get(study.slug, {}))


def write(request: HttpRequest, study: Study, state: State) -> None:
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


def email_step(request: HttpRequest) -> str | None:
    """The address step of the study this browser was joining last."""
    slug = request.session.get(_LATEST)
    return reverse("portal:join_email", args=[slug]) if slug else None
