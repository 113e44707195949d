"""The one thing that an editor would do next, on the first page of the admin."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Course, Edition
from courses.services import CannotPublish, check_publishable
from participants.models import User
from studies.models import Study


@dataclass(frozen=True, kw_only=True)
class Step:
    """`title` says how things stand, `sentence` what that means, `button` what to press."""

    title: str
    sentence: str
    button: str
    address: str


def next_step(user: User) -> Step | None:
    """The first there is of: a draft; an edition that no study gives yet; a course; no course.

    None for those who edit no courses.
    """
    if not user.has_perm("courses.change_edition"):
        return None
    drafts = Edition.objects.drafts().select_related("course").order_by("-edited_at", "-pk")
    # The draft that somebody worked on last; those that nobody touched come after it.
    draft = drafts.filter(edited_at__isnull=False).first() or drafts.first()
    if draft is not None:
        return _of_draft(draft)
    course = Course.objects.order_by("pk").first()
    if course is None:
        return _without_course(user)
    waiting = _waiting() if user.has_perm("studies.change_study") else None
    return waiting or _of_course(course)


def _of_draft(draft: Edition) -> Step:
    address = reverse("admin:courses_edition_change", args=[draft.pk])
    title = _("There is a draft: %s") % draft
    try:
        check_publishable(draft)
    except CannotPublish as missing:
        title = _("There is a draft, and something is missing in it: %s") % draft
        return Step(title=title, sentence=str(missing), button=_("Go on with it"), address=address)
    sentence = _(
        "Nobody who takes part sees it before it is published. It has all that it needs: change "
        "what you like, look at its pages as people will see them, and publish it."
    )
    return Step(title=title, sentence=sentence, button=_("Go on with it"), address=address)


def _waiting() -> Step | None:
    """A study that takes people in, and gives them an edition that has a newer one."""
    for study in Study.objects.exclude(state=Study.State.ARCHIVED).select_related(
        "edition__course"
    ):
        newest = study.edition.course.editions.published().first()
        if newest and newest.number > study.edition.number:
            return Step(
                title=_("%s is published") % newest,
                sentence=_(
                    "“%(study)s” gives new people edition %(number)d. Those who take part keep "
                    "theirs; to give the newer one to new people, choose it for the study."
                )
                % {"study": study, "number": study.edition.number},
                button=_("Choose the edition"),
                address=reverse("admin:studies_study_change", args=[study.pk]) + "#id_edition",
            )
    return None


def _of_course(course: Course) -> Step:
    return Step(
        title=_("Nothing is being changed now"),
        sentence=_(
            "What is published stays as it is. To mend a sentence or to put in another video, make "
            "a new draft: it begins as a copy, and nobody who takes part sees it."
        ),
        button=_("Make a new draft of “%s”") % course,
        address=reverse("admin:courses_course_new_draft", args=[course.pk]),
    )


def _without_course(user: User) -> Step | None:
    if not user.has_perm("courses.add_course"):
        return None
    return Step(
        title=_("There is no course yet"),
        sentence=_("Begin with its title. Then make a draft of it, and write its weeks."),
        button=_("Begin a course"),
        address=reverse("admin:courses_course_add"),
    )
