"""The links between a study's pages, those that open to whoever looks."""

from typing import Any

from django import template

from monitoring.access import Rights
from monitoring.places import places

register = template.Library()


@register.inclusion_tag("monitoring/parts/study_places.html", takes_context=True)
def study_places(context: template.Context) -> dict[str, Any]:
    """Of `this_study`; `staff_place` is the page's own."""
    return {
        "study": context["this_study"],
        "places": places(getattr(context["request"], "rights", Rights())),
        "here": context.get("staff_place", ""),
    }
