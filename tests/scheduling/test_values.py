"""What a session's mail says there is: true of that week's own materials."""

from itertools import count

import pytest

from courses.models import Material
from scheduling.models import Kind
from scheduling.values import Editions, values_for
from tests.factories.courses import EditionFactory, MaterialFactory, ModuleFactory
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import PromptFactory

VIDEO, HANDOUT, EXERCISE = Material.Kind.VIDEO, Material.Kind.HANDOUT, Material.Kind.EXERCISE


def session_mail(kinds):
    module = ModuleFactory(edition=EditionFactory(), week=1)
    positions = count(1)
    for kind in kinds:
        position = next(positions)
        MaterialFactory(module=module, kind=kind, key=f"{kind}-{position}", position=position)
    enrolment = EnrolmentFactory(edition=module.edition)
    return PromptFactory(enrolment=enrolment, kind=Kind.SESSION, occurrence=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kinds", "sentence"),
    [
        (
            [VIDEO, HANDOUT, EXERCISE, EXERCISE],
            "There is something to watch, something to read and something to listen to. "
            "Any one of them is enough.",
        ),
        (
            [HANDOUT, EXERCISE],
            "There is something to read and something to listen to. Any one of them is enough.",
        ),
        ([HANDOUT], "There is something to read."),
        ([], "There is something to do."),
    ],
)
def test_what_there_is_names_the_materials_of_that_week(kinds, sentence):
    assert values_for(session_mail(kinds), Editions())["what_there_is"] == sentence


@pytest.mark.django_db
def test_what_there_is_of_another_week_is_not_counted():
    mail = session_mail([HANDOUT])
    other = ModuleFactory(edition=mail.enrolment.edition, week=2)
    MaterialFactory(module=other, kind=VIDEO, key="video", position=1)

    assert values_for(mail, Editions())["what_there_is"] == "There is something to read."
