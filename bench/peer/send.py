"""The peer's process: told on stdin what to do, it answers with a line on stdout.

`prepare` makes its tables and its template (a JSON file), `fill N` queues so many mails, `send`
sends them with two processes, `sent` says how many are recorded as sent.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.core.management import call_command

PROCESSES = 2
NAME = "session"


def main() -> None:
    django.setup()
    for line in sys.stdin:
        command, *arguments = line.split()
        print(_COMMANDS[command](*arguments), flush=True)


def prepare(template: str) -> str:
    from post_office.models import EmailTemplate

    call_command("migrate", verbosity=0)
    EmailTemplate.objects.create(name=NAME, **json.loads(Path(template).read_text()))
    return "ready"


def fill(count: str, context: str) -> int:
    """One context a person, as the platform has them."""
    from post_office import mail
    from post_office.models import Email, EmailTemplate, Log

    Log.objects.all().delete()
    Email.objects.all().delete()
    template = EmailTemplate.objects.get(name=NAME)
    values = json.loads(Path(context).read_text())
    mails = mail.send_many(
        [
            {
                "recipients": [f"person-{number}@example.org"],
                "template": template,
                "context": {
                    name: value.replace("#", f"{number:06d}") for name, value in values.items()
                },
                "render_on_delivery": True,
            }
            for number in range(int(count))
        ]
    )
    _settle()
    return len(mails)


def send() -> str:
    """Returns when it has recorded them: what `send_queued_mail --processes 2` does."""
    from post_office.mail import send_queued_mail_until_done

    send_queued_mail_until_done(processes=PROCESSES)
    return "done"


def sent() -> int:
    from post_office.models import STATUS, Email

    return int(Email.objects.filter(status=STATUS.sent).count())


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
    connection.close()


_COMMANDS: dict[str, Callable[..., object]] = {
    "prepare": prepare,
    "fill": fill,
    "send": send,
    "sent": sent,
}

if __name__ == "__main__":
    main()
