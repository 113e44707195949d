"""Agreeing to take part: the one moment at which an account becomes an enrolment."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from participants.enrolling import free_codes
from participants.models import ConsentAnswer, ConsentSignature, Enrolment, Invitation, User
from participants.places import is_full
from studies.models import Document, Study
from studies.screening import clean_source

NAME_LENGTH = ConsentSignature._meta.get_field("typed_name").max_length or 0


class CannotJoin(Exception):
    """Why someone cannot join now; `message` tells them, and what they can do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class StudyFull(CannotJoin):
    def __init__(self) -> None:
        super().__init__(_("Every place is taken now. Thank you for wanting to join."))


class StudyClosed(CannotJoin):
    def __init__(self) -> None:
        super().__init__(_("Nobody new can join at the moment. Thank you for wanting to join."))


class AlreadyJoined(CannotJoin):
    def __init__(self) -> None:
        super().__init__(_("You have joined already. Go to your home page to carry on."))


class WordingChanged(CannotJoin):
    def __init__(self) -> None:
        super().__init__(
            _("The wording changed while you were reading. Please read this newer version.")
        )


class StatementsMissing(CannotJoin):
    """`keys` are those of the required statements that were not agreed to."""

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(
            _("To join, tick each statement marked “required”. You can also leave this page.")
        )
        self.keys = list(keys)


class AccountGone(CannotJoin):
    """An account without consent was erased while its person was still reading."""

    def __init__(self) -> None:
        super().__init__(_("Your sign-in has ended. Please begin again with your email address."))


class NameNeeded(CannotJoin):
    def __init__(self) -> None:
        super().__init__(
            _("Type your name to sign, in no more than %(length)d letters.")
            % {"length": NAME_LENGTH}
        )


@transaction.atomic
def agree(
    *,
    study: Study,
    user: User,
    document: Document,
    answers: Mapping[str, bool],
    typed_name: str,
    source: str,
    is_test: bool = False,
    now: datetime,
) -> Enrolment:
    """Enrol `user`, who read `document` and answered its statements (by key; a tick is True).

    Whoever was invited takes their invitation, by whatever way they came: the enrolment that is
    waiting becomes theirs, with its own source. An optional statement without an answer is stored
    as no. A service takes no signature, and `typed_name` is then not looked at. Raises a
    CannotJoin, with nothing saved.
    """
    # One at a time for each study: places are counted and taken under this lock.
    # Not so that rows that point at the study have to wait, as thousands of invitations may.
    study = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    # Enrolments before accounts, as everywhere, so that two writers wait but never for each other.
    _waiting(study, user)
    if not User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists():
        raise AccountGone
    _check_open(study, user, is_test=is_test, now=now)
    _check_agreement(study, document, answers, typed_name)
    enrolment = _waiting(study, user) or _new(study, user, source)
    _join(enrolment, study, is_test=is_test, now=now)
    _record(enrolment, document, answers, typed_name, now)
    return enrolment


def _waiting(study: Study, user: User) -> Enrolment | None:
    """The invitation that stands, locked."""
    invited = Enrolment.objects.invited().filter(study=study, user=user)
    return invited.select_for_update().first()


def _new(study: Study, user: User, source: str) -> Enrolment:
    [code] = free_codes(1)
    return Enrolment(study=study, user=user, source=clean_source(source), code=code)


def _join(enrolment: Enrolment, study: Study, *, is_test: bool, now: datetime) -> None:
    enrolment.status = Enrolment.Status.JOINING
    enrolment.edition_id = study.edition_id
    enrolment.is_test = is_test or enrolment.is_test
    enrolment.consented_at = now
    enrolment.information = _sheet(study)
    enrolment.save()
    Invitation.objects.filter(enrolment=enrolment).update(joined_at=now)


def _sheet(study: Study) -> Document | None:
    """The pages show no other than the one in force. A service's notice is what is agreed to."""
    if not study.is_research:
        return None
    return Document.objects.in_force(study, Document.Kind.INFORMATION)


@transaction.atomic
def agree_anew(
    *,
    enrolment: Enrolment,
    document: Document,
    answers: Mapping[str, bool],
    typed_name: str,
    now: datetime,
) -> None:
    """Record what someone taking part says to a newer version. Sent twice, it is recorded once.

    Raises WordingChanged, StatementsMissing, NameNeeded, or StudyClosed for someone withdrawn.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if enrolment.is_withdrawn:
        raise StudyClosed
    _check_agreement(enrolment.study, document, answers, typed_name)
    if not enrolment.consent_answers.filter(statement__document=document).exists():
        _record(enrolment, document, answers, typed_name, now)


def consent_is_current(enrolment: Enrolment) -> bool:
    """Whether they agreed to the newest version that asks people to agree anew, or a later one.

    While it is not so, nothing is recorded of them.
    """
    return Enrolment.objects.consenting().filter(pk=enrolment.pk).exists()


def _check_open(study: Study, user: User, *, is_test: bool, now: datetime) -> None:
    """Test people take no place, and so are never told that there is none."""
    if Enrolment.objects.current().filter(study=study, user=user).exists():
        raise AlreadyJoined
    if not study.is_recruiting(now):
        raise StudyClosed
    if not is_test and is_full(study):
        raise StudyFull


def _check_agreement(
    study: Study, document: Document, answers: Mapping[str, bool], typed_name: str
) -> None:
    if document != Document.objects.in_force(study, study.agreement_kind):
        raise WordingChanged
    required = document.statements.filter(required=True).values_list("key", flat=True)
    if missing := [key for key in required if not answers.get(key, False)]:
        raise StatementsMissing(missing)
    if study.is_research and not 0 < len(typed_name.strip()) <= NAME_LENGTH:
        raise NameNeeded


def _record(
    enrolment: Enrolment,
    document: Document,
    answers: Mapping[str, bool],
    typed_name: str,
    now: datetime,
) -> None:
    ConsentAnswer.objects.bulk_create(
        ConsentAnswer(
            enrolment=enrolment,
            statement=statement,
            agreed=answers.get(statement.key, False),
            answered_at=now,
        )
        for statement in document.statements.all()
    )
    if enrolment.study.is_research:
        ConsentSignature.objects.create(
            enrolment=enrolment,
            document=document,
            typed_name=typed_name.strip(),
            signed_at=now,
        )
