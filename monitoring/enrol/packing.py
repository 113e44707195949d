"""A file as a hidden field of the page that shows it, so that nothing of it is kept here.

Whoever sends it back could have changed it: it is checked as if it were uploaded anew.
"""

import base64
import binascii
import zlib

from monitoring.enrol.reading import MOST_BYTES

# Django takes 2.5 MB of fields; 50,000 people with all that can be said of them are under 1.5 MB.
MOST_PACKED = 2_400_000


def packed(content: bytes) -> str:
    """In letters that a form leaves as they are; "" for what is too large for a page."""
    text = base64.urlsafe_b64encode(zlib.compress(content)).decode("ascii")
    return text if len(text) <= MOST_PACKED else ""


def unpacked(text: str) -> bytes | None:
    """None for what we never packed."""
    try:
        squeezed = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        opening = zlib.decompressobj()
        content = opening.decompress(squeezed, MOST_BYTES)
    except (UnicodeEncodeError, binascii.Error, zlib.error):
        return None
    return content if opening.eof else None
