"""A thin SMTP client: one connection kept for many messages, each failure with its phase.

What fails before the final dot has left us was surely not taken, and may be sent again; what fails
after it may have been, and may not. Text and dot go in one, and the line says how much of them has
left. Where the server takes commands
without having answered the one before (RFC 2920), MAIL, RCPT and DATA go at once; each answer still
belongs to its own. Nothing ever goes ahead of the answer to DATA, nor to the final dot.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from scheduling.transport.base import Envelope, Lost, Phase, Refused
from scheduling.transport.line import Deadline, Line, Server

logger = logging.getLogger(__name__)

# RFC 5321, 4.2.1: the first digit of an answer is what counts.
OK = 2
GO_ON = 3
_NO = frozenset({4, 5})
_CLOSING = 421
# Of a mail's time: what is left for the answer to the dot, however long all before it took.
_FOR_THE_ANSWER = 0.25
# In seconds. Nothing hangs on the answer to QUIT.
_GOODBYE = 2.0

_DOT = b".\r\n"

# What is said, in which phase, and how an answer begins that means yes.
Command = tuple[Phase, str, int]


class SmtpTransport:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._deadline = Deadline()
        self._line: Line | None = None
        self._phase = Phase.CONNECT

    def probe(self, sender: str) -> None:
        """Sign in and name the sender, without a message."""
        self._deadline.allow(self._server.timeout)
        self._begin([_mail(sender)])
        self._start_over()

    def send(self, envelope: Envelope) -> None:
        commands: list[Command] = [
            _mail(envelope.sender),
            (Phase.RCPT, f"RCPT TO:<{_safe(envelope.recipient)}>", OK),
            (Phase.DATA, "DATA", GO_ON),
        ]
        text = stuffed(envelope.data) + _DOT
        answer = self._server.timeout * _FOR_THE_ANSWER
        self._deadline.allow(self._server.timeout - answer)
        self._begin(commands)
        with self._told() as line:
            self._hand_over(line, text)
            self._deadline.extend(answer)
            self._hear(line, OK)

    def close(self) -> None:
        if self._line is not None:
            self._deadline.allow(min(_GOODBYE, self._server.timeout))
            try:
                self._line.quit()
            except (smtplib.SMTPException, OSError):
                logger.debug("the mail server was gone before we said goodbye")
            self._drop()

    def _begin(self, commands: list[Command]) -> None:
        """A kept connection may have been closed meanwhile: then once on a new one."""
        kept = self._line is not None
        try:
            self._say_connected(commands)
        except (Lost, Refused) as error:
            was_closed = isinstance(error, Lost) or error.code == _CLOSING
            if not (kept and was_closed and error.phase == Phase.MAIL):
                raise
            self._say_connected(commands)

    def _say_connected(self, commands: list[Command]) -> None:
        with self._told() as line:
            self._say(line, commands)

    @contextmanager
    def _told(self) -> Iterator[Line]:
        """The line; whatever goes wrong on it becomes ours, with the phase it came in.

        After a refusal the line is kept. After anything else, be it a fault of ours, nobody knows
        what its next answer would belong to.
        """
        try:
            yield self._line or self._opened()
        except Refused as refusal:
            self._start_over(after=refusal.code)
            raise
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise Refused(self._phase, error.smtp_code, _as_bytes(error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Lost(self._phase) from error
        except BaseException:
            self._drop()
            raise

    def _opened(self) -> Line:
        self._phase = Phase.CONNECT
        line = self._line = Line(self._server, self._deadline)
        self._phase = Phase.EHLO
        line.ehlo_or_helo_if_needed()
        if self._server.starttls:
            self._phase = Phase.TLS
            line.secure()
        if self._server.user:
            self._phase = Phase.AUTH
            line.login(self._server.user, self._server.password)
        return line

    def _hand_over(self, line: Line, text: bytes) -> None:
        """Of a text that lacks all of its last three bytes no server can know that it ended."""
        self._phase = Phase.BODY
        try:
            line.send(text)
        finally:
            if line.unsent < len(_DOT):
                self._phase = Phase.DOT

    def _say(self, line: Line, commands: list[Command]) -> None:
        """At once or one by one. The first answer that is no yes is raised, with its phase."""
        ahead = len(commands) > 1 and line.has_extn("pipelining")
        if ahead:
            self._phase = commands[0][0]
            line.send("".join(f"{command}\r\n" for _phase, command, _ok in commands))
        for number, (phase, command, wanted) in enumerate(commands, start=1):
            self._phase = phase
            if not ahead:
                line.putcmd(command)
            try:
                self._hear(line, wanted)
            except Refused:
                if ahead:
                    self._hear_out(line, len(commands) - number)
                raise

    def _hear(self, line: Line, wanted: int) -> None:
        """One answer, to what the present phase said."""
        code, answer = line.getreply()
        if code // 100 == wanted:
            return
        if code // 100 not in _NO:
            raise smtplib.SMTPServerDisconnected  # what it means nobody knows
        raise Refused(self._phase, code, answer)

    def _hear_out(self, line: Line, count: int) -> None:
        """The answers to what was said already. After one that asks for the text whatever we said
        would be taken for it, so we hang up instead (RFC 2920, 3.1).
        """
        try:
            answers = [line.getreply()[0] for _each in range(count)]
        except (smtplib.SMTPException, OSError):
            self._drop()
        else:
            if any(code // 100 == GO_ON for code in answers):
                self._drop()

    def _start_over(self, *, after: int = 0) -> None:
        """On this line, where the server lets us; otherwise the next mail goes on a new one."""
        if self._line is None:
            return
        try:
            may_go_on = after != _CLOSING and self._line.rset()[0] // 100 == OK
        except (smtplib.SMTPException, OSError):
            may_go_on = False
        if not may_go_on:
            self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _mail(sender: str) -> Command:
    return (Phase.MAIL, f"MAIL FROM:<{sender}>", OK)


def stuffed(data: bytes) -> bytes:
    """RFC 5321, 4.5.2: a dot that begins a line is doubled; the last line is complete."""
    doubled = data.replace(b"\n.", b"\n..")
    if doubled.startswith(b"."):
        doubled = b"." + doubled
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def _safe(address: str) -> str:
    """Nothing that would end the command, nor letters that it cannot carry: that is no address."""
    if not address.isascii() or any(character in address for character in "\r\n<> "):
        raise Refused(Phase.RCPT, 553, b"5.1.3")
    return address


def _as_bytes(answer: bytes | str) -> bytes:
    return answer.encode(errors="replace") if isinstance(answer, str) else answer
