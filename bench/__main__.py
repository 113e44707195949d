"""`python -m bench [--quick] [row ...]`: see bench/README.md."""

import argparse
from importlib import import_module

from bench import platform, sizes
from bench.report import say
from bench.services import neighbours
from bench.wire import sink

ROWS = ("speed", "taking", "lateness", "memory", "export", "csv", "staff")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="How fast it is.")
    parser.add_argument("rows", nargs="*", metavar="row", help=f"of {', '.join(ROWS)}; or all")
    parser.add_argument("--quick", action="store_true", help="small: shows that it works, no more")
    asked = parser.parse_args()
    unknown = set(asked.rows) - set(ROWS)
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    run(asked.rows or list(ROWS), sizes.QUICK if asked.quick else sizes.FULL)


def run(rows: list[str], size: sizes.Sizes) -> None:
    with neighbours() as beside, sink() as mail_server:
        platform.begin(beside, mail=mail_server.url)
        for row in rows:
            say(f"--- {row}")
            # Rows import models, which are there only once Django is set up.
            import_module(f"bench.{row}").measure(beside, mail_server, size)


if __name__ == "__main__":
    main()
