"""What is told of staff: what they did for a person, and who looked at who it is."""

from collections.abc import Collection, Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from monitoring.access import ResearcherRequest
from monitoring.models import AccessLog, StaffAction
from monitoring.person.entries import LOOK, NOTE, Entry
from participants.models import Enrolment, User


def of(person: Enrolment, request: ResearcherRequest) -> Iterator[Entry]:
    """Looks, and why, are told to those who manage the study."""
    actions = list(person.staff_actions.all())
    looks: list[AccessLog] = list(person.looks.all()) if request.rights.manages else []
    keys = {*(action.by_id for action in actions), *(look.by_id for look in looks)}
    names = names_of(keys, request)
    for action in actions:
        if action.kind == StaffAction.Kind.ALLOCATE and not request.rights.arm:
            continue
        what = {"what": action.get_kind_display(), "who": names[action.by_id]}
        why = action.why if request.rights.manages else ""
        yield Entry(at=action.at, mark=LOOK, what=_("%(what)s, by %(who)s") % what, why=why)
    for look in looks:
        words = _("Looked at who this is, by %(who)s") % {"who": names[look.by_id]}
        yield Entry(at=look.at, mark=NOTE, what=words, why=look.why)


def names_of(keys: Collection[int | None], request: ResearcherRequest) -> dict[int | None, str]:
    """Colleagues are known by their addresses to those who may look up who somebody is, and by a
    number to others: a colleague can take part, too.
    """
    me = request.user.pk
    names: dict[int | None, str] = {None: _("a command on the server"), me: _("you")}
    others = {key for key in keys if key is not None and key != me}
    names |= {key: _("colleague %(number)d") % {"number": key} for key in others}
    if others and request.rights.identity:
        works_here = Q(studies_researched__isnull=False) | Q(is_staff=True) | Q(is_superuser=True)
        staff = User.objects.filter(works_here, pk__in=others).distinct()
        names |= dict(staff.values_list("pk", "email"))
    return names
