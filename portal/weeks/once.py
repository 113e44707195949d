"""Looking at a page or fetching a file is a GET, which a browser may repeat as it likes."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from courses.models import Material
from participants.models import Session
from participants.playback import record_engagement


def once_a_day(*, session: Session, material: Material, kind: str, now: datetime) -> bool:
    """Record one such engagement with a material for each day (UTC); whether it was recorded.

    The same day makes the same key, so that a second one finds the first.
    """
    name = f"{kind}/{session.pk}/{material.pk}/{now.astimezone(UTC).date()}"
    return record_engagement(
        session=session, material=material, kind=kind, uuid=uuid5(NAMESPACE_URL, name), now=now
    )
