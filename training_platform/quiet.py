"""What is asked for every minute by a machine, and answered as it should be, is no news."""

from logging import LogRecord


def is_news(record: LogRecord) -> bool:
    """A 503 of /healthz/ready is: that something is wrong is its answer, and said there."""
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    return not (path == "/healthz/ready" and getattr(record, "status_code", 0) == 503)
