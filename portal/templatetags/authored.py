"""What authors wrote, fitted into a page."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_HEADING = re.compile(r"(</?h)([1-6])(?=[\s>])")


@register.filter
def lowered(html: str, levels: int) -> SafeString:
    """Sanitised HTML whose headings stand `levels` deeper, so that they follow the page's own."""
    return mark_safe(_HEADING.sub(lambda tag: f"{tag[1]}{min(int(tag[2]) + levels, 6)}", html))
