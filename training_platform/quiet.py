"""What the log does without: a machine's answer of every minute, and the way to a refusal."""

from logging import LogRecord


def is_news(record: LogRecord) -> bool:
    """A 503 of /healthz/ready is: that something is wrong is its answer, and said there."""
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    return not (path == "/healthz/ready" and getattr(record, "status_code", 0) == 503)


def in_one_line(record: LogRecord) -> bool:
    """Somebody was refused a page, as was meant: that is worth a line, and no traceback."""
    if getattr(record, "status_code", 0) == 403:
        record.exc_info = None
    return True
