"""A large study as it is in its third month: people at every point of the way, and who looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench import people
from bench.report import say

if TYPE_CHECKING:
    from django.test import Client

# People are numbered from 1001 on; the rest after division says what is the matter with them.
# Half of the weeks that were opened were taken part in.
_LIFE = """
UPDATE participants_session SET took_part_at = first_opened_at + interval '10 minutes'
    WHERE first_opened_at IS NOT NULL AND (enrolment_id + module_id) % 2 = 0;
UPDATE participants_enrolment SET source = (ARRAY['', 'poster', 'facebook', 'letter'])[id % 4 + 1],
    is_test = id % 100 = 0, arm_id = (SELECT min(id) FROM studies_arm) + id % 2,
    allocated_at = consented_at, last_seen_at = now() - (id % 60) * interval '1 day',
    last_use_at = CASE WHEN id % 7 > 0 THEN now() - (id % 60) * interval '1 day' END;
UPDATE scheduling_rhythm SET paused_until = current_date + 9 WHERE enrolment_id % 50 = 7;
UPDATE scheduling_rhythm SET mail_off_since = now() WHERE enrolment_id % 50 = 8;
UPDATE participants_user SET address_failed_at = now() WHERE id % 200 = 9 AND id > 1000;
"""
# Five in a hundred are invited, as many are joining, and as many left at each of the levels.
_STEPS = """
UPDATE participants_enrolment SET status = 'invited', consented_at = NULL, day_chosen_at = NULL,
    arm_id = NULL, allocated_at = NULL, last_use_at = NULL, last_seen_at = NULL WHERE id % 20 = 1;
UPDATE participants_enrolment SET status = 'joining', day_chosen_at = NULL WHERE id % 20 = 2;
UPDATE participants_enrolment SET status = 'withdrawn', withdrawn_at = now(), withdrawal =
    (ARRAY['training', 'everything'])[id % 20 - 2] WHERE id % 20 IN (3, 4);
UPDATE participants_enrolment SET status = 'withdrawn', withdrawn_at = now(),
    withdrawal = 'erasure', erasure_requested_at = now(), erased_at = now(), user_id = NULL,
    last_use_at = NULL, last_seen_at = NULL WHERE id % 20 = 5;
DELETE FROM scheduling_prompt WHERE enrolment_id % 20 IN (1, 2) AND enrolment_id > 1000;
DELETE FROM participants_session WHERE enrolment_id % 20 IN (1, 2) AND enrolment_id > 1000;
UPDATE participants_session SET first_opened_at = NULL, took_part_at = NULL
    WHERE enrolment_id % 20 = 5;
DELETE FROM scheduling_rhythm WHERE enrolment_id % 20 IN (1, 2, 5) AND enrolment_id > 1000;
UPDATE scheduling_prompt SET state = 'cancelled', reason = 'withdrawn', settled_at = now()
    WHERE state = 'planned' AND enrolment_id % 20 IN (3, 4, 5);
UPDATE participants_enrolment AS person SET weeks_opened = noted.opened,
    weeks_taken_part = noted.taken FROM (SELECT enrolment_id, count(first_opened_at) AS opened,
    count(took_part_at) AS taken FROM participants_session GROUP BY 1) AS noted
    WHERE noted.enrolment_id = person.id;
"""
# One in a hundred mails did not go as it should.
_MAILS = """
UPDATE scheduling_prompt SET state = (ARRAY['failed', 'unconfirmed', 'missed'])[id % 3 + 1],
    sent_at = NULL WHERE state = 'sent' AND id % 100 < 2;
INSERT INTO studies_screeningtally (study_id, day, source, unmet, count)
    SELECT {study}, current_date - n, (ARRAY['', 'poster'])[n % 2 + 1],
    (ARRAY['', 'adult'])[n % 3 / 2 + 1], 40 FROM generate_series(1, 90) AS n;
VACUUM ANALYZE
"""


def live(number: int) -> None:
    from studies.models import Arm, Study

    study = Study.objects.get()
    for key in ("now", "later"):
        Arm.objects.create(study=study, key=key, name=key)
    with people.writing() as cursor:
        for statement in (_LIFE + _STEPS + _MAILS.format(study=study.pk)).split(";\n"):
            cursor.execute(statement)
    say(f"{number:,} people are at every point of the way")


def researcher() -> tuple["Client", str]:
    """Signed in, with every right; and the study's name in addresses."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.test import Client

    from participants.models import StudyResearcher, User
    from scheduling.models import Heartbeat
    from studies.models import Study

    study, now = Study.objects.get(), datetime.now(UTC)
    user = User.objects.create(email="researcher@example.org", date_joined=now)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    StudyResearcher.objects.create(
        user=user, study=study, sees_identity=True, sees_arm=True, manages=True
    )
    Heartbeat.objects.create(name="tick", beat_at=now)
    client = Client(headers={"host": "training.example.org"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client, study.slug


@contextmanager
def without_hashed_names() -> Iterator[None]:
    """Nothing was collected here, so that pages name their style sheets as they are."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


def sorts() -> tuple[str, ...]:
    from monitoring.people.order import COLUMNS

    return COLUMNS
