"""The report token: a signed word in a week's page, which its reports bring back.

`sendBeacon` cannot set a header, so Django's own CSRF check cannot see a report. This token does
its work: a page of another origin cannot read it, so it cannot make a report that is accepted. It
gives no right by itself: the sender must be the session's own participant as well.
"""

from django.core.signing import BadSignature, TimestampSigner

from participants.models import Session

# As long as a report may describe the past.
_LIFE = 14 * 24 * 60 * 60
_signer = TimestampSigner(salt="portal.weeks.report", sep=".")


def token_for(session: Session) -> str:
    return _signer.sign(str(session.pk))


def session_id(token: object) -> int | None:
    """None for a token that is forged, cut short or older than 14 days."""
    if not isinstance(token, str):
        return None
    try:
        return int(_signer.unsign(token, max_age=_LIFE))
    except (BadSignature, ValueError):
        return None
