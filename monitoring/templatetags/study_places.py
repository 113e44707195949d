"""How a study stands, and the links between its pages that open to whoever looks."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from monitoring.access import Rights
from monitoring.places import places
from participants.places import is_full
from studies.models import Study

register = template.Library()


@register.inclusion_tag("monitoring/parts/study_places.html", takes_context=True)
def study_places(context: template.Context) -> dict[str, Any]:
    """Of `this_study`; `staff_place` is the page's own."""
    study: Study = context["this_study"]
    is_open = study.state == Study.State.RECRUITING
    return {
        "study": study,
        "state": "" if is_open and not is_full(study) else study_state(study),
        "places": places(getattr(context["request"], "rights", Rights())),
        "here": context.get("staff_place", ""),
    }


@register.simple_tag
def study_state(study: Study) -> str:
    """As the study says, and that nobody can join one that recruits but has no place left."""
    if study.state == Study.State.RECRUITING and is_full(study):
        return _("Recruiting, but full")
    return study.get_state_display()
