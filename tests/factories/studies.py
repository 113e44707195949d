"""Studies that are set up whole: documents published, criteria written, open to new people."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from studies.models import Arm, ConsentStatement, Document, EligibilityCriterion, Study
from studies.services import publish_document
from tests.factories.courses import published_edition

LONG_AGO = datetime(2020, 1, 6, 9, 0, tzinfo=UTC)

# key: whether it is required
RESEARCH_STATEMENTS = {
    "read": True,
    "free": True,
    "watch": True,
    "data": True,
    "interview": False,
}
SERVICE_STATEMENTS = {"privacy": True}


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = EligibilityCriterion

    study = factory.SubFactory("tests.factories.studies.StudyFactory", criteria=False)
    key = factory.Sequence(lambda n: f"criterion-{n}")
    question = factory.LazyAttribute(lambda criterion: f"Is {criterion.key} true of you?")
    declined_text = "This study is not for you at the moment. Thank you for your interest."
    position = factory.LazyAttribute(lambda criterion: criterion.study.criteria.count() + 1)


class ArmFactory(DjangoModelFactory):
    class Meta:
        model = Arm

    study = factory.SubFactory("tests.factories.studies.StudyFactory")
    key = factory.Sequence(lambda n: f"arm-{n}")
    name = factory.LazyAttribute(lambda arm: f"The {arm.key}")


class DocumentFactory(DjangoModelFactory):
    """A draft without statements. `statements={"key": required}` adds them."""

    class Meta:
        model = Document
        skip_postgeneration_save = True

    study = factory.SubFactory("tests.factories.studies.StudyFactory", documents=False)
    kind = Document.Kind.INFORMATION
    version = factory.LazyAttribute(
        lambda document: document.study.documents.filter(kind=document.kind).count() + 1
    )
    title = factory.LazyAttribute(lambda document: Document.Kind(document.kind).label)
    body = "<p>What taking part means.</p>"

    @factory.post_generation
    def statements(self: Any, create: bool, extracted: dict[str, bool] | None, **_: Any) -> None:
        ConsentStatement.objects.bulk_create(
            ConsentStatement(
                document=self,
                key=key,
                text=f"I agree to “{key}”.",
                required=required,
                position=position,
            )
            for position, (key, required) in enumerate((extracted or {}).items(), 1)
        )


def published_document(**fields: Any) -> Document:
    return publish_document(document=DocumentFactory(**fields), now=LONG_AGO)


class StudyFactory(DjangoModelFactory):
    """Research, recruiting. `documents=False` and `criteria=False` leave those out."""

    class Meta:
        model = Study
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"study-{n}")
    public_name = "Four Weeks"
    neutral_name = "Weekly session"
    purpose = Study.Purpose.RESEARCH
    state = Study.State.RECRUITING
    edition = factory.LazyFunction(published_edition)
    institution = "University of Testing"
    ethics_reference = "TEST/2026/1"
    lead_name = "The research team"
    contact_email = "study@example.org"
    complaints_contact = "The research office, complaints@example.org"
    retention_until = date(2060, 12, 31)
    deletion_cutoff = date(2060, 6, 30)

    @factory.post_generation
    def documents(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        if extracted is not False:
            published_document(study=self)
            published_document(
                study=self, kind=Document.Kind.CONSENT, statements=RESEARCH_STATEMENTS
            )

    @factory.post_generation
    def criteria(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        if extracted is not False:
            young = {"way_out": EligibilityCriterion.WayOut.YOUNG}
            EligibilityCriterion.objects.bulk_create(
                CriterionFactory.build(study=self, key=key, position=position, **way_out)
                for position, (key, way_out) in enumerate(
                    {"adult": young, "internet": {}, "english": {}}.items(), 1
                )
            )


class ServiceFactory(StudyFactory):
    """A service: a privacy notice to acknowledge, and no screening."""

    slug = factory.Sequence(lambda n: f"service-{n}")
    public_name = "Four Weeks, the course"
    purpose = Study.Purpose.SERVICE
    ethics_reference = ""

    @factory.post_generation
    def documents(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        if extracted is not False:
            published_document(
                study=self, kind=Document.Kind.PRIVACY, statements=SERVICE_STATEMENTS
            )

    @factory.post_generation
    def criteria(self: Any, create: bool, extracted: bool | None, **_: Any) -> None:
        """None."""
