"""Whether this container's process lives: `python deploy/healthy.py web` or `beat`; 0 or 1.

Whether all is well with the whole, /healthz/ready says.
"""

import os
import sys
from pathlib import Path
from time import time
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

ADDRESS = "http://127.0.0.1:8000/healthz"
BEAT_WRITES_EVERY_SECONDS = 15


def web_lives(address: str = ADDRESS) -> bool:
    """It answers to its own name alone, and is asked without the proxy that HTTP_PROXY may name."""
    host = urlsplit(os.environ["SITE_URL"]).netloc
    request = Request(address, headers={"Host": host})  # noqa: S310
    with build_opener(ProxyHandler({})).open(request, timeout=5) as answer:
        return bool(answer.status == 200)


def beat_lives(folder: Path = Path("/tmp")) -> bool:  # noqa: S108
    """It writes its schedule at each tick; what follows the name depends on the machine's dbm."""
    written = [each.stat().st_mtime for each in folder.glob("beat*")]
    return time() - max(written, default=0) < 4 * BEAT_WRITES_EVERY_SECONDS


if __name__ == "__main__":
    sys.exit(not {"web": web_lives, "beat": beat_lives}[sys.argv[1]]())
