"""The materials of a week by what one does with them: watch, read or listen."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.models import Material
from scheduling import spoken


@dataclass
class Exercise:
    main: Material
    shorter: list[Material] = field(default_factory=list)


@dataclass
class Formats:
    videos: list[Material]
    handouts: list[Material]
    exercises: list[Exercise]

    @property
    def sentence(self) -> str:
        """ "Watch for 5 minutes, or read a handout. Any one is enough." Empty without any."""
        parts = [*self._watching(), *self._reading(), *self._listening()]
        if not parts:
            return ""
        words = parts[0]
        if len(parts) > 1:
            words = ", ".join(parts[:-1]) + _(", or ") + parts[-1] + _(". Any one is enough")
        return f"{words[0].upper()}{words[1:]}."

    def _watching(self) -> list[str]:
        lengths = [spoken.minutes(video.duration) for video in self.videos if video.duration]
        return [_("watch for %(length)s") % {"length": length} for length in lengths[:1]]

    def _reading(self) -> list[str]:
        return [_("read a handout")] if self.handouts else []

    def _listening(self) -> list[str]:
        return [_listening_to(exercise) for exercise in self.exercises[:1]]


def _listening_to(exercise: Exercise) -> str:
    length = spoken.minutes(exercise.main.duration)
    if not length:
        return _("do an exercise")
    shorter = [spoken.minutes(m.duration) for m in exercise.shorter if m.duration]
    if not shorter:
        return _("listen for %(length)s") % {"length": length}
    return _("listen for %(length)s (or for %(shorter)s)") % {
        "length": length,
        "shorter": shorter[0],
    }


def formats(materials: Iterable[Material]) -> Formats:
    """`materials` of one module, in their order."""
    found = Formats(videos=[], handouts=[], exercises=[])
    main: dict[int | None, Exercise] = {}
    for material in materials:
        if material.kind == Material.Kind.VIDEO:
            found.videos.append(material)
        elif material.kind == Material.Kind.HANDOUT:
            found.handouts.append(material)
        elif material.alternative_to_id in main:
            main[material.alternative_to_id].shorter.append(material)
        else:
            main[material.pk] = Exercise(material)
    found.exercises = list(main.values())
    return found
