"""One study with somebody in it, and eight who ask for every page of the platform."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.http import HttpResponseBase
from django.test import Client

from courses.models import Edition
from courses.services import new_draft
from participants.models import Enrolment, User
from scheduling import links
from scheduling.models import Wording
from studies.models import Document, ScreeningTally
from tests.factories.participants import UserFactory, invited
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import DocumentFactory, StudyFactory
from tests.monitoring.staff import signed_in, with_second_step
from tests.portal_weeks.people import token_of

RIGHTS = {"researcher_of__manages": True, "researcher_of__sees_arm": True}
ROLES: dict[str, str] = {
    "stranger": "has not signed in",
    "participant": "takes part in the study that the addresses name",
    "other participant": "takes part in another",
    "by link": "that participant, by the button behind a mailed link",
    "other researcher": "of another study, with every right there",
    "researcher": "of this study: manages it and sees arms, but not who people are",
    "editor": "of studies, courses and wordings; of no study a researcher",
    "superuser": "may do everything",
}
# What each would post: filled in by somebody who means harm.
HARM = {
    "email": "evil@example.org",
    "login": "evil@example.org",
    "weekday": "1",
    "local_time": "08:00",
    "zone": "Asia/Tokyo",
    "week": "2",
    "level": "erasure",
    "reason": "x",
    "sure": "on",
    "off": "1",
    "on": "1",
    "stop": "1",
    "save": "1",
    "send": "1",
    "age": "99",
    "gender": "woman",
    "typed_name": "Evil",
    "until": "2026-02-12",
    "answer": "yes",
    "kind": "play",
}


class World:
    """`person` is an hour into week one. Of each kind of row that an address names, there is one."""

    def __init__(self, person: Enrolment, by_link: Client) -> None:
        self.person, self.study = person, person.study
        self.edition = person.edition
        self.draft: Edition = new_draft(course=person.edition.course, now=MONDAY)
        self.document: Document = DocumentFactory(study=self.study, version=2)
        ScreeningTally.objects.create(study=self.study, day=MONDAY.date())
        Group.objects.create(name="Editors")
        week = person.edition.modules.get(week=1)
        self._values: dict[str, Any] = {
            "study": self.study.slug,
            "week": 1,
            "key": week.materials.get(kind="handout").key,
            "material": week.materials.get(kind="video").pk,
            "what": "file",
            "kind": "worries",
            "token": token_of(person),
            "level": "erasure",
            "provider": "mailgun",
            "content_type_id": 1,
            "app_label": "courses",
            "url": "participants/enrolment/",
            "version": 1,
            "section": "names",
            "code": person.code,
            "name": "file",
        }
        self._tokens = {
            "portal:stop_mail": links.stop_token_for(person),
            "portal:decline": links.decline_token_for(invited(study=self.study)),
        }
        self._clients: dict[str, Callable[[], Client]] = {
            "stranger": Client,
            "participant": lambda: signed_in(person.user),
            "other participant": lambda: signed_in(enrolled(now=MONDAY).user),
            "by link": lambda: by_link,
            "other researcher": lambda: signed_in(
                _researcher(StudyFactory(), researcher_of__sees_identity=True)
            ),
            "researcher": lambda: signed_in(_researcher(self.study)),
            "editor": lambda: signed_in(_editor()),
            "superuser": lambda: signed_in(with_second_step(UserFactory(superuser=True))),
        }

    def cookies(self, role: str) -> SimpleCookie:
        return self._clients[role]().cookies

    def values(self, name: str) -> dict[str, Any]:
        """What to put into the parts of the address of that name."""
        changed: dict[str, Any] = {}
        if name in self._tokens:
            changed["token"] = self._tokens[name]
        if name.startswith("monitoring:settings"):
            changed["kind"] = self.document.kind
        if name.startswith(("admin", "preview")):
            changed.update(object_id=self._key(name), pk=self._key(name))
        return {**self._values, **changed}

    def _key(self, name: str) -> int:
        """Of a row of the model in the address; a draft where it has drafts."""
        keys = {
            "courses_edition": self.draft.pk,
            "courses_module": self.draft.modules.first().pk,
            "courses_material": self.draft.modules.first().materials.first().pk,
            "studies_document": self.document.pk,
            "studies_study": self.study.pk,
            "participants_user": self.person.user_id,
            "preview:week": self.draft.modules.first().pk,
            "preview:material": self.draft.modules.first().materials.first().pk,
            "preview:media": self.draft.modules.first().materials.get(kind="video").pk,
            "preview:companion": self.draft.companions.first().pk,
        }
        for word, key in keys.items():
            if word in name.replace("/", "_"):
                return key
        return self._first(name)

    def _first(self, name: str) -> int:
        for model in (Group, Wording, ScreeningTally, *apps.get_models()):
            if f"{model._meta.app_label}_{model._meta.model_name}" in name.replace("/", "_"):
                found = model._default_manager.first()
                return found.pk if found else 1
        return 1


def asked(
    cookies: SimpleCookie, address: str, method: str, data: dict[str, str]
) -> HttpResponseBase:
    """By a browser of its own, so that nothing of one answer is carried into the next."""
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie({name: each.value for name, each in cookies.items()})
    if method == "GET":
        return client.get(address)
    return client.post(address, data)


def _researcher(study: Any, **rights: bool) -> User:
    return with_second_step(UserFactory(researcher_of=study, **RIGHTS, **rights))


def _editor() -> User:
    editor = with_second_step(UserFactory(staff=True))
    rooms = ["courses", "studies", "scheduling"]
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label__in=rooms))
    return editor
