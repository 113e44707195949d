"""Publishing documents, opening and closing a study, and counting screenings."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from studies.models import ConsentStatement, Document, ScreeningTally, Study
from studies.readiness import whats_missing
from studies.screening import clean_source


class CannotPublish(Exception):
    """Holds the sentence that says what is missing."""


class CannotMakeVersion(Exception):
    """Holds the sentence that says why there can be no new version now."""


class NotReady(Exception):
    """A study that cannot open yet; `sentences` name everything that is missing."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@transaction.atomic
def publish_document(
    *, document: Document, requires_new_consent: bool | None = None, now: datetime
) -> Document:
    """Freeze a document and its statements; the database keeps them so from here on.

    `requires_new_consent` is set with it; None leaves what the draft says. One that is published
    already is returned as it is. Raises CannotPublish where it has no text, or where people are to
    agree to it and it has no statements.
    """
    document = Document.objects.select_for_update().get(pk=document.pk)
    if document.state == Document.State.PUBLISHED:
        return document
    if lacking := whats_lacking(document):
        raise CannotPublish(lacking)
    if requires_new_consent is not None:
        document.requires_new_consent = requires_new_consent
    document.state = Document.State.PUBLISHED
    document.published_at = now
    document.save(update_fields=["state", "published_at", "requires_new_consent"])
    return document


def whats_lacking(document: Document) -> str:
    """A sentence for what a draft needs before it can be published; empty where it is whole."""
    if not document.body.strip():
        return _("This document has no text. Write it first.")
    if document.is_agreed_to and not document.statements.exists():
        return _("This document has no statements to agree to. Add one first.")
    return ""


@transaction.atomic
def new_version(*, document: Document) -> Document:
    """A draft with the next version number that begins as a copy of `document`.

    Raises CannotMakeVersion where the study has a draft of this kind already.
    """
    study = Study.objects.select_for_update(no_key=True).get(pk=document.study_id)
    versions = Document.objects.filter(study=study, kind=document.kind)
    if versions.drafts().exists():
        raise CannotMakeVersion(
            _("There is a draft of this document already. Edit it, or delete it first.")
        )
    newest = versions.aggregate(newest=Max("version"))["newest"] or 0
    copy = Document.objects.create(
        study=study,
        kind=document.kind,
        version=newest + 1,
        title=document.title,
        body=document.body,
    )
    ConsentStatement.objects.bulk_create(
        ConsentStatement(
            document=copy,
            key=statement.key,
            text=statement.text,
            required=statement.required,
            position=statement.position,
        )
        for statement in document.statements.all()
    )
    return copy


@transaction.atomic
def open_study(*, study: Study, now: datetime) -> Study:
    """Let people join. Raises NotReady with a sentence for each thing that is missing."""
    study = _locked(study)
    if sentences := whats_missing(study, now):
        raise NotReady(sentences)
    return _enter(study, Study.State.RECRUITING)


@transaction.atomic
def close_study(*, study: Study) -> Study:
    """Let nobody new join. Those who joined go on as before."""
    return _enter(_locked(study), Study.State.CLOSED)


@transaction.atomic
def archive_study(*, study: Study) -> Study:
    """Nobody joins, and no weekly mail goes any more. The pages stay open to those who joined."""
    return _enter(_locked(study), Study.State.ARCHIVED)


def _locked(study: Study) -> Study:
    """Without its key, so that nobody waits for rows that point to it and are being written."""
    rows = Study.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("edition").get(pk=study.pk)


def _enter(study: Study, state: Study.State) -> Study:
    study.state = state
    study.save(update_fields=["state"])
    return study


@transaction.atomic
def tally_screening(*, study: Study, source: str, unmet: str, now: datetime) -> None:
    """Count one screening. `unmet` is the key of the first criterion not met; empty: all were met.

    The day is the date at `now` in the study's own time zone.
    """
    tally, _created = ScreeningTally.objects.get_or_create(
        study=study,
        source=clean_source(source),
        day=now.astimezone(ZoneInfo(study.default_zone)).date(),
        unmet=unmet,
    )
    # The database adds, so that two screenings at one moment are two.
    ScreeningTally.objects.filter(pk=tally.pk).update(count=F("count") + 1)
