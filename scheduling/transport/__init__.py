"""How a message leaves: over SMTP, into files, or into memory for tests.

Each says in which phase something went wrong, because what may be done next depends on that alone.
"""

from scheduling.transport.base import (
    Envelope,
    Lost,
    Phase,
    Refused,
    Transport,
    TransportError,
)
from scheduling.transport.choice import open_transport

__all__ = [
    "Envelope",
    "Lost",
    "Phase",
    "Refused",
    "Transport",
    "TransportError",
    "open_transport",
]
