"""The words of each kind of mail. A change is a new version, so a sent prompt names its words."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling import markdown, variables
from studies.models import Study

# What an editor writes.
WORDS = ("subject", "heading", "body", "button")


class Kind(models.TextChoices):
    """Every kind of mail that is a prompt. Sign-in codes are not: they are sent in the request."""

    INVITATION = "invitation", _("Invitation")
    REMINDER = "reminder", _("Reminder of an invitation")
    ELSEWHERE = "elsewhere", _("Welcome, where consent was taken elsewhere")
    WELCOME = "welcome", _("Welcome, with the dates")
    CONSENT_COPY = "consent_copy", _("Copy of what was agreed")
    SESSION = "session", _("Weekly session")
    NUDGE = "nudge", _("Gentle reminder")
    FAREWELL = "farewell", _("Last mail, after week four")
    WITHDRAWAL = "withdrawal", _("Withdrawal confirmed")


# Those that lead somewhere: they have a button, with a link of the reader's own.
LINKED = frozenset(
    {
        *(Kind.INVITATION, Kind.REMINDER, Kind.ELSEWHERE),
        *(Kind.WELCOME, Kind.SESSION, Kind.NUDGE, Kind.FAREWELL),
    }
)
# Those to people who have agreed to nothing; no other goes to them.
INVITING = frozenset({Kind.INVITATION, Kind.REMINDER})


class WordingQuerySet(models.QuerySet["Wording"]):
    def in_use(self, study_id: int, kind: str) -> "Wording":
        """The newest version; raises `Wording.DoesNotExist` where the study has none."""
        return self.filter(study_id=study_id, kind=kind).order_by("-version")[:1].get()


class Wording(models.Model):
    """Append-only. `subject`, `heading`, `body` (Markdown) and `button` may hold {variables}."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="wordings")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=120)
    heading = models.CharField(_("heading"), max_length=120)
    body = models.TextField(_("text (Markdown)"))
    button = models.CharField(_("words on the button"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("written"))

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["study", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["study", "kind", "version"],
                name="wording_version_once",
                violation_error_message=_("There is a wording with that version already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"

    def clean(self) -> None:
        """Refuses, beside its field, whatever could not be written or would not be one line: better
        now than when it is to be sent.
        """
        found = {
            **{name: self._line_problems(name) for name in ("subject", "heading", "button")},
            "body": self._body_problems(),
        }
        if any(found.values()):
            raise ValidationError({name: said for name, said in found.items() if said})

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WORDS}

    def says_the_same_as(self, other: "Wording") -> bool:
        """However its lines end: a browser sends them otherwise than a file holds them."""
        return _lines(self.words) == _lines(other.words)

    def _line_problems(self, name: str) -> list[str]:
        text: str = getattr(self, name)
        if name == "button" and self.kind in LINKED and not text.strip():
            return [gettext("This mail has a button. Say what it does.")]
        if len(text.splitlines()) > 1:
            return [gettext("Write this in one line.")]
        return variables.problems(self.kind, text)

    def _body_problems(self) -> list[str]:
        """Of what is typed, or else of what Markdown makes of it: there “&#123;” is a brace."""
        parsed = markdown.parsed(self.body)
        if "<img" in parsed.html:
            return [gettext("A mail shows no pictures. Please take the picture out.")]
        made = [self.body, parsed.html, *parsed.paragraphs]
        return next(filter(None, (variables.problems(self.kind, each) for each in made)), [])


def _lines(words: dict[str, str]) -> dict[str, list[str]]:
    return {name: text.strip().splitlines() for name, text in words.items()}
