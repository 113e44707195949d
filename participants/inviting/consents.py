"""What a list says of consent taken elsewhere, held against what the study published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from participants.inviting.lists import Agreed
from participants.models import ConsentAnswer
from studies.models import ConsentStatement, Document, Study

FIRST_YEAR = 2000
NAME_LENGTH = ConsentAnswer._meta.get_field("taken_by").max_length or 0


@dataclass(frozen=True, kw_only=True)
class ConsentForm:
    """`versions`: the statements of each published version, and `published` the day of that.
    `today`: as all days here, by the study's calendar.
    """

    versions: dict[int, list[ConsentStatement]]
    published: dict[int, date]
    today: date

    @property
    def keys(self) -> list[str]:
        """Of every statement in any version, each once; those of the newest version first."""
        newest_first = (self.versions[number] for number in sorted(self.versions, reverse=True))
        return list(dict.fromkeys(each.key for statements in newest_first for each in statements))

    def problems(self, agreed: Agreed) -> list[str]:
        """Sentences; none where the consent of this one person is whole."""
        return [
            *self.about_the_day(agreed.agreed_on),
            *about_who_took_it(agreed.taken_by),
            *self.about_the_version(agreed.version),
            *(words for _key, words in self.about_the_answers(agreed.version, agreed.answers)),
        ]

    def doubts(self, agreed: Agreed) -> list[str]:
        """What may be right and is perhaps mistyped: on paper a version can be older than here."""
        since = self.published.get(agreed.version)
        if since is None or agreed.agreed_on >= since:
            return []
        words = _("They agreed on %(day)s; version %(number)d was published here on %(since)s.")
        return [
            words
            % {
                "day": date_format(agreed.agreed_on, "j F Y"),
                "number": agreed.version,
                "since": date_format(since, "j F Y"),
            }
        ]

    def about_the_day(self, day: date) -> Iterator[str]:
        if day.year < FIRST_YEAR:
            yield _("Write the day on which they agreed like 2026-10-25.")
        if day > self.today:
            words = _("%(day)s, when they agreed, is still to come.")
            yield words % {"day": date_format(day, "j F Y")}

    def about_the_version(self, number: int) -> Iterator[str]:
        if not self.versions:
            yield _("The study has published nothing yet that people agree to.")
        elif number not in self.versions:
            known = ", ".join(str(each) for each in sorted(self.versions))
            words = _("No version %(number)d was published. There is: %(known)s.")
            yield words % {"number": number, "known": known}

    def about_the_answers(
        self, version: int, answers: Mapping[str, bool]
    ) -> Iterator[tuple[str, str]]:
        """By the statement's key; nothing of a version that was never published."""
        if version in self.versions:
            yield from _about_the_answers(version, self.versions[version], answers)


def consent_form(study: Study, *, now: datetime) -> ConsentForm:
    """Two queries, however many people are looked at then."""
    published = Document.objects.published().filter(study=study, kind=study.agreement_kind)
    documents = list(published.prefetch_related("statements"))
    return ConsentForm(
        versions={each.version: list(each.statements.all()) for each in documents},
        published={each.version: study.day(each.published_at or now) for each in documents},
        today=study.day(now),
    )


def about_who_took_it(name: str) -> Iterator[str]:
    if not name.strip():
        yield _("Say who took the consent.")
    elif len(name.strip()) > NAME_LENGTH:
        words = _("Say who took the consent in no more than %(length)d letters.")
        yield words % {"length": NAME_LENGTH}


def _about_the_answers(
    version: int, statements: Sequence[ConsentStatement], answers: Mapping[str, bool]
) -> Iterator[tuple[str, str]]:
    for each in statements:
        about = {"number": version, "key": each.key}
        if each.key not in answers:
            words = _(
                "Version %(number)d has a statement “%(key)s”. Say whether they agreed to it."
            )
            yield each.key, words % about
        elif each.required and not answers[each.key]:
            words = _("They did not agree to “%(key)s”, without which nobody takes part.")
            yield each.key, words % about
    for key in answers.keys() - {each.key for each in statements}:
        words = _("Version %(number)d has no statement “%(key)s”.")
        yield key, words % {"number": version, "key": key}
