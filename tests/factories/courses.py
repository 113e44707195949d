"""Courses with tiny but real media, as drafts or published through the room's own service."""

from copy import copy
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from courses.models import Companion, Course, Edition, Material, Module
from courses.services import publish_edition

FILES = Path(__file__).parent / "files"
EARLY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def tiny(name: str) -> ContentFile:
    """A file of `tests/factories/files`, ready for a FileField."""
    return ContentFile((FILES / name).read_bytes(), name=name)


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    slug = factory.Sequence(lambda n: f"course-{n}")
    title = "Four weeks of self-compassion"
    licence = "CC BY 4.0"


class EditionFactory(DjangoModelFactory):
    """A draft without weeks."""

    class Meta:
        model = Edition

    course = factory.SubFactory(CourseFactory)
    number = factory.LazyAttribute(lambda edition: edition.course.editions.count() + 1)
    created_at = EARLY


class ModuleFactory(DjangoModelFactory):
    class Meta:
        model = Module

    edition = factory.SubFactory(EditionFactory)
    week = factory.LazyAttribute(lambda module: module.edition.modules.count() + 1)
    title = factory.LazyAttribute(lambda module: f"The idea of week {module.week}")
    aim = "One small step."
    introduction = "<p>Welcome to this week.</p>"
    practice = factory.LazyFunction(
        lambda: [{"when": "Most days", "what": "Listen to the exercise."}]
    )


class MaterialFactory(DjangoModelFactory):
    """A handout, unless traits say otherwise: `video=True`, `exercise=True`, `short=True`."""

    class Meta:
        model = Material

    class Params:
        playable = factory.Trait(
            captions=factory.LazyFunction(lambda: tiny("captions.vtt")),
            transcript=factory.LazyFunction(
                lambda: [
                    {"at": 0.0, "text": "Hello, and welcome."},
                    {"at": 1.5, "text": "You can stop at any time."},
                ]
            ),
            body="",
        )
        video = factory.Trait(
            playable=True,
            key="video",
            kind=Material.Kind.VIDEO,
            title="Why we are hard on ourselves",
            file=factory.LazyFunction(lambda: tiny("video.mp4")),
            poster=factory.LazyFunction(lambda: tiny("poster.jpg")),
            chapters=factory.LazyFunction(
                lambda: [{"at": 0.0, "title": "Start from a friend"}, {"at": 1.5, "title": "Help"}]
            ),
            duration=300.0,
        )
        exercise = factory.Trait(
            playable=True,
            key="exercise",
            kind=Material.Kind.EXERCISE,
            title="Soothing rhythm breathing",
            file=factory.LazyFunction(lambda: tiny("exercise.m4a")),
            duration=600.0,
        )
        short = factory.Trait(
            exercise=True,
            key="exercise-short",
            title="Soothing rhythm breathing, the short one",
            file=factory.LazyFunction(lambda: tiny("exercise-short.m4a")),
            duration=180.0,
        )

    module = factory.SubFactory(ModuleFactory)
    position = factory.LazyAttribute(lambda material: material.module.materials.count() + 1)
    key = "handout"
    kind = Material.Kind.HANDOUT
    title = "What self-compassion is"
    summary = "This week’s ideas on two pages."
    body = "<h2>Start from a friend</h2><p>What would you say to them?</p>"
    file = ""
    file_size = factory.LazyAttribute(lambda material: material.file.size if material.file else 0)


class CompanionFactory(DjangoModelFactory):
    """Common worries, unless the kind says otherwise."""

    class Meta:
        model = Companion

    edition = factory.SubFactory(EditionFactory)
    kind = Companion.Kind.WORRIES
    title = factory.LazyAttribute(lambda companion: Companion.Kind(companion.kind).label)
    body = "<h2>“I will get lazy.”</h2><p>Think of a good coach.</p>"


def full_module(edition: Edition) -> Module:
    """The next week of a draft: "video", "handout", "exercise" and "exercise-short"."""
    module = ModuleFactory(edition=edition)
    MaterialFactory(module=module, video=True)
    MaterialFactory(module=module)
    long = MaterialFactory(module=module, exercise=True)
    MaterialFactory(module=module, short=True, alternative_to=long)
    return module


def draft_edition(weeks: int = 4, *, course: Course | None = None) -> Edition:
    """Full weeks, with common worries and a glossary beside them.

    As by `full_module`, in few statements: nearly every test needs a course.
    """
    edition = EditionFactory(course=course) if course else EditionFactory()
    modules = [ModuleFactory.build(edition=edition, week=week) for week in range(1, weeks + 1)]
    if modules:
        _create_materials(Module.objects.bulk_create(modules))
    CompanionFactory(edition=edition)
    CompanionFactory(
        edition=edition,
        kind=Companion.Kind.GLOSSARY,
        body="<h2>Drive system</h2><p>The circle that goes after good things.</p>",
    )
    return edition


def _create_materials(modules: list[Module]) -> None:
    """Every week has the same, built and stored once."""
    build = partial(MaterialFactory.build, module=modules[0])
    video, handout = build(position=1, video=True), build(position=2)
    long, short = build(position=3, exercise=True), build(position=4, short=True)
    for material in (video, long, short):
        _store_files(material)
    exercises = [_copy(long, module=each) for each in modules]
    Material.objects.bulk_create(exercises)
    Material.objects.bulk_create(
        material
        for module, exercise in zip(modules, exercises, strict=True)
        for material in (
            _copy(video, module=module),
            _copy(handout, module=module),
            _copy(short, module=module, alternative_to=exercise),
        )
    )


def _store_files(material: Material) -> None:
    for file in (material.file, material.captions, material.poster):
        if file:
            file.save(file.name, file.file, save=False)


def _copy(material: Material, **changed: Any) -> Material:
    copied = copy(material)
    for name, value in changed.items():
        setattr(copied, name, value)
    return copied


def published_edition(
    weeks: int = 4, *, now: datetime = EARLY, course: Course | None = None
) -> Edition:
    """A published edition of `weeks` full weeks, numbered after those the course has."""
    return publish_edition(edition=draft_edition(weeks, course=course), now=now)
