"""What every action has: when it is offered, what it asks, what it will do, and the doing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise

from monitoring.actions.forms import WhyForm
from monitoring.models import StaffAction
from participants.models import Enrolment, User
from scheduling.plan import Change

Asked = Mapping[str, Any]


class CannotBeDone(Exception):
    """`message` says why not, and what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What will happen: in `sentences`, and `change` where weeks move.

    `shown` is what all of this was made of, as JSON can hold it. What is done has the same, or it
    is not what was seen.
    """

    sentences: list[str]
    shown: Any
    change: Change | None = None


@dataclass(frozen=True, kw_only=True)
class Done:
    """`words` are for who did it; `details` stay on record, and name nobody. `former` is an address
    that is to hear of it, and is kept nowhere. `kind`: another one than the deed's own, where
    what was chosen is on record as that.
    """

    shown: Any
    words: str
    details: dict[str, Any] = field(default_factory=dict)
    former: str = ""
    kind: StaffAction.Kind | None = None


class Deed:
    """Without state. `now` is UTC. `name` stands in the address, `words` on the link to it."""

    name: ClassVar[str]
    kind: ClassVar[StaffAction.Kind]
    words: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    needs_identity: ClassVar[bool] = False
    needs_arm: ClassVar[bool] = False

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        """Whether it makes sense for this person now."""
        raise NotImplementedError

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> forms.Form | None:
        """What there is to choose before it can be shown; `data` is None for a form not sent yet.
        None where there is nothing to choose.
        """
        return None

    def saying(self, person: Enrolment, data: Any) -> WhyForm:
        """What is written beside what is shown: why, at least."""
        return WhyForm(data)

    def once_more(self, said: Asked) -> str:
        """What of it is shown once more before it is done; empty where nothing is."""
        return ""

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        """Changes nothing. May raise `CannotBeDone`."""
        raise NotImplementedError

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        """Within the caller's transaction, which is undone where `shown` is not what was seen.
        May raise `CannotBeDone`.
        """
        raise NotImplementedError

    def tell(self, request: HttpRequest, person: Enrolment, done: Done) -> None:
        """Whoever else is to know of it at once: within the transaction, after all is written."""
