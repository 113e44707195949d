"""A real SMTP server that keeps what it takes, and misbehaves when asked.

Phases, in the order of a conversation: CONNECT (the greeting), EHLO, AUTH, MAIL, RCPT, DATA (the
command), BODY (after the 354, before anything of the message was read; only `drop` and `delay`),
DOT (after the final dot, when the whole message is on this side). RSET comes when it is said.
"""

import asyncio
import email.policy
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from ssl import SSLContext
from typing import Any, Literal, cast
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Phase = Literal["CONNECT", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "DOT", "RSET"]

# aiosmtpd hangs up after 300 seconds of silence; under a moved clock those pass in no time.
_NEVER = 10**9


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message as it came in; `at` is by the test's clock, in UTC. `data` is every byte of it."""

    mail_from: str
    rcpt_tos: list[str]
    message: EmailMessage
    at: datetime
    data: bytes

    def text(self, kind: Literal["plain", "html"] = "plain") -> str:
        """The words of the plain or the HTML part, with plain line ends."""
        part = self.message.get_body(preferencelist=(kind,))
        assert part is not None, f"There is no {kind} part."
        return str(part.get_content()).replace("\r\n", "\n")


@dataclass(kw_only=True)
class Rule:
    """What is done at a phase: to one address or to all, so many times or always."""

    phase: Phase
    to: str | None = None
    times: int | None = None
    reply: str | None = None
    drop: bool = False
    seconds: float = 0.0


class SmtpSink:
    """See `tests/conftest.py` for the fixture; the newest fitting rule wins.

    With `starttls` it takes no mail before that was said; with `tls` it speaks nothing else.
    """

    def __init__(
        self, *, starttls: SSLContext | None = None, tls: SSLContext | None = None
    ) -> None:
        self._starttls = starttls
        self._tls = tls
        self.received: list[Received] = []
        self.connections = 0
        self.pipelining = True
        """RFC 2920: whether EHLO says that commands may come without waiting for each answer."""
        self._rules: list[Rule] = []
        self._changed = threading.Condition()
        self._controller: _Controller | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """As EMAIL_URL wants it."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen; after a `stop` on the same port again."""
        self._controller = _Controller(
            self, hostname="127.0.0.1", port=self.port, starttls=self._starttls, tls=self._tls
        )
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        """From now on connecting is refused."""
        if self._controller is not None:
            self._controller.hang_up()
            self._controller.stop()
            self._controller = None

    def answer(
        self, phase: Phase, reply: str, *, to: str | None = None, times: int | None = None
    ) -> None:
        """Reply so ("550 5.1.1 Nobody here") at that phase: to one address or to all (from RCPT
        on), so many times or always. 421 also closes the connection, as the standard has it.
        """
        self._add(Rule(phase=phase, reply=reply, to=to, times=times))

    def drop(self, phase: Phase, *, to: str | None = None, times: int | None = None) -> None:
        """Cut the connection without a word. At DOT the message counts as received: that is the
        case in which sending it again would deliver it twice.
        """
        self._add(Rule(phase=phase, drop=True, to=to, times=times))

    def delay(
        self, phase: Phase, seconds: float, *, to: str | None = None, times: int | None = None
    ) -> None:
        """Answer as usual, but so much later."""
        self._add(Rule(phase=phase, seconds=seconds, to=to, times=times))

    def forgive(self) -> None:
        """Behave well from now on; what was received stays."""
        with self._changed:
            self._rules.clear()

    def reset(self) -> None:
        """Forget rules and messages, and listen if stopped."""
        with self._changed:
            self._rules.clear()
            self.received.clear()
            self.connections = 0
            self.pipelining = True
        if self._controller is None:
            self.start()

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[Received]:
        """The messages, once there are so many. Seconds of the machine, not of a moved clock."""
        with self._changed:
            for _ in range(int(seconds / 0.05)):
                if len(self.received) >= count:
                    return list(self.received)
                self._changed.wait(0.05)
        message = f"{len(self.received)} of {count} messages came within {seconds} seconds."
        raise AssertionError(message)

    def to(self, address: str) -> list[Received]:
        """What came for one address, oldest first."""
        return [each for each in self.received if address in each.rcpt_tos]

    def take(self, envelope: Envelope) -> None:
        parsed = message_from_bytes(
            cast("bytes", envelope.original_content), policy=email.policy.default
        )
        with self._changed:
            self.received.append(
                Received(
                    mail_from=str(envelope.mail_from),
                    rcpt_tos=list(envelope.rcpt_tos),
                    message=cast("EmailMessage", parsed),
                    at=datetime.now(UTC),
                    data=cast("bytes", envelope.original_content),
                )
            )
            self._changed.notify_all()

    def rule_for(self, phase: Phase, addresses: list[str]) -> Rule | None:
        """The rule that fits, counted as used."""
        with self._changed:
            for rule in reversed(self._rules):
                fits = rule.to is None or rule.to in addresses
                if rule.phase == phase and rule.times != 0 and fits:
                    if rule.times is not None:
                        rule.times -= 1
                    return rule
        return None

    def cut_off(self, addresses: list[str]) -> None:
        """A conversation about them was ended by `stop` after the 354; here nothing is made of it."""

    def was_read(self, address: str) -> None:
        """The refusal of this one: RSET came after it. Nothing is made of that here."""

    def _add(self, rule: Rule) -> None:
        with self._changed:
            self._rules.append(rule)


