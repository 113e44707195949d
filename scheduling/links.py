"""The links in mails: signed, so that nobody can make one; short of any name.

A token names one prompt and the link version its enrolment had. It is the same however often it is
written, holds for 60 days from the sending (from the plan, until that is known), and dies with the
version: when the address changes, the person withdraws or their invitation ends. That of an
invitation holds as long as the invitation. Keys in `SECRET_KEY_FALLBACKS` still open old links.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer

from participants import do_not_invite
from participants.models import Enrolment
from scheduling.models import Prompt
from scheduling.models.wording import INVITING

LIFE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Link:
    prompt: Prompt
    enrolment: Enrolment


class LinkForged(Exception):
    """Nobody signed this, or it was cut short on the way."""


class LinkUnusable(Exception):
    """Ours, but no longer of use; `prompt` and `enrolment` say whose it was."""

    def __init__(self, prompt: Prompt) -> None:
        super().__init__(prompt.pk)
        self.prompt = prompt
        self.enrolment = prompt.enrolment


class LinkExpired(LinkUnusable):
    """Older than 60 days."""


class LinkWithdrawn(LinkUnusable):
    """The person has withdrawn."""


class InvitationOver(LinkUnusable):
    """The invitation is no more: it ended, or its person left or has another address."""


class LinkOutdated(LinkUnusable):
    """The enrolment's links were replaced, as when the address changes."""


def token_for(prompt: Prompt) -> str:
    return _signer().sign(f"{prompt.pk}-{prompt.enrolment.link_version}")


def read(token: str, *, now: datetime) -> Link:
    """Raises `LinkForged` or a `LinkUnusable`; reads only."""
    prompt_id, version = _unsigned(token)
    prompt = (
        Prompt.objects.select_related("enrolment__study", "enrolment__user")
        .filter(pk=prompt_id)
        .first()
    )
    if prompt is None:
        raise LinkForged
    if prompt.kind in INVITING:
        return _invitation(prompt, version)
    if prompt.enrolment.is_withdrawn:
        raise LinkWithdrawn(prompt)
    if prompt.enrolment.link_version != version:
        raise LinkOutdated(prompt)
    if now >= (prompt.sent_at or prompt.due_at) + LIFE:
        raise LinkExpired(prompt)
    return Link(prompt=prompt, enrolment=prompt.enrolment)


def _invitation(prompt: Prompt, version: int) -> Link:
    """Whoever was passed it learns nothing of what became of the person, except that it is over."""
    is_over = prompt.enrolment.status in {Enrolment.Status.UNJOINED, Enrolment.Status.WITHDRAWN}
    if is_over or prompt.enrolment.link_version != version:
        raise InvitationOver(prompt)
    return Link(prompt=prompt, enrolment=prompt.enrolment)


def stop_token_for(enrolment: Enrolment) -> str:
    """For the unsubscribe link, which works for as long as there is mail to stop."""
    return _stop_signer().sign(str(enrolment.pk))


def read_stop(token: str) -> Enrolment:
    """Raises `LinkForged`."""
    return _enrolment(_value(_stop_signer(), token))


def decline_token_for(enrolment: Enrolment) -> str:
    """For “do not invite me”, at any time: it carries what is to be remembered of the address that
    it is mailed to, since the address itself goes with the invitation.
    """
    mark = do_not_invite.mark(enrolment.user.email) if enrolment.user else ""
    return _decline_signer().sign(f"{enrolment.pk}-{mark}")


def read_decline(token: str) -> tuple[Enrolment, str]:
    """And the mark that the mail carried, empty where it was written to nobody. Raises
    `LinkForged`.
    """
    enrolment, _, mark = _value(_decline_signer(), token).partition("-")
    return _enrolment(enrolment), mark


def go_url(prompt: Prompt) -> str:
    return go_address(token_for(prompt))


def stop_url(enrolment: Enrolment) -> str:
    return stop_address(stop_token_for(enrolment))


def decline_url(enrolment: Enrolment) -> str:
    return decline_address(decline_token_for(enrolment))


def go_address(token: str) -> str:
    return page_url(f"/go/{token}/")


def stop_address(token: str) -> str:
    return page_url(f"/emails/stop/{token}/")


def decline_address(token: str) -> str:
    return page_url(f"/emails/decline/{token}/")


def page_url(path: str) -> str:
    """Mails are written far from any request, so addresses are made from SITE_URL."""
    return f"{settings.SITE_URL}{path}"


def _signer() -> Signer:
    return _made("scheduling.links.go", settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _stop_signer() -> Signer:
    return _made("scheduling.links.stop", settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _decline_signer() -> Signer:
    return _made("scheduling.links.decline", settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=8)
def _made(salt: str, key: str, *former: str) -> Signer:
    return Signer(key=key, fallback_keys=list(former), salt=salt, sep=".")


def _value(signer: Signer, token: str) -> str:
    try:
        return signer.unsign(token)
    except BadSignature as error:
        raise LinkForged from error


def _enrolment(key: str) -> Enrolment:
    try:
        return Enrolment.objects.select_related("study").get(pk=int(key))
    except (ValueError, Enrolment.DoesNotExist) as error:
        raise LinkForged from error


def _unsigned(token: str) -> tuple[int, int]:
    try:
        prompt_id, _, version = _signer().unsign(token).partition("-")
        return int(prompt_id), int(version)
    except (BadSignature, ValueError) as error:
        raise LinkForged from error
