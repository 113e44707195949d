"""Which of a person's mails can be sent again, or settled. What would not go is not offered."""

from participants.models import Enrolment, User
from scheduling.decisions import ALWAYS
from scheduling.models import Kind, Prompt
from scheduling.models.wording import INVITING
from studies.models import Study

State = Prompt.State
_NOT_SENT = {State.FAILED, State.MISSED}
_ON_ITS_WAY = {State.PLANNED, State.SENDING}


def unconfirmed(person: Enrolment) -> list[Prompt]:
    """The newest first."""
    return list(
        Prompt.objects.filter(enrolment=person, state=State.UNCONFIRMED).order_by("-due_at", "-pk")
    )


def to_send_again(person: Enrolment) -> list[Prompt]:
    """Of each occasion the newest copy, unless one is on its way; the newest first.

    Nothing to an address that mail comes back from. Nothing weekly to those who left, nor once the
    study is archived. Nobody is reminded more often than was planned, and asked more than once to
    take part only where the first mail did not go.
    """
    if person.erased_at is not None or _comes_back(person):
        return []
    newest: dict[tuple[str, int], Prompt] = {}
    for mail in Prompt.objects.filter(enrolment=person).order_by("copy"):
        newest[mail.kind, mail.occurrence] = mail
    found = [mail for mail in newest.values() if _can_go_again(mail, person)]
    return sorted(found, key=lambda mail: (mail.due_at, mail.pk), reverse=True)


def known_to_be_sent(mail: Prompt) -> bool:
    """Or may have been."""
    return mail.state in {State.SENT, State.UNCONFIRMED} and mail.bounced_at is None


def _comes_back(person: Enrolment) -> bool:
    return User.objects.filter(enrolments=person, address_failed_at__isnull=False).exists()


def _can_go_again(mail: Prompt, person: Enrolment) -> bool:
    if mail.state in _ON_ITS_WAY or mail.kind == Kind.NUDGE:
        return False
    if mail.kind in INVITING:
        is_invited = person.status == Enrolment.Status.INVITED
        is_open = person.study.state == Study.State.RECRUITING
        return is_invited and is_open and mail.state in _NOT_SENT
    if mail.kind == Kind.ELSEWHERE and person.day_chosen_at is not None:
        return False  # it asks them to choose one
    if mail.kind not in ALWAYS and not _takes_part(person):
        return False
    if mail.kind == Kind.CONSENT_COPY and person.erasure_requested_at is not None:
        return False
    return mail.state in {State.SENT, State.UNCONFIRMED, *_NOT_SENT} or _was_kept_back(mail)


def _takes_part(person: Enrolment) -> bool:
    return not person.is_withdrawn and person.study.state != Study.State.ARCHIVED


def _was_kept_back(mail: Prompt) -> bool:
    """The address is another one now, or works again."""
    return mail.state == State.SKIPPED and mail.reason == Prompt.Reason.ADDRESS_FAILED
