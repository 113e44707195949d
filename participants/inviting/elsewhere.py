"""Enrolling people who agreed elsewhere: on paper, say, with a member of staff."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from participants.addresses import as_kept
from participants.inviting.checks import all_or_nobody, check_room
from participants.inviting.consents import ConsentForm, consent_form
from participants.inviting.lists import Agreed, CannotInvite, nothing_said
from participants.inviting.writing import written
from participants.models import ConsentAnswer, Enrolment, User
from studies.models import Study
from studies.screening import clean_source

_BATCH = 5000


def enrol(
    *,
    study: Study,
    people: Sequence[Agreed],
    by: User,
    now: datetime,
    said: Callable[[int], None] = nothing_said,
) -> list[Enrolment]:
    """Enrol all of them, or nobody; `by` is kept as who entered it. Otherwise as `invite`.

    They count as consented from the day on which they agreed, and have a place from now on. Raises
    CannotInvite, also where what they agreed to is not whole or there are too few places.
    """
    form = consent_form(study, now=now)
    _check_whole(form, people)
    enrolled: list[Enrolment] = []
    with all_or_nobody(study, people, now):
        # One at a time for each study, as when people join by themselves: places are counted.
        study = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
        check_room(study, len(people))
        at = partial(_noon, study=study, now=now)
        for batch in written(people, _joining(study, at), by=by, now=now):
            ConsentAnswer.objects.bulk_create(_answers(batch, form, at, by), batch_size=_BATCH)
            enrolled += [enrolment for enrolment, _agreed in batch]
            said(len(enrolled))
    return enrolled


def _check_whole(form: ConsentForm, people: Iterable[Agreed]) -> None:
    found = {as_kept(each.address): form.problems(each) for each in people}
    problems = {address: sentences for address, sentences in found.items() if sentences}
    if problems:
        raise CannotInvite(
            _("What some of these people agreed to is not complete."), problems=problems
        )


def _joining(study: Study, at: Callable[[Agreed], datetime]) -> Callable[[Agreed, User], Enrolment]:
    """Which information sheet they were handed is not known here, and is left empty."""

    def joining(agreed: Agreed, user: User) -> Enrolment:
        return Enrolment(
            study=study,
            user=user,
            edition_id=study.edition_id,
            source=clean_source(agreed.source),
            consented_at=at(agreed),
        )

    return joining


def _noon(agreed: Agreed, *, study: Study, now: datetime) -> datetime:
    """An hour is not asked for. Of today, before noon, it is now."""
    noon = datetime.combine(agreed.agreed_on, time(12), tzinfo=ZoneInfo(study.default_zone))
    return min(noon, now)


def _answers(
    batch: Iterable[tuple[Enrolment, Agreed]],
    form: ConsentForm,
    at: Callable[[Agreed], datetime],
    by: User,
) -> Iterator[ConsentAnswer]:
    for enrolment, agreed in batch:
        for statement in form.versions[agreed.version]:
            yield ConsentAnswer(
                enrolment=enrolment,
                statement=statement,
                agreed=agreed.answers[statement.key],
                method=ConsentAnswer.Method.ELSEWHERE,
                answered_at=at(agreed),
                recorded_by=by,
                taken_by=agreed.taken_by.strip(),
            )
