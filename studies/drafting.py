"""Writing what is not fixed yet: drafts of documents, who may join, and the arms."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from studies.models import Arm, ConsentStatement, Document, EligibilityCriterion, Study
from studies.services import new_version


class ArmInUse(Exception):
    """Holds the sentence that says which arm has people in it."""


@transaction.atomic
def draft_of(*, study: Study, kind: str) -> Document:
    """The draft of this kind; where there is none, a new one: a copy of the newest published
    version, or empty and with the kind's name for a title.
    """
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if draft := Document.objects.drafts().filter(study=study, kind=kind).first():
        return draft
    in_force = Document.objects.in_force(study, kind)
    if in_force is not None:
        return new_version(document=in_force)
    newest = study.documents.filter(kind=kind).aggregate(newest=Max("version"))["newest"] or 0
    title = str(Document.Kind(kind).label)
    return Document.objects.create(study=study, kind=kind, version=newest + 1, title=title)


@transaction.atomic
def write_draft(
    *, document: Document, title: str, body: str, statements: Sequence[ConsentStatement]
) -> Document:
    """Replace a draft's words and statements; these are new rows, in their order."""
    document.title, document.body = title, body
    document.save(update_fields=["title", "body"])
    document.statements.all().delete()
    for position, statement in enumerate(statements, 1):
        statement.pk, statement.document, statement.position = None, document, position
    ConsentStatement.objects.bulk_create(statements)
    return document


@transaction.atomic
def delete_draft(*, document: Document) -> None:
    """Its statements go with it. The database keeps a published one."""
    Document.objects.drafts().filter(pk=document.pk).delete()


@transaction.atomic
def write_criteria(*, study: Study, criteria: Sequence[EligibilityCriterion]) -> None:
    """Replace the study's criteria; these are new rows, in their order."""
    study.criteria.all().delete()
    for position, criterion in enumerate(criteria, 1):
        criterion.pk, criterion.study, criterion.position = None, study, position
    EligibilityCriterion.objects.bulk_create(criteria)


@transaction.atomic
def write_arms(*, study: Study, names: Mapping[str, str]) -> None:
    """The study's arms are those of `names`, by key. Raises ArmInUse, with nothing saved."""
    for arm in study.arms.exclude(key__in=names):
        try:
            arm.delete()
        except ProtectedError as error:
            words = _("People are in the arm “%(key)s”. It keeps its key, and cannot be removed.")
            raise ArmInUse(words % {"key": arm.key}) from error
    for key, name in names.items():
        Arm.objects.update_or_create(study=study, key=key, defaults={"name": name})
