"""Accounts: made at the first mention of an address, moved to another, and taken away."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.db.models import PROTECT, Exists, F, ManyToOneRel, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from participants import traces
from participants.addresses import as_kept
from participants.models import User

UNCONSENTED_KEPT = timedelta(days=14)
# So long the owner of the former address has to read the notice sent there, and to object.
ADDRESS_SETTLES = timedelta(days=7)
# Accounts removed together: each batch reads all sessions once.
_BATCH = 50


class AddressUnusable(Exception):
    """The address cannot be used; `message` does not say why, so that nobody learns who is here."""

    def __init__(self) -> None:
        self.message = _("We could not use this address. Check it, or use another one.")
        super().__init__(self.message)


def account_for(*, email: str, now: datetime) -> User:
    """The account of this address in any case of letters, made where there is none.

    It has no usable password: it signs in by a code sent to the address.
    """
    address = as_kept(email)
    user = User.objects.filter(email=address).first()
    return user or _new_account(address, now)


def _new_account(address: str, now: datetime) -> User:
    user = User(email=address, date_joined=now)
    user.set_unusable_password()
    made, _created = User.objects.get_or_create(
        email=address, defaults={"password": user.password, "date_joined": now}
    )
    return made


@transaction.atomic
def change_address(*, user: User, email: str, now: datetime) -> User:
    """Move the account to `email`, which a code has proven to be theirs; or which they gave to
    staff, who answer for it: nobody has checked that one, and a notice goes to the former address.

    Links mailed to the old address stop working, and every sign-in ends: the caller renews its own
    with `update_session_auth_hash`. Raises AddressUnusable where the address belongs to another
    account, or the account has been taken away meanwhile.
    """
    address = as_kept(email)
    if address == user.email:
        return user
    # Enrolments before accounts, as everywhere, so that two writers wait but never for each other.
    user.enrolments.update(link_version=F("link_version") + 1)
    there = User.objects.select_for_update().filter(pk=user.pk).first()
    if there is None:
        raise AddressUnusable
    _move(there, address, now)
    return there


def address_is_new(user: User, *, now: datetime) -> bool:
    """Whether a code sent there proves little yet: it may be the address of who took the phone."""
    return user.address_changed_at is not None and now < user.address_changed_at + ADDRESS_SETTLES


def _move(user: User, address: str, now: datetime) -> None:
    user.email, user.address_changed_at, user.address_failed_at = address, now, None
    user.set_unusable_password()  # a new one, though nobody signs in by it: sessions hang on it
    try:
        with transaction.atomic():
            user.save(
                update_fields=["email", "address_changed_at", "address_failed_at", "password"]
            )
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    except IntegrityError as error:
        raise AddressUnusable from error


def erase_unconsented(*, now: datetime) -> int:
    """Remove accounts that agreed to nothing in the 14 days since they were last used; how many.

    Those who work here, or did, are never among them.
    """
    keys = list(_idle(now).values_list("pk", flat=True))
    batches = (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
    return sum(_remove_still_idle(batch, now) for batch in batches)


def _idle(now: datetime) -> QuerySet[User]:
    idle_since = now - UNCONSENTED_KEPT
    return User.objects.filter(
        Q(last_login__isnull=True) | Q(last_login__lt=idle_since),
        *(~Exists(rows.filter(**{column: OuterRef("pk")})) for rows, column in _records()),
        date_joined__lt=idle_since,
        enrolments__isnull=True,
        is_staff=False,
        is_superuser=False,
        studies_researched__isnull=True,
    )


@transaction.atomic
def _remove_still_idle(keys: list[int], now: datetime) -> int:
    # Locked, and then looked at again: a person may have agreed in between.
    list(User.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    users = list(_idle(now).filter(pk__in=keys))
    remove_accounts(users=users)
    return len(users)


def without_needed(users: Collection[User]) -> list[User]:
    """Those that belong to no person in a study any more, have no staff duties, and are named in
    no record that outlives them.
    """
    keys = [user.pk for user in users]
    needed = Q(is_staff=True) | Q(is_superuser=True)
    needed |= Q(enrolments__isnull=False) | Q(studies_researched__isnull=False)
    for rows, column in _records():
        needed |= Q(Exists(rows.filter(**{column: OuterRef("pk")})))
    kept = set(User.objects.filter(needed, pk__in=keys).values_list("pk", flat=True))
    return [user for user in users if user.pk not in kept]


def _records() -> Iterator[tuple[QuerySet[Model], str]]:
    """What names an account as the one that did something, and the column: whatever protects it,
    in any room, and the admin's log.
    """
    yield LogEntry.objects.all(), "user"
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is PROTECT:
            yield relation.field.model._base_manager.all(), relation.field.name


@transaction.atomic
def remove_accounts(*, users: Collection[User], enrolments: Collection[int] = ()) -> None:
    """Delete the accounts and every trace of their addresses outside the records.

    allauth's rows go with the accounts; visits by a link to `enrolments` (primary keys) end too.
    """
    if users:
        left = traces.of(users, enrolments=enrolments)
        traces.forget_log_lines(left)
        traces.forget_visits(left)
        User.objects.filter(pk__in=[user.pk for user in users]).delete()
