"""MP4 and M4A: the boxes of ISO/IEC 14496-12."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.inspection.boxes import Box, boxes, named
from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import NotMeasurable, OfUnknownLength, Refused, cannot_be_played

# As the sample entries are called that browsers play (https://mp4ra.org/registered-types).
_PLAYED = {
    "vide": {"avc1", "avc3", "av01", "vp08", "vp09"},
    "soun": {"mp4a", "Opus", "fLaC", ".mp3"},
}


@dataclass(frozen=True)
class _Track:
    """`handler` as in `_PLAYED`, or another; `codec` is the name of its first sample entry."""

    handler: str
    codec: str


def begins(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def inspect(whole: Whole) -> Inspected:
    """An MP4 file, or an M4A file where there is sound alone."""
    if whole.read(8, 4) == b"qt  ":
        raise Refused(
            _("This is a QuickTime film, which many browsers cannot play. Export it as MP4.")
        )
    moov = named("moov", whole)
    if not any(box.name == "mdat" and box.end > box.start for box in boxes(whole)):
        raise NotMeasurable
    tracks = [_track(whole, box) for box in boxes(whole, moov) if box.name == "trak"]
    kinds = {track.handler for track in tracks} & _PLAYED.keys()
    if not kinds:
        raise NotMeasurable
    for track in tracks:
        if track.handler in _PLAYED and track.codec not in _PLAYED[track.handler]:
            raise cannot_be_played(track.codec)
    return Inspected(".mp4" if "vide" in kinds else ".m4a", seconds_of(whole))


def seconds_of(whole: Whole) -> float:
    """What moov/mvhd says of the file or, of one written in pieces, moov/mvex/mehd."""
    moov = named("moov", whole)
    mvhd = named("mvhd", whole, moov).start
    is_long = whole.read(mvhd, 1) == b"\1"
    timescale, duration = whole.numbers(*((">IQ", mvhd + 20) if is_long else (">II", mvhd + 12)))
    if not timescale:
        raise NotMeasurable
    if not duration:
        duration = _of_pieces(whole, moov)
    if duration == (2**64 - 1 if is_long else 2**32 - 1):
        raise OfUnknownLength
    return float(duration / timescale)


def _of_pieces(whole: Whole, moov: Box) -> int:
    mvex = next((box for box in boxes(whole, moov) if box.name == "mvex"), None)
    if mvex is None:
        raise NotMeasurable
    for box in boxes(whole, mvex):
        if box.name == "mehd":
            is_long = whole.read(box.start, 1) == b"\1"
            (duration,) = whole.numbers(">Q" if is_long else ">I", box.start + 4)
            if duration:
                return int(duration)
    raise OfUnknownLength


def _track(whole: Whole, trak: Box) -> _Track:
    mdia = named("mdia", whole, trak)
    handler = whole.numbers("4s", named("hdlr", whole, mdia).start + 8)[0].decode("latin-1")
    if handler not in _PLAYED:
        return _Track(handler, "")
    stbl = named("stbl", whole, named("minf", whole, mdia))
    codec = whole.numbers("4s", named("stsd", whole, stbl).start + 12)[0]
    return _Track(handler, codec.decode("latin-1"))
