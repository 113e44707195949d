"""Where people come from: how many were asked, were invited and joined, by source."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.http import urlencode

from participants.models import Enrolment
from studies.models import ScreeningTally, Study

# Anybody can type a source into the address, so there may be many that nobody made.
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Source:
    """`name` is "" for those who came without one. `met` and `unmet` count screenings, which are
    no people; the others count people, test people apart.
    """

    name: str
    met: int = 0
    unmet: int = 0
    invited: int = 0
    unjoined: int = 0
    joined: int = 0


def link(study: Study, source: str) -> str:
    """The public page of the study; whoever comes by it is counted under `source`."""
    address = settings.SITE_URL + reverse("portal:join", args=[study.slug])
    return f"{address}?{urlencode({'from': source})}" if source else address


def counted(study: Study) -> list[Source]:
    """Those by which most joined first."""
    met, people = Q(unmet=""), Enrolment.objects.filter(study=study, is_test=False)
    screened = ScreeningTally.objects.filter(study=study).order_by().values("source")
    asked = screened.annotate(
        met=Sum("count", filter=met, default=0), unmet=Sum("count", filter=~met, default=0)
    )
    came = (
        people.order_by()
        .values("source")
        .annotate(
            invited=Count("pk", filter=Q(status=Enrolment.Status.INVITED)),
            unjoined=Count("pk", filter=Q(status=Enrolment.Status.UNJOINED)),
            joined=Count("pk", filter=Q(consented_at__isnull=False)),
        )
    )
    found = _together([*asked, *came])
    return sorted(found, key=lambda one: (-one.joined, -one.met, -one.invited, one.name))


def _together(rows: Iterable[dict[str, object]]) -> list[Source]:
    by_name: dict[object, dict[str, object]] = {}
    for row in rows:
        by_name.setdefault(row["source"], {}).update(row)
    return [
        Source(name=str(row.pop("source")), **row)  # type: ignore[arg-type]
        for row in by_name.values()
    ]
