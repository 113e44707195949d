"""What is taught: a course, its editions, their weeks and materials, and the texts beside them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.files import media_storage


class Course(models.Model):
    slug = models.SlugField(_("short name"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=12, default="en-GB")
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    authorship = models.TextField(_("authorship"), blank=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> "EditionQuerySet":
        return self.filter(state=Edition.State.PUBLISHED)

    def drafts(self) -> "EditionQuerySet":
        return self.filter(state=Edition.State.DRAFT)


class Edition(models.Model):
    """One wording of a course. Published, it and all below it are frozen by the database."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    content_hash = models.CharField(
        _("content hash"),
        max_length=64,
        blank=True,
        help_text=_("SHA-256 over the folder this edition was read from: same folder, same hash."),
    )
    created_at = models.DateTimeField(_("created"))
    edited_at = models.DateTimeField(
        _("last edited by hand"),
        null=True,
        blank=True,
        help_text=_("Loading a folder never replaces a draft that somebody has edited."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"],
                name="edition_number_once_per_course",
                violation_error_message=_("This course has an edition with that number already."),
            ),
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(state="draft"),
                name="edition_one_draft_per_course",
                violation_error_message=_("This course has a draft already. Publish it first."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published"]),
                name="edition_state_known",
                violation_error_message=_("An edition is either a draft or published."),
            ),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | Q(state="draft", published_at__isnull=True),
                name="edition_published_at_iff_published",
                violation_error_message=_("A published edition, and no other, says when."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(course)s, edition %(number)d") % {
            "course": self.course.title,
            "number": self.number,
        }


class Module(models.Model):
    """One week of an edition. `week` counts from 1."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="modules")
    week = models.PositiveSmallIntegerField(_("week"))
    title = models.CharField(_("title"), max_length=200)
    aim = models.TextField(_("aim"), blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    practice = models.JSONField(
        _("what to practise"),
        default=list,
        blank=True,
        help_text=_('A list of {"when": "Most days", "what": "Listen to the exercise."}.'),
    )

    class Meta:
        verbose_name = _("week")
        verbose_name_plural = _("weeks")
        ordering = ["edition", "week"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "week"],
                name="module_week_once_per_edition",
                violation_error_message=_("This edition has that week already."),
            ),
            models.CheckConstraint(
                condition=Q(week__gte=1),
                name="module_week_from_one",
                violation_error_message=_("Weeks are counted from 1."),
            ),
        ]

    def __str__(self) -> str:
        return _("Week %(week)d: %(title)s") % {"week": self.week, "title": self.title}


class Material(models.Model):
    """Something to watch, read or do in a week.

    `body` is sanitised HTML. `transcript` is a list of `courses.parts.Paragraph` and `chapters` a
    list of `courses.parts.Chapter`. Files are named by their content and never
    overwritten, so a row says exactly which words and pictures a participant was given.
    """

    class Kind(models.TextChoices):
        VIDEO = "video", _("Video")
        HANDOUT = "handout", _("Handout")
        EXERCISE = "exercise", _("Exercise")

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveSmallIntegerField(_("place in the week"))
    key = models.SlugField(_("short name"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    file = models.FileField(
        _("file"),
        upload_to="courses",
        storage=media_storage,
        max_length=200,
        blank=True,
    )
    file_size = models.PositiveBigIntegerField(
        _("size of the file in bytes"),
        default=0,
        editable=False,
        help_text=_("Kept here, so that a page can name it without looking at the disk."),
    )
    captions = models.FileField(
        _("captions"),
        upload_to="courses",
        storage=media_storage,
        max_length=200,
        blank=True,
    )
    poster = models.FileField(
        _("still picture"),
        upload_to="courses",
        storage=media_storage,
        max_length=200,
        blank=True,
    )
    transcript = models.JSONField(_("the words that are spoken"), default=list, blank=True)
    chapters = models.JSONField(_("parts"), default=list, blank=True)
    duration = models.FloatField(_("duration in seconds"), null=True, blank=True)
    alternative_to = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alternatives",
    )

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["module", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "key"],
                name="material_key_once_per_module",
                violation_error_message=_("This week has a material of that short name already."),
            ),
            models.UniqueConstraint(
                fields=["module", "position"],
                name="material_position_once_per_module",
                violation_error_message=_("This week has a material in that place already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["video", "handout", "exercise"]),
                name="material_kind_known",
                violation_error_message=_("A material is a video, a handout or an exercise."),
            ),
            models.CheckConstraint(
                condition=Q(duration__isnull=True) | Q(duration__gt=0),
                name="material_duration_positive",
                violation_error_message=_("A duration is more than 0 seconds."),
            ),
            models.CheckConstraint(
                condition=Q(file="", file_size=0) | (~Q(file="") & Q(file_size__gt=0)),
                name="material_file_size_iff_file",
                violation_error_message=_("A material with a file, and no other, has its size."),
            ),
            models.CheckConstraint(
                condition=Q(alternative_to__isnull=True) | ~Q(alternative_to=F("pk")),
                name="material_not_its_own_alternative",
                violation_error_message=_("A material cannot be the alternative to itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Companion(models.Model):
    """A text that stands beside the weeks of an edition, for looking things up in at any time.

    `body` is sanitised HTML, as that of a handout.
    """

    class Kind(models.TextChoices):
        WORRIES = "worries", _("Common worries")
        GLOSSARY = "glossary", _("Words we use")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="companions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text beside the weeks")
        verbose_name_plural = _("texts beside the weeks")
        ordering = ["edition", "-kind"]  # worries first
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"],
                name="companion_kind_once_per_edition",
                violation_error_message=_("This edition has a text of that kind already."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["worries", "glossary"]),
                name="companion_kind_known",
                violation_error_message=_(
                    "A text beside the weeks holds common worries or a glossary."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(body=""),
                name="companion_has_words",
                violation_error_message=_("A text beside the weeks has a title and words."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StoredFile(models.Model):
    """A file that this database once took in or named, and so may let go of again.

    A database that is new, or of another place, knows nothing of what lies in the folder.
    """

    name = models.CharField(_("name in the storage"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        default_permissions = ()  # nobody changes it by hand

    def __str__(self) -> str:
        return self.name
