"""What a study needs before people may join it, as sentences for those who set it up."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from courses.models import Edition
from studies.models import Document, Study


class Missing(NamedTuple):
    """`section` is the part of the settings where it is mended, `field` its name there, if one."""

    section: str
    field: str
    sentence: str


def whats_missing(study: Study, now: datetime) -> list[str]:
    """One sentence for each thing that is missing at `now`; empty when the study can open."""
    return [each.sentence for each in missing(study, now)]


def missing(study: Study, now: datetime) -> list[Missing]:
    return [
        *_missing_course(study),
        *_missing_documents(study),
        *_missing_criteria(study),
        *missing_in_the_row(study, now),
    ]


def missing_in_the_row(study: Study, now: datetime) -> list[Missing]:
    """What the study's own row lacks, whether or not it is saved. Asks the database nothing."""
    return [*_missing_contacts(study), *_missing_dates(study, now)]


def _missing_course(study: Study) -> Iterator[Missing]:
    if study.edition.state != Edition.State.PUBLISHED:
        yield Missing("weeks", "edition", _("The edition is a draft. Publish it first."))


def _missing_documents(study: Study) -> Iterator[Missing]:
    in_force = set(Document.objects.published().filter(study=study).values_list("kind", flat=True))
    for kind in study.documents_needed:
        if kind not in in_force:
            label = Document.Kind(kind).label
            sentence = _("There is no published document of this kind: %(kind)s.")
            yield Missing("documents", kind, sentence % {"kind": label})


def _missing_criteria(study: Study) -> Iterator[Missing]:
    if study.is_research and not study.criteria.exists():
        sentence = _("There are no eligibility criteria. Say who may join.")
        yield Missing("eligibility", "", sentence)


def _missing_contacts(study: Study) -> Iterator[Missing]:
    if not study.institution.strip():
        yield Missing("team", "institution", _("Say who runs this."))
    if not study.contact_email:
        sentence = _("Give an address that people can write to.")
        yield Missing("team", "contact_email", sentence)
    if not study.complaints_contact.strip():
        yield Missing("team", "complaints_contact", _("Say who people can complain to."))
    if study.is_research and not study.lead_name.strip():
        yield Missing("team", "lead_name", _("Name the person who leads the research."))
    if study.is_research and not study.ethics_reference.strip():
        yield Missing("team", "ethics_reference", _("Give the ethics reference."))


def _missing_dates(study: Study, now: datetime) -> Iterator[Missing]:
    today = study.day(now)
    if study.recruiting_until is not None and study.recruiting_until <= now:
        sentence = _("Recruiting ended before now. Set a later end, or none.")
        yield Missing("recruiting", "recruiting_until", sentence)
    if study.deletion_cutoff <= today:
        sentence = _("The last day for deletion on request has passed. Set a later one.")
        yield Missing("keeping", "deletion_cutoff", sentence)
    if study.retention_until <= today:
        sentence = _("The day that data are kept until has passed. Set a later one.")
        yield Missing("keeping", "retention_until", sentence)
