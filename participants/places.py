"""How many more people a study takes. Test people and those who are only invited take no place."""

from django.db.models import Func, IntegerField, Q, Subquery
from django.db.models.lookups import GreaterThanOrEqual

from participants.models import Enrolment
from studies.models import Study


def left(study: Study) -> int | None:
    """None where there is no limit. Whoever means to take one holds the study meanwhile."""
    if study.capacity is None:
        return None
    return max(0, study.capacity - Enrolment.objects.counted().filter(study=study).count())


def is_full(study: Study) -> bool:
    return left(study) == 0


def fullness(study: Study) -> Q:
    """The same within a query, of a study with a limit."""
    number = Func("pk", function="COUNT", output_field=IntegerField())
    taken = Enrolment.objects.counted().filter(study=study).order_by().values(number=number)
    return Q(GreaterThanOrEqual(Subquery(taken), study.capacity))
