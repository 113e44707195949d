"""Recording in which arm somebody is. They are allocated elsewhere; here it is written down."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.actions.deed import Asked, CannotBeDone, Deed, Done, Preview
from monitoring.actions.forms import ChoiceForm
from monitoring.models import StaffAction
from participants.models import Enrolment, User
from studies.models import Arm


class RecordArm(Deed):
    name = "arm"
    kind = StaffAction.Kind.ALLOCATE
    words = gettext_lazy("Record the arm")
    button = gettext_lazy("Record it")
    needs_arm = True

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return person.has_joined and bool(_others(person))

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> ChoiceForm:
        choices = [(arm.key, arm.name) for arm in _others(person)]
        return ChoiceForm(data, label=_("Which arm?"), choices=choices)

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        arm = _arm(person, asked)
        sentences = [_("They are recorded in “%(arm)s” from now on.") % {"arm": arm.name}]
        if person.arm is not None:
            words = _("Until now it was “%(arm)s”. That stays on record.")
            sentences.append(words % {"arm": person.arm.name})
        sentences.append(_("Only those who may see arms see it. Nobody is written to."))
        return Preview(sentences=sentences, shown=[arm.pk, person.arm_id])

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        arm, before = _arm(person, asked), person.arm
        rows = Enrolment.objects.filter(pk=person.pk, arm=before)
        if not rows.update(arm=arm, allocated_at=now):
            raise CannotBeDone(_("Somebody recorded an arm meanwhile. Please look again."))
        return Done(
            shown=[arm.pk, person.arm_id],
            words=_("The arm is recorded."),
            details={"arm": arm.key, "before": before.key if before is not None else ""},
        )


def _others(person: Enrolment) -> list[Arm]:
    arms = Arm.objects.filter(study=person.study_id).order_by("key")
    return [arm for arm in arms if arm.pk != person.arm_id]


def _arm(person: Enrolment, asked: Asked) -> Arm:
    return Arm.objects.get(study=person.study_id, key=asked["one"])
