"""The first page of the admin begins with what to do next."""

from typing import Any

from django import template

from monitoring import next_step as steps
from participants.models import User

register = template.Library()


@register.inclusion_tag("monitoring/parts/next_step.html", takes_context=True)
def next_step(context: template.Context) -> dict[str, Any]:
    user = context["request"].user
    if not isinstance(user, User):
        return {"step": None}
    return {"step": steps.next_step(user), "may_bring_in": user.has_perm("courses.add_course")}
