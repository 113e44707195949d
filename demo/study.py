"""Makes the demonstration study from the texts beside this file."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from courses.html import from_markdown, sanitised
from courses.models import Edition
from scheduling.services import install_wordings
from studies.models import ConsentStatement, Document, EligibilityCriterion, Study
from studies.services import open_study, publish_document

TEXTS = Path(__file__).parent / "texts"


@transaction.atomic
def make_study(*, edition: Edition, now: datetime) -> Study:
    """The study `demo`, recruiting, with its documents published."""
    told = tomllib.loads((TEXTS / "study.toml").read_text(encoding="utf-8"))
    today = now.date()
    study = Study.objects.create(
        edition=edition,
        deletion_cutoff=_in_years(today, 1),
        retention_until=_in_years(today, 10),
        **told["study"],
    )
    for kind, title in told["documents"].items():
        _make_document(study, kind=kind, title=title, told=told, now=now)
    EligibilityCriterion.objects.bulk_create(
        EligibilityCriterion(study=study, position=position, **criterion)
        for position, criterion in enumerate(told["criterion"], start=1)
    )
    install_wordings(study=study, now=now)
    open_study(study=study, now=now)
    return study


def _make_document(
    study: Study, *, kind: str, title: str, told: dict[str, Any], now: datetime
) -> None:
    document = Document.objects.create(
        study=study,
        kind=kind,
        version=1,
        title=title,
        body=sanitised(from_markdown((TEXTS / f"{kind}.md").read_text(encoding="utf-8"))),
    )
    if kind == Document.Kind.CONSENT:
        ConsentStatement.objects.bulk_create(
            ConsentStatement(document=document, position=position, **statement)
            for position, statement in enumerate(told["statement"], start=1)
        )
    publish_document(document=document, now=now)


def _in_years(day: date, years: int) -> date:
    return day + timedelta(days=365 * years)
