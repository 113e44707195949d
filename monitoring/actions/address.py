"""Another email address, for somebody who asked for it by another way. For those who may see who
people are: whoever writes an address here knows it.
"""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.access import rights
from monitoring.actions.deed import Asked, CannotBeDone, Deed, Done, Preview
from monitoring.actions.forms import NewAddressForm
from monitoring.models import StaffAction
from participants.accounts import AddressUnusable, change_address
from participants.inviting import agreed_elsewhere
from participants.models import Enrolment, User
from scheduling import bounces


class ChangeAddress(Deed):
    name = "address"
    kind = StaffAction.Kind.CHANGE_ADDRESS
    words = gettext_lazy("Change their email address")
    button = gettext_lazy("Change the address")
    needs_identity = True

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return person.has_joined and person.erased_at is None

    def saying(self, person: Enrolment, data: Any) -> NewAddressForm:
        return NewAddressForm(data)

    def once_more(self, said: Asked) -> str:
        """A letter amiss would open their weeks to a stranger."""
        return str(said["email"])

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        sentences = [
            _("From then on all their mail goes to the new address, and they sign in with it."),
            _("Links in earlier mails stop working, and they are signed out everywhere."),
            _("An email to the former address says that it was changed, and not to what."),
            _("Be sure that it was this person who asked. What you do here opens their weeks."),
        ]
        if person.day_chosen_at is None and agreed_elsewhere(person):
            sentences.append(_("The mail that asks them to choose a day is for you to send again."))
        return Preview(sentences=sentences, shown=person.link_version)

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        here = _locked(person)
        user = _account_of(here, by)
        former, came_back = user.email, user.address_failed_at is not None
        if said["email"].lower() == former:
            raise CannotBeDone(AddressUnusable().message)  # what it is, is not told in passing
        try:
            moved = change_address(user=user, email=said["email"], now=now)
        except AddressUnusable as error:
            raise CannotBeDone(error.message) from error
        bounces.works_again(user=moved, now=now)
        return Done(
            shown=here.link_version,
            words=_("The address is changed. All mail goes there from now on."),
            details={"mail_came_back": came_back},
            former=former,
        )

    def tell(self, request: HttpRequest, person: Enrolment, done: Done) -> None:
        """Whoever did not ask for this learns of it. Nothing is said of the new address."""
        get_adapter(request).send_where_nobody_may_be(
            "monitoring/mail/address_changed", done.former, {"study": person.study}
        )


def _locked(person: Enrolment) -> Enrolment:
    """As it is now, with all that the same person takes part in: two who change one address come
    one after the other, and the second finds that it is not what they saw.
    """
    theirs = Enrolment.objects.select_for_update(no_key=True).filter(user=person.user_id)
    found = {each.pk: each for each in theirs.order_by("pk")} if person.user_id else {}
    return found.get(person.pk, person)


def _account_of(person: Enrolment, by: User) -> User:
    """That of somebody who works here, or is in a study where `by` has not both rights, is for its
    owner alone to move; and that it is one of these is not told.
    """
    user = person.user
    if user is None:
        raise CannotBeDone(_("Their identity was erased."))
    elsewhere = user.enrolments.exclude(study=person.study_id).select_related("study")
    held = [rights(by, each.study) for each in elsewhere]
    if user.works_here() or not all(each.manages and each.identity for each in held):
        raise CannotBeDone(
            _(
                "Their address cannot be changed here. They can change it themselves, on their "
                "own pages."
            )
        )
    return user
