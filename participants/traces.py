"""What an account leaves where no foreign key leads: in visitors' sessions and in the admin's log.

Nobody else's row is ever taken along. An address counts where it stands whole, in any case of
letters: `a@b.co` is not in `maria@b.com`. Typed names are not looked for, because they are kept in
`ConsentSignature` alone; many would be found in the rows of others.
"""

import json
import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as BrowserSession
from django.core import signing
from django.db.models import Q

from participants.models import User

# Where a visit by a mailed link says whom it is for: {"link": {"enrolment": primary key, ...}}.
_LINK = ("link", "enrolment")
# And the same of a visit by an invitation: {"invitation": primary key}.
_INVITATION = "invitation"
_BETWEEN = r"\s\"<>(),;:\[\]\\“”„«»"
_ADDRESS = re.compile(f"[^{_BETWEEN}@]+@[^{_BETWEEN}@]+")
_AROUND = ".!?'’‘…"


@dataclass(frozen=True, kw_only=True)
class Traces:
    """`users`: primary keys as text, as sessions and the log hold them; `addresses`: lower case."""

    users: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    enrolments: frozenset[int] = frozenset()


def of(users: Collection[User], *, enrolments: Collection[int] = ()) -> Traces:
    """Read it before the accounts are deleted; allauth's further addresses go with them."""
    further = EmailAddress.objects.filter(user__in=users).values_list("email", flat=True)
    return Traces(
        users=frozenset(str(user.pk) for user in users),
        addresses=frozenset(each.lower() for each in [*(user.email for user in users), *further]),
        enrolments=frozenset(enrolments),
    )


def forget_log_lines(traces: Traces) -> None:
    """Lines about these accounts, and lines that name one of the addresses."""
    account = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=account, object_id__in=traces.users).delete()
    with_address = Q(object_repr__contains="@") | Q(change_message__contains="@")
    lines = LogEntry.objects.filter(with_address).values_list("pk", "object_repr", "change_message")
    naming = [
        pk
        for pk, about, change in lines.iterator()
        if not traces.addresses.isdisjoint(_addresses_in(about, _unwrapped(change)))
    ]
    LogEntry.objects.filter(pk__in=naming).delete()


def forget_visits(traces: Traces) -> None:
    """Sessions that are signed in as, hold an address of, or were opened by a link of, `traces`.

    All sessions are read, since they are stored packed. Their signatures are not asked: that took
    most of the time, and one signed with a former secret key still holds what it holds.
    """
    packed = BrowserSession.objects.values_list("pk", "session_data")
    theirs = [pk for pk, data in packed.iterator() if _is_of(traces, _unpacked(data))]
    BrowserSession.objects.filter(pk__in=theirs).delete()


def _is_of(traces: Traces, content: dict[str, Any]) -> bool:
    visit, enrolment = _LINK
    opened = content.get(visit)
    return (
        content.get(SESSION_KEY) in traces.users
        or (isinstance(opened, dict) and opened.get(enrolment) in traces.enrolments)
        or content.get(_INVITATION) in traces.enrolments
        or not traces.addresses.isdisjoint(text.lower() for text in _texts(content))
    )


def _unpacked(data: str) -> dict[str, Any]:
    """As `signing.loads` does it, unverified; what cannot be unpacked names nobody."""
    body = data.partition(":")[0].encode()
    try:
        plain = signing.b64_decode(body.lstrip(b"."))
        content = json.loads(zlib.decompress(plain) if body.startswith(b".") else plain)
    except (ValueError, zlib.error):
        return {}
    return content if isinstance(content, dict) else {}


def _unwrapped(change_message: str) -> str:
    """The admin writes JSON, in which letters may be escaped; others write plain words."""
    try:
        return "\n".join(_texts(json.loads(change_message)))
    except ValueError:
        return change_message


def _texts(content: object) -> Iterator[str]:
    """Every text among the values, however deep."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for value in content.values() if isinstance(content, dict) else content:
            yield from _texts(value)


def _addresses_in(*texts: str) -> Iterator[str]:
    for text in texts:
        for found in _ADDRESS.findall(text):
            yield found.strip(_AROUND).lower()
