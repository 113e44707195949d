"""Which transport the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from scheduling.transport.base import Transport
from scheduling.transport.files import FileTransport
from scheduling.transport.line import Server
from scheduling.transport.memory import MemoryTransport
from scheduling.transport.smtp import SmtpTransport


@contextmanager
def open_transport() -> Iterator[Transport]:
    """Closed at the end. Nothing is connected before the first message, or `probe`."""
    transport = _chosen()
    try:
        yield transport
    finally:
        transport.close()


def _chosen() -> Transport:
    match settings.EMAIL_BACKEND:
        case "django.core.mail.backends.smtp.EmailBackend":
            return SmtpTransport(_server())
        case "scheduling.transport.files.EmailBackend":
            return FileTransport(Path(settings.EMAIL_FILE_PATH))
        case "django.core.mail.backends.locmem.EmailBackend":
            return MemoryTransport()
    raise ImproperlyConfigured(
        f"Prompts cannot go through {settings.EMAIL_BACKEND}. "
        "Set EMAIL_URL to smtp://, smtp+tls://, smtp+ssl://, filemail:// or memorymail://."
    )


def _server() -> Server:
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        starttls=settings.EMAIL_USE_TLS,
        ssl=settings.EMAIL_USE_SSL,
        timeout=settings.EMAIL_TIMEOUT or 20.0,
        us=urlsplit(settings.SITE_URL).hostname or "localhost",
    )
