"""What the tests' own database set-up promises, on both engines."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import frozen_rows
from courses.models import Course, Edition, Material
from frozen_rows.guard import all_guards
from participants.models import User
from tests.factories.courses import EARLY, EditionFactory, published_edition
from tests.factories.participants import UserFactory
from tests.services import databases
from tests.services.beginnings import beginning
from tests.services.emptying import MANY


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    assert connection.vendor == {"postgres": "postgresql", "sqlite": "sqlite"}[databases.engine()]


@pytest.fixture
def guards_stand_afterwards(transactional_db: None) -> None:
    """Tables were emptied after the test before this one; the guards must have come back."""
    assert frozen_rows.installed_names() == {guard.name for guard in all_guards()}


@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_may_leave_frozen_rows(
    guards_stand_afterwards: None, turn: int
) -> None:
    """The second turn finds tables and cache empty, though no row of the first could be deleted."""
    assert Course.objects.count() == 0
    assert cache.add("asked", turn)
    now = timezone.now()
    course = Course.objects.create(slug="demo", title=f"Turn {turn}")
    Edition.objects.create(
        course=course,
        number=1,
        state=Edition.State.PUBLISHED,
        created_at=now,
        published_at=now,
    )


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_take_away_the_names_of_rights(turn: int) -> None:
    assert Permission.objects.filter(codename="change_course").count() == 1
    Permission.objects.all().delete()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_leave_nothing_at_all(turn: int) -> None:
    assert ContentType.objects.filter(model="course").count() == 1
    ContentType.objects.all().delete()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_may_leave_many_rows(turn: int) -> None:
    assert Course.objects.count() == 0
    Course.objects.bulk_create(Course(slug=f"course-{number}") for number in range(MANY + 1))


@pytest.mark.parametrize("turn", [1, 2, 3])
@pytest.mark.django_db
def test_a_beginning_comes_back_whole_and_guarded(turn: int) -> None:
    edition = beginning(published_edition, 2)

    assert list(Edition.objects.values_list("pk", "published_at")) == [(edition.pk, EARLY)]
    assert [module.week for module in edition.modules.all()] == [1, 2]
    assert Material.objects.filter(alternative_to=None).count() == 6
    assert frozen_rows.installed_names() == {guard.name for guard in all_guards()}
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.modules.update(title="Another")
    assert EditionFactory(course=edition.course).number == 2


def someone_with_rights() -> User:
    user = UserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="change_course"))
    return user


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db(transaction=True)
def test_rights_come_back_whatever_numbers_their_names_have_by_now(turn: int) -> None:
    """Numbers that they get anew, where a test takes them away."""
    user = beginning(someone_with_rights)

    assert User.objects.get(pk=user.pk).has_perm("courses.change_course")
    Permission.objects.all().delete()


def someone_written_to() -> User:
    user = UserFactory()
    mail.send_mail("Hello", "Words.", None, [user.email])
    cache.set("written to", 1)
    return user


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.django_db
def test_a_beginning_leaves_the_same_whether_it_is_lived_or_put_back(
    turn: int, mailoutbox: list[mail.EmailMessage]
) -> None:
    beginning(someone_written_to)

    assert (mailoutbox, cache.get("written to")) == ([], None)


@pytest.mark.django_db
def test_a_beginning_begins_with_nothing_there() -> None:
    EditionFactory()
    with pytest.raises(AssertionError):
        beginning(published_edition)


@pytest.mark.django_db(transaction=True)
def test_a_thread_sees_what_the_test_has_written() -> None:
    Course.objects.create(slug="demo", title="Demo")
    seen: list[int] = []

    def look() -> None:
        seen.append(Course.objects.count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]
