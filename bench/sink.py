"""An SMTP server that takes everything, counts it and forgets the rest. `python -m bench.sink`.

It stands in a process of its own and does little for each mail, so that what is measured is the
sender. Besides SMTP it knows two commands: XCOUNT (what came, and how often twice) and XRESET.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator

_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(\S+)")
_END = b"\r\n.\r\n"
_EHLO = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 35882577\r\n"


class Counts:
    """Each mail is kept as the hashes of its recipient and of its Message-ID, nothing more."""

    def __init__(self) -> None:
        self.bytes = 0
        self.ids: Counter[int] = Counter()
        self.pairs: Counter[tuple[int, int]] = Counter()

    def take(self, recipient: bytes, message: bytes) -> None:
        found = _MESSAGE_ID.search(message)
        message_id = hash(found.group(1)) if found else 0
        self.bytes += len(message)
        self.ids[message_id] += 1
        self.pairs[hash(recipient), message_id] += 1

    def said(self) -> bytes:
        """Mails, different Message-IDs, different recipients, different pairs of both, bytes."""
        recipients = len({recipient for recipient, _message_id in self.pairs})
        mails = sum(self.ids.values())
        return b"%d %d %d %d %d" % (
            mails, len(self.ids), recipients, len(self.pairs), self.bytes,
        )  # fmt: skip


class Conversation(asyncio.Protocol):
    """Answers every command there is in what came, at once: that is what PIPELINING asks for."""

    counts = Counts()

    def __init__(self) -> None:
        self._buffer = b""
        self._in_message = False
        self._recipient = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers = list(self._answers())
        if answers:
            self._transport.write(b"".join(answers))

    def _answers(self) -> Iterator[bytes]:
        while True:
            end = _END if self._in_message else b"\r\n"
            text, found, rest = self._buffer.partition(end)
            if not found:
                return
            self._buffer = rest
            yield self._taken(text) if self._in_message else self._answer(text)

    def _taken(self, message: bytes) -> bytes:
        self._in_message = False
        Conversation.counts.take(self._recipient, message)
        return b"250 2.0.0 Taken\r\n"

    def _answer(self, command: bytes) -> bytes:
        match command[:4].upper():
            case b"EHLO":
                return _EHLO
            case b"RCPT":
                self._recipient = command
            case b"DATA":
                self._in_message = True
                return b"354 Go on\r\n"
            case b"QUIT":
                # Once the answer is out.
                asyncio.get_running_loop().call_soon(self._transport.close)
                return b"221 2.0.0 Bye\r\n"
            case b"XCOU":
                return b"250 %s\r\n" % Conversation.counts.said()
            case b"XRES":
                Conversation.counts = Counts()
        return b"250 2.0.0 OK\r\n"


async def serve() -> None:
    """Until it is ended; says its port in one line."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Conversation, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve())
