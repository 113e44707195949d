"""A mail server in a storm, that keeps a record of what it did to whom.

What meets one mail is drawn from the seed, the address and how often it was tried, not from the order
in which mails happen to come: the same seed has the same bad luck in store for the same people.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, replace

from tests.services.smtp import Phase, Rule, SmtpSink

# Seconds: longer than the senders wait for an answer.
STALL = 5.0

# The people whom no server would ever take, by parts of a hundred: (phase, what it says).
FATES: list[tuple[int, Phase, str]] = [
    (3, "RCPT", "550 5.1.1 Nobody of that name"),
    (1, "RCPT", "550 5.2.1 That mailbox was closed"),
    (2, "DOT", "552 5.2.2 That mailbox is full"),
    (1, "DATA", "550 5.7.1 Not for that one"),
    (1, "DOT", "554 5.6.0 Not such a mail"),
]


@dataclass(frozen=True)
class Luck:
    """`parts` of a thousand at that phase."""

    parts: int
    phase: Phase
    reply: str | None = None
    drop: bool = False
    seconds: float = 0.0


LUCK = [
    Luck(40, "RCPT", "451 4.7.1 Come back later"),
    Luck(20, "RCPT", "421 4.3.2 Closing"),
    Luck(20, "RCPT", drop=True),
    Luck(1, "RCPT", seconds=STALL),
    Luck(20, "DATA", "451 4.3.0 Not just now"),
    Luck(20, "DATA", drop=True),
    Luck(1, "DATA", seconds=STALL),
    Luck(10, "BODY", drop=True),
    Luck(20, "DOT", "451 4.3.1 No room just now"),
    Luck(10, "DOT", "421 4.3.2 Closing"),
    Luck(10, "DOT", drop=True),
    Luck(2, "DOT", seconds=STALL),
]

# What a spell of it answers to everyone; "refuse" is not here: then nobody listens.
SPELLS: dict[str, Rule] = {
    "535": Rule(phase="AUTH", reply="535 5.7.8 Not with that password"),
    "busy": Rule(phase="CONNECT", reply="421 4.3.2 Too many"),
    "our address": Rule(phase="MAIL", reply="451 4.1.8 Who are you?"),
    "blocked": Rule(phase="RCPT", reply="550 5.7.1 We do not like you today"),
    "silence": Rule(phase="EHLO", seconds=STALL),
}


@dataclass(frozen=True)
class Done:
    """One thing that was done to one person's mail at their nth `attempt`; `unknown` to its sender,
    who got no answer. A refusal is `read` for certain where RSET came after it: what was on its way
    when a line was cut, or lay unread before a frozen sender until its time was over, nobody knows.
    """

    attempt: int
    phase: Phase
    reply: str | None = None
    unknown: bool = False
    read: bool = False

    @property
    def for_good(self) -> bool:
        return (self.reply or "").startswith("5")

    @property
    def taken(self) -> bool:
        return self.phase == "DOT" and self.reply is None


class StormySink(SmtpSink):
    def __init__(self, seed: int) -> None:
        super().__init__()
        self.seed = seed
        self.spell: str | None = None
        self.luck = LUCK
        self.is_slow = True
        self.record: dict[str, list[Done]] = defaultdict(list)
        self.tries: dict[str, int] = defaultdict(int)

    def rule_for(self, phase: Phase, addresses: list[str]) -> Rule | None:
        with self._changed:
            spell = SPELLS.get(self.spell or "")
            if not addresses:
                return spell if spell is not None and spell.phase == phase else None
            return self._for_one(phase, addresses[0], spell)

    def calm_down(self) -> None:
        """From now on it is fair to all but those whom no server would take."""
        self.luck, self.is_slow = [], False

    def cut_off(self, addresses: list[str]) -> None:
        with self._changed:
            self._note(addresses[0], "BODY", unknown=True)

    def was_read(self, address: str) -> None:
        with self._changed:
            done = self.record[address]
            done[-1] = replace(done[-1], read=True)

    def _for_one(self, phase: Phase, address: str, spell: Rule | None) -> Rule | None:
        if phase == "RCPT":
            self.tries[address] += 1
        if spell is not None and spell.phase == phase:
            rule: Rule | None = spell
        else:
            rule = self._fate(phase, address) or self._luck(phase, address)
        if rule is not None and (rule.reply or rule.drop or phase == "DOT"):
            unknown = phase in {"BODY", "DOT"} and (rule.drop or rule.seconds >= STALL)
            self._note(address, phase, rule.reply, unknown=unknown)
        return rule

    def _note(self, address: str, phase: Phase, reply: str | None = None, *, unknown: bool) -> None:
        done = Done(self.tries[address], phase, reply, unknown)
        self.record[address].append(done)

    def _fate(self, phase: Phase, address: str) -> Rule | None:
        number = self._chance(address).randrange(100)
        for parts, at, reply in FATES:
            if number < parts:
                return Rule(phase=phase, reply=reply) if at == phase else None
            number -= parts
        return None

    def _luck(self, phase: Phase, address: str) -> Rule | None:
        """The answer to a whole message always takes its time, so that many are on their way."""
        chance = self._chance(address, self.tries[address], phase)
        number = chance.randrange(1000)
        for luck in (each for each in self.luck if each.phase == phase):
            if number < luck.parts:
                return Rule(phase=phase, reply=luck.reply, drop=luck.drop, seconds=luck.seconds)
            number -= luck.parts
        if phase != "DOT":
            return None
        return Rule(phase=phase, seconds=chance.uniform(0.005, 0.03) if self.is_slow else 0.0)

    def _chance(self, *what: object) -> random.Random:
        return random.Random(f"{self.seed} {what}")
