"""`scheduling.spoken` for templates: {% load spoken %} … {{ session.opens_at|moment }}."""

from django import template

from scheduling import spoken

register = template.Library()

register.filter("hour", spoken.hour)
register.filter("day", spoken.day)
register.filter("long_date", spoken.long_date)
register.filter("moment", spoken.moment)
register.filter("zone", spoken.zone)
register.filter("week_word", spoken.week)
register.filter("minutes", spoken.minutes)
register.filter("clock", spoken.clock)
register.filter("size", spoken.size)


@register.filter
def whole(seconds: float) -> int:
    """Begun seconds, for addresses and scripts: a little early, so that no word is cut off."""
    return int(seconds)


@register.filter
def masked(address: str) -> str:
    """ "a…@example.org": enough for its owner, and little for who looks over their shoulder."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}…\u2060@{domain}"  # a word joiner: no line ends within


@register.filter
def week_inside(value: int) -> str:
    """ "week two", inside a sentence."""
    return spoken.week(value, capital=False)
