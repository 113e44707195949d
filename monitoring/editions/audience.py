"""Who will see an edition once it is published, and who will not."""

from dataclasses import dataclass

from django.db.models import Count

from courses.models import Edition
from monitoring.access import rights
from participants.models import Enrolment, User
from studies.models import Study


@dataclass(frozen=True, kw_only=True)
class Audience:
    """A study that gives this course.

    `going_on`: people who take part, and keep the edition that they joined with. `invited`: people
    who are given whatever the study gives on the day they agree. Test people count in neither.
    `may_choose`: whether the one who looks may choose which edition it gives.
    """

    study: Study
    going_on: int
    invited: int
    may_choose: bool

    @property
    def is_open(self) -> bool:
        return self.study.state == Study.State.RECRUITING

    @property
    def is_service(self) -> bool:
        return self.study.purpose == Study.Purpose.SERVICE


def audiences(edition: Edition, user: User) -> list[Audience]:
    """Every study that gives an edition of this course and is not over, by name."""
    people = Enrolment.objects.filter(study__edition__course=edition.course_id, is_test=False)
    current = people.current().values("study").annotate(number=Count("pk"))
    invited = people.invited().values("study").annotate(number=Count("pk"))
    going_on, asked = ({row["study"]: row["number"] for row in rows} for rows in (current, invited))
    return [
        Audience(
            study=study,
            going_on=going_on.get(study.pk, 0),
            invited=asked.get(study.pk, 0),
            may_choose=may_choose(study, edition, user),
        )
        for study in studies_giving(edition)
    ]


def studies_giving(edition: Edition) -> list[Study]:
    of_course = Study.objects.filter(edition__course=edition.course_id)
    running = of_course.exclude(state=Study.State.ARCHIVED)
    return list(running.select_related("edition__course").order_by("public_name", "pk"))


def may_choose(study: Study, edition: Edition, user: User) -> bool:
    """Whoever manages the study, or may change studies in the admin; of one that it gives already,
    and of a study that is archived, nobody.
    """
    if study.edition_id == edition.pk or study.state == Study.State.ARCHIVED:
        return False
    return rights(user, study).manages or user.has_perm("studies.change_study")
