"""Arms: of research alone, and each key once in a study."""

import pytest
from django.db import IntegrityError, models, transaction

from studies.models import Arm, Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import LONG_AGO, ArmFactory, ServiceFactory, StudyFactory

pytestmark = pytest.mark.django_db


def test_key_is_one_arms_in_its_study() -> None:
    arm = ArmFactory(key="training")
    ArmFactory(key="training")
    with pytest.raises(IntegrityError), transaction.atomic():
        ArmFactory(key="training", study=arm.study)


def test_service_has_no_arms() -> None:
    service, arm = ServiceFactory(), ArmFactory()
    for attempt in (
        lambda: ArmFactory(study=service),
        lambda: Arm.objects.filter(pk=arm.pk).update(study=service),
    ):
        with pytest.raises(IntegrityError, match="Only a research study"), transaction.atomic():
            attempt()


def test_study_with_arms_becomes_no_service() -> None:
    arm = ArmFactory(study=StudyFactory(state="draft"))
    with pytest.raises(IntegrityError, match="A study that has arms"), transaction.atomic():
        Study.objects.filter(pk=arm.study.pk).update(purpose="service")


def test_arm_that_somebody_is_in_keeps_its_key_and_its_study() -> None:
    used, unused, study = ArmFactory(), ArmFactory(), StudyFactory()
    EnrolmentFactory(study=used.study, arm=used, allocated_at=LONG_AGO)
    for change in ({"key": "another"}, {"study": study}):
        with pytest.raises(IntegrityError, match="keeps its key"), transaction.atomic():
            Arm.objects.filter(pk=used.pk).update(**change)
        Arm.objects.filter(pk=unused.pk).update(**change)
    Arm.objects.filter(pk=used.pk).update(name="Under another name")


def test_arm_that_somebody_is_in_stays() -> None:
    arm = ArmFactory()
    EnrolmentFactory(study=arm.study, arm=arm, allocated_at=LONG_AGO)
    with pytest.raises(models.ProtectedError):
        arm.delete()
