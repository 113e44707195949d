"""Taking a row in one statement, which is a commit: for what was read and decided a moment before.

The row is begun only if nobody holds it, and if of it, its person (enrolment, account, chosen day)
and its study no row was written since it was read, no newer wording was saved, and the sender was
not stopped. Nothing else is asked again: whether a week was opened or finished, and what became of
the person's other mails, is as it was read, a second before at most. The same could be said of a
mail that left a second earlier.

The row before is settled in the same commit, as always: a killed sender leaves one in `sending`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Exists, Expression, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler

from participants.models import Enrolment
from scheduling import prompts, sender
from scheduling.mail import Letter
from scheduling.models import MailSender, Prompt, Wording
from scheduling.outcomes import Outcome
from scheduling.prepared import Given, Together
from scheduling.prompts import State

STOPPED = MailSender.objects.filter(pk=1, stopped_at__isnull=False)


def newest_wording(study: OuterRef, kind: OuterRef) -> Subquery:
    words = Wording.objects.filter(study=study, kind=kind).order_by("-version")
    return Subquery(words.values("pk")[:1])


class _Versions(Expression):
    """Which transactions wrote the rows of these columns, by PostgreSQL's own `xmin`: other words
    with each write to one of them. Name no keys: Django reads those from the row that points there.
    """

    def __init__(self, *columns: str) -> None:
        super().__init__(output_field=TextField())
        self._columns: list[Any] = [F(each) for each in columns]

    def get_source_expressions(self) -> list[Any]:
        return self._columns

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self._columns = list(exprs)

    def as_sql(self, compiler: SQLCompiler, _connection: Any) -> tuple[str, list[Any]]:
        name = compiler.quote_name_unless_alias
        rows = [f"{name(column.alias)}.xmin" for column in self._columns]
        return f"concat_ws('/', {', '.join(rows)})", []


def row_version() -> Expression:
    return _Versions("zone")


def person_version(path: str = "") -> Expression:
    """Of the enrolment (`path` leads there), its study, its account and the chosen day."""
    columns = ("code", "study__slug", "user__email", "rhythm__weekday")
    return _Versions(*[path + each for each in columns])


def begin(letter: Letter, *, before: Outcome | None, now: datetime) -> tuple[bool, bool]:
    """planned → sending, and the mail before, which the server took, → sent. `letter.prompt` is as
    read with both versions.

    Returns whether the mail before could be settled, and whether this one is begun; `letter.prompt`
    says in any case what it is, or would have been, begun with.
    """
    prompt = letter.prompt
    attempt = prompt.attempts
    began = prompts.beginning(prompt, wording=letter.wording, message_id=letter.message_id, now=now)
    # Before it is tried: if the answer is lost, the row is known by these.
    prompts.became(prompt, State.SENDING, began)
    settled, _noted, begun = _both().run(
        **{f"begun__{name}": value for name, value in began.items()},
        begun__pk=prompt.pk,
        begun__attempt=attempt,
        begun__row=vars(prompt)["row_version"],
        begun__person=vars(prompt)["person_version"],
        **_settling(before),
    )
    return bool(settled), bool(begun)


def _settling(before: Outcome | None) -> dict[str, Any]:
    """With no keys, nothing is changed."""
    if before is None:
        return _NOTHING
    over = prompts.being_sent(at=before.at, now=before.at)
    return {f"settled__{name}": value for name, value in over.items()} | {
        "settled__pk": before.prompt.pk,
        "settled__attempt": before.prompt.attempts,
        "noted__pk": 1,
    }


_BEGUN = (
    "sending_since", "attempted_at", "attempts", "message_id", "wording", "reason",
)  # fmt: skip
_SENT = ("sending_since", "sent_at", "settled_at", "reason")
_NOTHING = dict.fromkeys(["noted__pk", *(f"settled__{each}" for each in (*_SENT, "pk", "attempt"))])


@cache
def _both() -> Together:
    return Together(
        "settle_and_begin",
        settled=prompts.statement(State.SENT, _SENT),
        noted=sender.NOTE_SENT,
        begun=prompts.statement(State.SENDING, _BEGUN, _as_read),
    )


def _as_read() -> QuerySet[Prompt]:
    """Passes by a row that somebody holds, as a change of plan may for long."""
    person = Enrolment.objects.alias(
        version=person_version(),
        newest=newest_wording(OuterRef("study"), OuterRef(OuterRef("kind"))),
    ).filter(
        pk=OuterRef("enrolment"),
        version=Given("person", TextField()),
        newest=Given.of(Prompt, "wording"),
    )
    # Joined to nothing, or all that it is joined to would be locked as well.
    row = (
        Prompt.objects.planned()
        .alias(version=row_version())
        .filter(pk=Given.of(Prompt, "pk"), version=Given("row", TextField()))
        .filter(Exists(person), ~Exists(STOPPED))
        .select_for_update(skip_locked=True)
    )
    return Prompt.objects.filter(pk=Subquery(row.order_by().values("pk")))
