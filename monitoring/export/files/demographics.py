"""What people told of themselves. Own words may name somebody, and are nobody's to read."""

from collections.abc import Iterator, Sequence

from monitoring.export.columns import Column, category, integer, person
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row, read
from participants.models import Demographics
from participants.models.demographics import Answered, Education, Ethnicity, Gender


def columns(cut: Cut) -> list[Column]:
    own = "The words themselves may identify a person and are not exported."
    return [
        *person(),
        category("age_answered", "Whether age was answered.", Answered),
        integer("age", "Age when asked.", unit="years"),
        category("gender_answered", "Whether gender was answered.", Answered),
        category("gender", f"Gender. {own}", Gender),
        category("ethnicity_answered", "Whether ethnicity was answered.", Answered),
        category("ethnicity", f"Ethnic group. {own}", Ethnicity),
        category("education_answered", "Whether education was answered.", Answered),
        category("education", "Highest education.", Education),
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    told = Demographics.objects.filter(
        recorded(cut, "enrolment__"), enrolment__demographics_at__lte=cut.until
    )
    return read(told.order_by("enrolment_id"), names, person="enrolment__")


DEMOGRAPHICS = File(
    name="demographics.csv",
    about="Age, gender, ethnicity and education. Who has no line was not asked, or has not come "
    "to these questions.",
    columns=columns,
    rows=rows,
)
