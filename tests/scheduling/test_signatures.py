"""The server that we hand a mail to signs it (DKIM), and those on its way must not break that.

Signed here by a library of others, over bytes as a server received them from us.
"""

import base64
import re
from collections.abc import Iterator

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from scheduling.transport import Envelope, open_transport
from studies.models import Study
from tests.factories.scheduling import MONDAY, WordingFactory, enrolled
from tests.scheduling import wire
from tests.scheduling.lives import tick
from tests.services.beginnings import beginning
from tests.services.smtp import Received, SmtpSink

pytestmark = pytest.mark.django_db

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
)
RECORD = b"v=DKIM1; k=rsa; p=" + base64.b64encode(
    KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
)
# RFC 8058, 4: the signature covers those of the one click too.
SIGNED = (
    b"from",
    b"to",
    b"reply-to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)


def signed(data: bytes, *, canonical: bytes = b"relaxed") -> bytes:
    here = [name for name in SIGNED if re.search(rb"(?im)^" + name + rb":", data)]
    signature = dkim.sign(
        data,
        b"mail",
        b"testserver",
        PEM,
        canonicalize=(canonical, canonical),
        include_headers=here,
    )
    return signature + data


def _key_in_the_dns(_name: bytes, timeout: int = 5) -> bytes:
    return RECORD


def verifies(data: bytes) -> bool:
    return dkim.verify(data, dnsfunc=_key_in_the_dns)


def passed_on(data: bytes, sink: SmtpSink) -> bytes:
    """Once more over our transport, which must bring every byte."""
    with open_transport() as transport:
        transport.send(Envelope(sender="sessions@testserver", recipient="a@b.example", data=data))
    return sink.received[-1].data


def refolded(data: bytes) -> bytes:
    """What relays do: add their line, put each header on one line, fold it elsewhere, pad it."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [b"Received: from a.example by b.example; Mon, 5 Jan 2026 20:00:00 +0000"]
    for line in head.replace(b"\r\n ", b" ").split(b"\r\n"):
        name, _, value = line.partition(b":")
        lines.append(name.title() + b":\r\n\t" + b"\r\n   ".join(value.strip().split(b" ")) + b" ")
    return b"\r\n".join(lines) + b"\r\n\r\n" + body + b"\r\n\r\n"


@pytest.fixture
def mails(mail_over_smtp: SmtpSink) -> Iterator[dict[str, Received]]:
    return beginning(wire.prompts_over, mail_over_smtp) | wire.codes_over(mail_over_smtp)


@pytest.mark.parametrize("canonical", [b"simple", b"relaxed"])
def test_a_signature_holds_over_the_next_server(
    mails: dict[str, Received], mail_over_smtp: SmtpSink, canonical: bytes
) -> None:
    for name, mail in mails.items():
        sent = signed(mail.data, canonical=canonical)
        received = passed_on(sent, mail_over_smtp)
        assert received == sent, name
        assert verifies(received), name


def test_a_signature_holds_though_relays_fold_the_headers_anew(
    mails: dict[str, Received],
) -> None:
    for name, mail in mails.items():
        received = refolded(signed(mail.data))
        assert received != signed(mail.data)
        assert verifies(received), name


def test_a_signature_breaks_where_one_letter_is_another(mails: dict[str, Received]) -> None:
    data = signed(mails["session 1"].data)
    for genuine, changed in [
        (b"Your Thursday session", b"Your Thursday Session"),
        (b"List-Unsubscribe: <http://testserver/", b"List-Unsubscribe: <http://other/"),
        (b"begin whenever", b"began whenever"),
    ]:
        assert genuine in data
        assert not verifies(data.replace(genuine, changed)), changed


def test_a_signature_holds_with_dots_and_letters_of_every_kind(mail_over_smtp: SmtpSink) -> None:
    ann = enrolled()
    Study.objects.update(neutral_name="Ä long nàme, " * 6)
    body = ". begins\n\n..\n\n= and =3D, From here\n\nFrom there, “ü”   "
    WordingFactory(study=ann.study, kind="welcome", version=2, subject="{study}", body=body)
    tick(MONDAY)
    sent = signed(mail_over_smtp.received[0].data)
    assert verifies(refolded(passed_on(sent, mail_over_smtp)))
