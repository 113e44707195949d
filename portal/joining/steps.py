"""The order of the steps, which of them are done, and the way to the right one.

A view is marked `@step("day")` and takes a `JoinRequest`. Whoever comes too early is led to the
step that comes first; whoever has done it already is led on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, Literal, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _

from participants.models import Enrolment, User
from participants.places import is_full
from portal.access import CHOSEN
from portal.joining import state
from scheduling.models import Rhythm
from studies.models import Document, EligibilityCriterion, Study

Step = Literal["information", "questions", "email", "agreement", "about", "day"]
P = ParamSpec("P")


@dataclass
class Way:
    """How far one person is on the way into one study. `enrolment` exists once they have agreed."""

    study: Study
    state: state.State
    user: User | None
    enrolment: Enrolment | None

    @cached_property
    def criteria(self) -> list[EligibilityCriterion]:
        return list(self.study.criteria.order_by("position"))

    @cached_property
    def sheet(self) -> Document | None:
        """What is read first: the information sheet, or a service's privacy notice."""
        kind = Document.Kind.INFORMATION if self.study.is_research else Document.Kind.PRIVACY
        return Document.objects.in_force(self.study, kind)

    @cached_property
    def steps(self) -> list[Step]:
        asked: list[tuple[Step, bool]] = [
            ("information", True),
            ("questions", bool(self.criteria)),
            ("email", True),
            ("agreement", True),
            ("about", self.study.is_research),
            ("day", True),
        ]
        return [name for name, is_asked in asked if is_asked]

    def first_open_question(self) -> EligibilityCriterion | None:
        return next((one for one in self.criteria if one.key not in self.state.met), None)

    def is_done(self, step: Step) -> bool:
        if self.enrolment is not None:
            return step in {"information", "questions", "email", "agreement"} or (
                step == "about" and self.enrolment.demographics_at is not None
            )
        if step == "information":
            return self.sheet is not None and self.state.sheet == self.sheet.pk
        if step == "questions":
            return self.first_open_question() is None
        return step == "email" and self.user is not None

    def next_step(self) -> Step:
        return next((step for step in self.steps if not self.is_done(step)), "day")

    def address_of(self, step: Step) -> str:
        slug = self.study.slug
        if step == "questions":
            question = self.first_open_question() or self.criteria[0]
            return reverse("portal:join_question", args=[slug, question.key])
        names: dict[Step, str] = {
            "information": "join",
            "email": "join_email",
            "agreement": "join_agreement",
            "about": "join_about",
            "day": "join_day",
        }
        return reverse(f"portal:{names[step]}", args=[slug])

    def address_of_next(self) -> str:
        return self.address_of(self.next_step())

    def context(self, step: Step) -> dict[str, Any]:
        """For joining.html."""
        return {
            "study": self.study,
            "step_number": self.steps.index(step) + 1,
            "step_total": len(self.steps),
        }


class JoinRequest(HttpRequest):
    way: Way


JoinView = Callable[Concatenate[JoinRequest, P], HttpResponse]
View = Callable[..., HttpResponse]


def step(name: Step) -> Callable[[JoinView[P]], View]:
    def decorate(view: JoinView[P]) -> View:
        @wraps(view)
        def led(
            request: HttpRequest, /, study: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            visit = cast(JoinRequest, request)
            visit.way = way = find_way(request, study)
            elsewhere = _already_in(visit, name) or _closed(visit) or _other_step(visit, name)
            if elsewhere is not None:
                return elsewhere
            with timezone.override(way.study.default_zone):
                response = view(visit, *args, **kwargs)
            return _kept_for_going_back(response, has_identity=way.user is not None)

        return led

    return decorate


def _kept_for_going_back(response: HttpResponse, *, has_identity: bool) -> HttpResponse:
    """Going back to a page that answered a form works only where the browser may keep it.

    Before the person has signed in it may. Afterwards pages hold a name and answers, and a shared
    phone shall not show them once somebody has signed out.
    """
    if has_identity:
        add_never_cache_headers(response)
    else:
        patch_cache_control(response, private=True, no_cache=True, max_age=0)
    return response


def find_way(request: HttpRequest, slug: str) -> Way:
    """Raises Http404 for a study that does not exist or is not public yet."""
    public = Study.objects.exclude(state=Study.State.DRAFT).select_related("edition__course")
    study = get_object_or_404(public, slug=slug)
    user = request.user if isinstance(request.user, User) else None
    enrolment = (
        study.enrolments.belonging_to(user).current().select_related("rhythm").first()
        if user
        else None
    )
    return Way(study=study, state=state.read(request, study), user=user, enrolment=enrolment)


def _already_in(request: JoinRequest, wanted: Step) -> HttpResponse | None:
    enrolment = request.way.enrolment
    if enrolment is None or enrolment.status != Enrolment.Status.ACTIVE:
        return None
    choose(request, enrolment)
    if wanted == "day":  # sent twice, or gone back to: the dates are what they are after
        if request.method == "POST" and _wishes_another_day(request, enrolment.rhythm):
            words = _(
                "You had chosen your day already, so that day stands. You can change it here."
            )
            messages.warning(request, words)
        return redirect("portal:join_dates", request.way.study.slug)
    messages.info(request, _("You have joined already, so here are your four weeks."))
    return redirect("portal:home")


def _wishes_another_day(request: JoinRequest, stands: Rhythm) -> bool:
    """As with a second window; pressing the button twice wishes for the same day."""
    known = {
        "weekday": str(stands.weekday),
        "local_time": f"{stands.local_time:%H:%M}",
        "zone": stands.zone,
    }
    return any(request.POST.get(name) != value for name, value in known.items())


def choose(request: HttpRequest, enrolment: Enrolment) -> None:
    """From here on this is the enrolment that the person's pages are about."""
    request.session[CHOSEN] = enrolment.pk


def _closed(request: JoinRequest) -> HttpResponse | None:
    """Those who have agreed may go on to choose a day, whatever has happened since."""
    way = request.way
    if way.enrolment is not None:
        return None
    if not way.study.is_recruiting(timezone.now()):
        return closed_page(request, way.study)
    if is_full(way.study):
        return full_page(request, way.study)
    return None


def closed_page(request: HttpRequest, study: Study) -> HttpResponse:
    return render(request, "portal/join/closed.html", {"study": study})


def full_page(request: HttpRequest, study: Study) -> HttpResponse:
    return render(request, "portal/join/full.html", {"study": study})


def _other_step(request: JoinRequest, wanted: Step) -> HttpResponse | None:
    way = request.way
    due = way.next_step()
    if wanted not in way.steps:
        return redirect(way.address_of(due))
    order = way.steps.index
    if order(wanted) > order(due):
        has_begun = way.is_done("information")
        kept = _("This comes first. What you have done so far is kept.")
        messages.info(request, kept if has_begun else _("This comes first."))
        return redirect(way.address_of(due))
    cannot_be_done_again = way.enrolment is not None or wanted == "email"
    if order(wanted) < order(due) and cannot_be_done_again and wanted != "about":
        return redirect(way.address_of(due))
    return None
