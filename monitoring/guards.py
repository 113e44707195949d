"""What staff did is never rewritten, by them or by anybody."""

from frozen_rows import Guard
from frozen_rows.guard import Operation

_NAMED = {"StaffAction": "An action of staff", "AccessLog": "A look at identity"}
_KEPT: tuple[Operation, ...] = ("UPDATE", "DELETE")

GUARDS = [
    *(
        Guard(
            name=f"{model.lower()}_{operation.lower()}",
            model=f"monitoring.{model}",
            operation=operation,
            when="1 = 1",
            message=f"{what} stays as it was recorded.",
        )
        for model, what in _NAMED.items()
        for operation in _KEPT
    ),
    Guard(
        name="staffaction_insert_study",
        model="monitoring.StaffAction",
        operation="INSERT",
        when="NEW.enrolment_id IS NOT NULL AND (SELECT study_id FROM participants_enrolment "
        "WHERE id = NEW.enrolment_id) <> NEW.study_id",
        message="What is done to a person belongs to their study.",
    ),
]
