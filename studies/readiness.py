"""What a study needs before people may join it, as sentences for those who set it up."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from courses.models import Edition
from studies.models import Document, Study


def whats_missing(study: Study, now: datetime) -> list[str]:
    """One sentence for each thing that is missing at `now`; empty when the study can open."""
    return [
        *_missing_course(study),
        *_missing_documents(study),
        *_missing_criteria(study),
        *_missing_contacts(study),
        *_missing_dates(study, now),
    ]


def _missing_course(study: Study) -> Iterator[str]:
    if study.edition.state != Edition.State.PUBLISHED:
        yield _("The edition is a draft. Publish it first.")


def _missing_documents(study: Study) -> Iterator[str]:
    for kind in study.documents_needed:
        if Document.objects.in_force(study, kind) is None:
            yield _("There is no published document of this kind: %(kind)s.") % {
                "kind": Document.Kind(kind).label
            }


def _missing_criteria(study: Study) -> Iterator[str]:
    if study.is_research and not study.criteria.exists():
        yield _("There are no eligibility criteria. Say who may join.")


def _missing_contacts(study: Study) -> Iterator[str]:
    if not study.institution:
        yield _("Say who runs this.")
    if not study.contact_email:
        yield _("Give an address that people can write to.")
    if not study.complaints_contact.strip():
        yield _("Say who people can complain to.")
    if study.is_research and not study.lead_name:
        yield _("Name the person who leads the research.")
    if study.is_research and not study.ethics_reference:
        yield _("Give the ethics reference.")


def _missing_dates(study: Study, now: datetime) -> Iterator[str]:
    today = now.astimezone(ZoneInfo(study.default_zone)).date()
    if study.recruiting_until is not None and study.recruiting_until <= now:
        yield _("Recruiting ended before now. Set a later end, or none.")
    if study.deletion_cutoff <= today:
        yield _("The last day for deletion on request has passed. Set a later one.")
    if study.retention_until <= today:
        yield _("The day that data are kept until has passed. Set a later one.")
