"""What staff give us of the people whom they invite or enrol, and why a list is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from participants.inviting.standings import Standing


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """`weekday` (1 is Monday), `local_time` and `zone`: the day agreed with them, or none of it."""

    address: str
    weekday: int | None = None
    local_time: time | None = None
    zone: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Agreed(Invitee):
    """Someone who agreed elsewhere, on `agreed_on` by the study's calendar, to `version` of the
    consent form (in a service, of the privacy notice). `answers` by key, of every statement;
    `taken_by`: who spoke with them.
    """

    agreed_on: date
    version: int
    taken_by: str
    answers: Mapping[str, bool]


class CannotInvite(Exception):
    """Nobody was invited or enrolled; `message` says why.

    `refused`: of which addresses, if it is that. `problems`: the sentences about what was agreed
    to, by address, if it is that.
    """

    def __init__(
        self,
        message: str,
        *,
        refused: Mapping[str, Standing] | None = None,
        problems: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.refused = dict(refused or {})
        self.problems = {address: list(each) for address, each in (problems or {}).items()}


def nothing_said(_done: int) -> None:
    """How far it is interests nobody."""
