"""Two wordings that face each other, with the words marked that only one of them has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.comparison.blocks import Block, Change, Changed, compared


@dataclass(frozen=True)
class Facing:
    """Blocks in a row: alike on both sides, or with runs of another `change` than "same"."""

    is_same: bool
    theirs: list[Changed]
    yours: list[Changed]


def facing(theirs: Sequence[Block], yours: Sequence[Block]) -> list[Facing]:
    """All of both is in them, in its order."""
    return [
        Facing(
            stretch.is_same,
            theirs=_side(stretch.blocks, without="added"),
            yours=_side(stretch.blocks, without="removed"),
        )
        for stretch in compared(theirs, yours)
    ]


def _side(blocks: Sequence[Changed], *, without: Change) -> list[Changed]:
    sides = [
        Changed(_kind(block, without), [run for run in block.runs if run.change != without])
        for block in blocks
    ]
    return [side for side in sides if side.runs]


def _kind(block: Changed, without: Change) -> str:
    """What it is on this side; a paragraph is called so only where the other is none."""
    if not block.before:
        return block.kind
    return block.before if without == "added" else block.kind or _("Paragraph")
