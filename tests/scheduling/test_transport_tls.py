"""Encrypted, and with whom: a real TLS server, whose certificate is made here and trusted or not."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_django.fixtures import Settings

from scheduling.transport import Lost, Phase, open_transport
from scheduling.transport.line import Server
from scheduling.transport.smtp import SmtpTransport
from tests.scheduling.scripted import answering, envelope, within
from tests.services.smtp import SmtpSink

# How EMAIL_URL's smtp+tls:// and smtp+ssl:// come out, and where a failure of TLS then shows.
WAYS = {"starttls": Phase.TLS, "ssl": Phase.CONNECT}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For localhost, signed by itself; the key is in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    """The server's."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(certificate)
    return made


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As whoever runs a mail server with a certificate of their own would say it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def sink(way: str, context: ssl.SSLContext, settings: Settings) -> Iterator[SmtpSink]:
    made = SmtpSink(starttls=context) if way == "starttls" else SmtpSink(tls=context)
    made.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", made.port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = way == "starttls", way == "ssl"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "secret"
    settings.EMAIL_TIMEOUT = 5.0
    yield made
    made.stop()


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("user", "pipelining"), [("us", True), ("us", False), ("", True)])
def test_a_server_that_is_trusted_gets_mail_after_mail_on_one_line(
    sink: SmtpSink, settings: Settings, user: str, pipelining: bool
) -> None:
    """The server takes none before STARTTLS, and none before a second EHLO after it."""
    sink.pipelining = pipelining
    settings.EMAIL_HOST_USER = user
    long = b"Subject: Long\r\n\r\n" + b"a line\r\n" * 40_000
    with open_transport() as transport:
        transport.probe("us@example.org")
        transport.send(envelope())
        transport.send(envelope(data=long))
    assert [each.data for each in sink.received] == [envelope().data, long]
    assert sink.connections == 1


def test_a_server_that_is_not_trusted_gets_neither_mail_nor_password(
    sink: SmtpSink, way: str
) -> None:
    sink.answer("AUTH", "535 5.7.8 Never asked")
    with open_transport() as transport, pytest.raises(Lost) as lost:
        transport.send(envelope())
    assert lost.value.phase == WAYS[way]
    assert isinstance(lost.value.__cause__, ssl.SSLCertVerificationError)
    assert sink.received == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_none(
    sink: SmtpSink, way: str, settings: Settings
) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    with open_transport() as transport, pytest.raises(Lost) as lost:
        transport.send(envelope())
    assert lost.value.phase == WAYS[way]
    assert isinstance(lost.value.__cause__, ssl.SSLCertVerificationError)


def test_where_starttls_is_asked_for_and_not_offered_nothing_is_said_in_the_clear(
    mail_over_smtp: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_USE_TLS = True
    mail_over_smtp.answer("AUTH", "535 5.7.8 Never asked")
    settings.EMAIL_HOST_USER = "us"
    with open_transport() as transport, pytest.raises(Lost) as lost:
        transport.send(envelope())
    assert (lost.value.phase, mail_over_smtp.received) == (Phase.TLS, [])


@pytest.mark.usefixtures("trusted")
def test_what_was_slipped_in_before_tls_is_not_believed(context: ssl.SSLContext) -> None:
    """An answer to the EHLO to come, sent in the clear right behind the yes to STARTTLS."""
    heard: list[bytes] = []

    def talk(line: socket.socket) -> None:
        line.sendall(b"220 hello\r\n")
        line.recv(999)
        line.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        line.recv(999)
        line.sendall(b"220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n")
        with context.wrap_socket(line, server_side=True) as inside:
            heard.append(inside.recv(999))
            inside.sendall(b"250 clean\r\n")
            heard.append(inside.recv(999))

    with answering(talk) as port:
        server = Server(
            host="localhost", port=port, user="us", password="secret", starttls=True, timeout=3
        )
        with closing(SmtpTransport(server)) as out, pytest.raises(Lost) as lost:
            out.send(envelope())
    assert lost.value.phase == Phase.AUTH
    assert heard == [b"ehlo localhost\r\n", b""]


def test_tls_that_comes_late_and_then_never_has_what_is_left() -> None:
    def talk(line: socket.socket) -> None:
        line.sendall(b"220 hello\r\n")
        line.recv(999)
        line.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        line.recv(999)
        time.sleep(1.3)
        line.sendall(b"220 go\r\n")
        while line.recv(999):
            pass

    with answering(talk) as port:
        server = Server(host="localhost", port=port, starttls=True, timeout=2.0)
        with within(1.5), closing(SmtpTransport(server)) as out, pytest.raises(Lost) as lost:
            out.send(envelope())
    assert lost.value.phase == Phase.TLS
