"""Puts a narration's slides and sound together as a video."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from content.build.narration import Narration, View
from content.build.progress import Tell
from content.build.slides import draw
from content.build.sound import encode

RATE = 25  # frames a second
FADE = 8  # frames from one slide to the next
COLOUR = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"


def write_video(
    told: Narration, wav: Path, path: Path, poster: Path, *, folder: Path, tell: Tell
) -> None:
    """Writes the video and its poster; `folder` holds the frames meanwhile."""
    stills = _draw_views(told.views, folder, tell)
    _write_poster(stills[0], poster)
    cuts = [round(view.start * RATE) for view in told.views] + [round(told.now * RATE)]
    reel = folder / "reel.txt"
    reel.write_text(_reel(stills, cuts, folder), "utf-8")
    keyframes = ",".join(f"{cut / RATE:.2f}" for cut in cuts[:-1])
    encode(
        *("-f", "concat", "-safe", "0", "-i", reel, "-i", wav),
        *("-vf", f"fps={RATE},{COLOUR}", "-colorspace", "bt709", "-color_primaries", "bt709"),
        *("-color_trc", "bt709", "-c:v", "libx264", "-profile:v", "high", "-level", "3.1"),
        *("-preset", "slow", "-tune", "stillimage", "-crf", "22", "-g", str(10 * RATE)),
        *("-force_key_frames", keyframes, "-c:a", "aac", "-b:a", "48k", "-ac", "1", "-ar", "44100"),
        *("-t", f"{cuts[-1] / RATE:.2f}", "-map_metadata", "-1", "-movflags", "+faststart", path),
        seconds=told.now,
        tell=tell,
    )


def _draw_views(views: list[View], folder: Path, tell: Tell) -> list[Path]:
    """One PNG a view, in order; Chromium runs side by side."""
    paths = [folder / f"view-{at:02d}.png" for at in range(len(views))]
    with ThreadPoolExecutor(2) as workers:
        drawn = workers.map(lambda view, path: draw(view.slide, view.points, path), views, paths)
        for done, _ in enumerate(drawn, 1):
            tell("drawing", done / len(views))
    return paths


def _write_poster(still: Path, poster: Path) -> None:
    with Image.open(still) as image:
        image.convert("RGB").save(poster, quality=82, method=6)


def _reel(stills: list[Path], cuts: list[int], folder: Path) -> str:
    """ffmpeg's list of stills: each slide fades in over FADE frames, then stays.

    By names alone, which it looks for beside the list: a folder's name may hold a quotation mark.
    """
    entries: list[tuple[Path, int]] = [(stills[0], cuts[1] - cuts[0])]
    for at in range(1, len(stills)):
        fade = _blend(stills[at - 1], stills[at], folder)
        entries += [(frame, 1) for frame in fade]
        entries.append((stills[at], cuts[at + 1] - cuts[at] - len(fade)))
    lines = [f"file '{path.name}'\nduration {frames / RATE:.2f}" for path, frames in entries]
    return "\n".join([*lines, f"file '{stills[-1].name}'", ""])


def _blend(old: Path, new: Path, folder: Path) -> list[Path]:
    paths = []
    with Image.open(old) as before, Image.open(new) as after:
        for step in range(1, FADE):
            path = folder / f"{new.stem}-{step}.png"
            Image.blend(before.convert("RGB"), after.convert("RGB"), step / FADE).save(path)
            paths.append(path)
    return paths
