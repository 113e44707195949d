"""Each row held against what the server knows it did to that person's mail."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scheduling.models import Prompt
from tests.scheduling.chaos.weather import Done, StormySink
from tests.services.smtp import Received

State, Reason = Prompt.State, Prompt.Reason
_ABOUT_THE_ADDRESS = ("5.1.1", "5.2.1")


def summary() -> dict[str, int]:
    counted = Counter(Prompt.objects.values_list("state", "reason"))
    return {f"{state} {reason}".strip(): count for (state, reason), count in counted.items()}


def faults(sink: StormySink, *, at_risk: int) -> list[str]:
    """Everything that must not be; `at_risk` mails may be unconfirmed without the server's doing."""
    cases = list(_cases(sink))
    found = [*_twice(sink), *(fault for case in cases for fault in case.faults())]
    unexplained = sum(
        case.is_unconfirmed and not any(each.unknown for each in case.done) for case in cases
    )
    if unexplained > at_risk:
        found.append(f"{unexplained} are unconfirmed, {at_risk} senders were hit.")
    return found


def _twice(sink: StormySink) -> Iterator[str]:
    """A study's contact may well get two mails, of one alarm: that it began, and that it is over."""
    people = set(Prompt.objects.values_list("enrolment__user__email", flat=True))
    addresses = (each.rcpt_tos[0] for each in sink.received)
    for name, counted in (
        ("Message-ID", Counter(each.message["Message-ID"] for each in sink.received)),
        ("address", Counter(each for each in addresses if each in people)),
    ):
        yield from (f"{name} {key} came {n} times" for key, n in counted.items() if n > 1)


def _cases(sink: StormySink) -> Iterator["_Case"]:
    received = {each.rcpt_tos[0]: each for each in sink.received}
    for row in Prompt.objects.select_related("enrolment__user"):
        address = row.enrolment.user.email
        yield _Case(row, received.get(address), sink.record[address], sink.tries[address])


@dataclass(frozen=True)
class _Case:
    """A row, the mail that came of it, and all that the server did in so many `tries`."""

    row: Prompt
    received: Received | None
    done: list[Done]
    tries: int

    @property
    def is_unconfirmed(self) -> bool:
        return self.row.state == State.UNCONFIRMED

    @property
    def refusal(self) -> Done | None:
        """The last one: after one that nobody read, the mail may be tried again."""
        return next((each for each in reversed(self.done) if each.for_good), None)

    def faults(self) -> list[str]:
        row, name = self.row, self.row.enrolment.user.email
        said = f"{row.state} {row.reason}, {row.attempts} attempts, {self.tries} tries, {self.done}"
        return [f"{name}: {fault}; {said}" for fault in (*self._of_state(), *self._of_facts())]

    def _of_state(self) -> Iterator[str]:
        """What the row says, held against what happened."""
        match self.row.state:
            case State.SENT:
                if self.received is None:
                    yield "said to be sent, and never came"
            case State.FAILED:
                if self.refusal is None:
                    yield "said to have failed, and was not refused"
                elif self.row.reason != _reason(self.refusal):
                    yield "failed for another reason"
            case State.UNCONFIRMED:
                pass
            case _:
                yield "given up, or not ended"

    def _of_facts(self) -> Iterator[str]:
        """What happened, held against what the row says."""
        state = self.row.state
        if self.received is not None:
            if state not in {State.SENT, State.UNCONFIRMED}:
                yield "came, and is not recorded"
            if self.received.message["Message-ID"] != self.row.message_id:
                yield "came under another Message-ID"
        refused = [each for each in self.done if each.for_good and each.read]
        if refused and state not in {State.FAILED, State.UNCONFIRMED}:
            yield "was refused for good, and is not recorded"
        last_words = [*refused, *(each for each in self.done if each.taken)]
        if any(each.attempt < self.tries for each in last_words):
            yield "was tried again after the server's last word"
        if any(each.unknown and each.taken for each in self.done) and not self.is_unconfirmed:
            yield "is taken to be known, though no answer came"


def _reason(refusal: Done) -> Reason:
    about_the_address = (refusal.reply or "").split()[1] in _ABOUT_THE_ADDRESS
    return Reason.ADDRESS_REFUSED if about_the_address else Reason.MAIL_REFUSED
