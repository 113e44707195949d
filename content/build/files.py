"""Files that are written whole or not at all, and the fingerprint of what is in one."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEXT = (".md", ".svg", ".vtt")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, put in its place at the end, or else removed."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def digest(path: Path) -> str:
    """SHA-256 of the file; of a text as it was written, whatever an editor or git made of its
    line ends. "" where there is no file to read.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return ""
    if path.suffix.lower() in TEXT:
        content = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()
