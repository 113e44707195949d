"""How many more people a study takes. Test people and those who are only invited take no place."""

from participants.models import Enrolment
from studies.models import Study


def left(study: Study) -> int | None:
    """None where there is no limit. Whoever means to take one holds the study meanwhile."""
    if study.capacity is None:
        return None
    return max(0, study.capacity - Enrolment.objects.counted().filter(study=study).count())


def is_full(study: Study) -> bool:
    return left(study) == 0
