"""python -m content.check content/self-compassion: says what is wrong in it, and where."""

import argparse
import sys
from pathlib import Path

import django
from django.conf import settings


def main() -> None:
    """Ends with status 1, and every fault on stderr, if there are any."""
    parser = argparse.ArgumentParser(prog="python -m content.check", description=__doc__)
    parser.add_argument("course", type=Path, help="the course's folder")
    arguments = parser.parse_args()
    _set_up()
    from content.check.course import check  # reads Django's settings

    checked = check(arguments.course)
    if checked.faults:
        sys.exit("\n".join(checked.faults))
    print(checked)


def _set_up() -> None:
    """As much of Django as the loader needs: no database, no secret, no environment."""
    rooms = ["django.contrib.contenttypes", "django.contrib.auth", "courses"]
    settings.configure(INSTALLED_APPS=rooms, USE_I18N=False)
    django.setup()


if __name__ == "__main__":
    main()