class _Conversation(SMTP):
    """Each command asks the sink's rules first."""

    def __init__(self, sink: SmtpSink, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sink = sink
        self._under_way: list[str] = []
        self._refused = ""

    async def _handle_client(self) -> None:
        self._sink.connections += 1
        if not await self._interrupted("CONNECT", []):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._interrupted("EHLO", []):
            await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if not await self._interrupted("EHLO", []):
            await super().smtp_HELO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._interrupted("AUTH", []):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._interrupted("MAIL", []):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        """After a refused MAIL, one that was sent along with it gets its 503."""
        if self.envelope is not None and not self.envelope.mail_from:
            await super().smtp_RCPT(arg)
            return
        addresses = [self._getaddr(self._strip_command_keyword("TO:", arg or "") or "")[0] or ""]
        if not await self._interrupted("RCPT", addresses):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        """After a refused RCPT, a DATA that was sent along with it gets its 503."""
        addresses = self._recipients()
        if addresses and await self._interrupted("DATA", addresses):
            return
        self._under_way = addresses
        try:
            await super().smtp_DATA(arg)
        finally:
            self._under_way = []

    async def smtp_RSET(self, arg: str | None) -> None:
        if self._refused:
            self._sink.was_read(self._refused)
            self._refused = ""
        if not await self._interrupted("RSET", []):
            await super().smtp_RSET(arg)

    async def push(self, status: str | bytes) -> None:
        await super().push(status)
        if self._under_way and str(status).startswith("354"):
            await self._interrupted("BODY", self._under_way)

    async def finished(self, envelope: Envelope) -> str | None:
        """The reply to the final dot; None when a rule has answered, or hung up."""
        rule = self._sink.rule_for("DOT", envelope.rcpt_tos)
        if rule is None or rule.reply is None:
            self._sink.take(envelope)
        if rule is not None:
            await asyncio.sleep(rule.seconds)
            if rule.drop:
                self._hang_up()
            self._remember(rule, envelope.rcpt_tos)
        return rule.reply if rule is not None else None

    def _remember(self, rule: Rule, addresses: list[str]) -> None:
        if addresses and rule.reply is not None:
            self._refused = addresses[-1]

    def _recipients(self) -> list[str]:
        return self.envelope.rcpt_tos if self.envelope is not None else []

    async def _interrupted(self, phase: Phase, addresses: list[str]) -> bool:
        rule = self._sink.rule_for(phase, addresses)
        if rule is None:
            return False
        await asyncio.sleep(rule.seconds)
        if rule.reply is not None:
            self._remember(rule, addresses)
            await self.push(rule.reply)
        if rule.drop or (rule.reply or "").startswith("421"):
            self._hang_up(politely=not rule.drop)
        return rule.drop or rule.reply is not None

    def cut_off(self) -> None:
        """Whoever reads the answer to a message will not get it."""
        if self.transport is not None:
            if self._under_way:
                self._sink.cut_off(self._under_way)
            self._hang_up()

    def _hang_up(self, *, politely: bool = False) -> None:
        transport = cast("asyncio.Transport", self.transport)
        if politely:
            transport.close()
        else:
            transport.abort()


class _Controller(Controller):
    def __init__(
        self,
        sink: SmtpSink,
        *,
        hostname: str,
        port: int,
        starttls: SSLContext | None,
        tls: SSLContext | None,
    ) -> None:
        super().__init__(
            handler=self,
            hostname=hostname,
            port=port,
            ssl_context=tls,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=True),
            timeout=_NEVER,
            # One conversation may hold many messages: the sender keeps its connection.
            command_call_limit=None,
        )
        self._sink = sink
        self._conversations: WeakSet[_Conversation] = WeakSet()

    def factory(self) -> SMTP:
        conversation = _Conversation(self._sink, self.handler, **self.SMTP_kwargs)
        self._conversations.add(conversation)
        return conversation

    def hang_up(self) -> None:
        """End every conversation; the loop that served it would leave its socket open."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result()

    async def _hang_up(self) -> None:
        """Takes no more calls, and returns when the last line is closed."""
        cast("asyncio.Server", self.server).close()
        quiet = 0
        while quiet < 10:
            lines = [each for each in self._conversations if each.transport is not None]
            for each in lines:
                each.cut_off()
            await asyncio.sleep(0.01)
            # A call may have been taken, and not be a conversation yet: that takes the loop some
            # turns, and on a busy machine a sleep is one turn.
            quiet = 0 if lines else quiet + 1

    def _trigger_server(self) -> None:
        """Called once it listens; learns the port that the system chose for port 0."""
        assert self.server is not None
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        self._factory_invoked.set()
        self.smtpd = cast("SMTP", object())

    async def handle_EHLO(
        self,
        _server: _Conversation,
        session: Session,
        _envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        session.host_name = hostname
        offered = ["250-PIPELINING"] if self._sink.pipelining else []
        return [*responses[:-1], *offered, responses[-1]]

    async def handle_DATA(
        self, server: _Conversation, _session: Session, envelope: Envelope
    ) -> str:
        return await server.finished(envelope) or "250 2.0.0 Taken"
