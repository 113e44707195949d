"""What is no zip of a course is refused with a sentence, and nothing of it is written."""

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zipfile import ZipInfo

import pytest

from courses.loading import CourseFolderError
from courses.models import Course, Edition
from courses.services import CannotDraft
from courses.travel import parcel
from courses.travel.parcel import NotTaken, unpack
from courses.travel.services import import_course
from tests.courses.folders import change, course_folder
from tests.courses_travel.zips import small_course, zip_of, zip_of_folder
from tests.factories.courses import CourseFactory, draft_edition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOML = ("course.toml", b'title = "x"')
NO_ZIP = "This is not a zip, or it is damaged. Make it anew."
OUT = "leads out of the folder, or is no plain name. Pack the course’s folder anew."


def entry(name: str, **facts: int) -> ZipInfo:
    info = ZipInfo(name)
    for fact, value in facts.items():
        setattr(info, fact, value)
    return info


def refusal(file: io.BytesIO, folder: Path) -> str:
    """The sentence; the folder must stay empty."""
    with pytest.raises(NotTaken) as refused:
        unpack(file, folder)
    assert list(folder.iterdir()) == []
    return str(refused.value)


@pytest.mark.parametrize(
    "name",
    [
        *("../course.toml", "a/../../b.md", "/etc/passwd.md", "C:\\course.toml", "C:/b.md"),
        *("a\\b.md", "..", "./b.md", "a//b.md", "b\n.md", "b\0.md", "é" * 101 + ".md"),
    ],
)
def test_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    info = entry("x")
    info.filename = name  # ZipInfo itself would put it right

    said = refusal(zip_of([TOML, (info, b"x")]), tmp_path)

    assert said == f"“{ascii(name[:200])[1:-1]}” {OUT}"


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK]
)
def test_link_or_device_is_refused(tmp_path: Path, kind: int) -> None:
    link = entry("week-1/video.mp4", external_attr=(kind | 0o777) << 16)

    said = refusal(zip_of([TOML, (link, b"/etc/passwd")]), tmp_path)

    assert said == (
        "“week-1/video.mp4” is a link to another file. Put the file itself in its place."
    )


@pytest.mark.parametrize(
    ("names", "twice"),
    [
        (["a.md", "a.md"], "a.md"),
        (["a.md", "A.MD"], "A.MD"),
        (["é.md", "e\u0301.md"], "e\u0301.md"),
        (["a.md", "a.md/b.md"], "a.md"),
    ],
    ids=["same", "in capitals", "composed", "as a folder"],
)
def test_file_that_is_there_twice_is_refused(tmp_path: Path, names: list[str], twice: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's own, of a name that is there
        file = zip_of((name, b"x") for name in names)

    assert refusal(file, tmp_path) == f"“{twice}” is in this zip twice. Make it anew."


def test_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    file = zip_of([TOML])
    written = bytearray(file.getvalue())
    written[written.index(b"PK\x01\x02") + 8] |= 1

    assert refusal(io.BytesIO(written), tmp_path) == "This zip has a password. Make one without."


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_packed_in_a_rare_way_is_refused(tmp_path: Path, method: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(*TOML)

    assert refusal(file, tmp_path) == (
        "“course.toml” is packed in a way that is not read here. Make a usual zip."
    )


def test_file_that_would_grow_out_of_measure_is_refused(tmp_path: Path) -> None:
    bomb = zip_of([TOML, ("week-1/video.mp4", bytes(20 * 1024**2))])

    assert refusal(bomb, tmp_path) == (
        "“week-1/video.mp4” would grow to far more than a course’s file does. Take it out."
    )


def test_zip_that_would_fill_the_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcel, "MOST_BYTES", 1024**3)
    file = zip_of([TOML, ("a.mp4", b"x")])
    said = {"file_size": 1024**3, "compress_size": 1024**3}

    assert refusal(claiming(file, **said), tmp_path) == (
        "Unpacked, this is more than 1 GB. Take out what is not used."
    )


def claiming(file: io.BytesIO, *, file_size: int, compress_size: int) -> io.BytesIO:
    """The same, with other sizes in the list for the last file."""
    written = bytearray(file.getvalue())
    place = written.rindex(b"PK\x01\x02")
    written[place + 20 : place + 28] = struct.pack("<LL", compress_size, file_size)
    return io.BytesIO(written)


def test_files_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    file = zip_of([TOML, ("a.mp4", b"x")])

    assert refusal(claiming(file, file_size=9_000, compress_size=9_000), tmp_path) == (
        "The files in this zip overlap, as in no zip of a folder. Make it anew."
    )


def test_file_that_holds_more_than_it_says_is_damaged_and_never_written_whole(
    tmp_path: Path,
) -> None:
    file = zip_of([TOML, ("a.mp4", b"x" * 500)])

    with pytest.raises(NotTaken, match=r"“a\.mp4” is damaged in this zip"):
        unpack(claiming(file, file_size=10, compress_size=12), tmp_path)

    assert (tmp_path / "a.mp4").stat().st_size <= 10


def test_text_as_long_as_no_text_is_refused(tmp_path: Path) -> None:
    file = zip_of([TOML, ("week-1/handout.md", b"word " * 300_000)])

    assert refusal(file, tmp_path) == (
        "“week-1/handout.md” is longer than a text of a course can be. Shorten it."
    )


@pytest.mark.parametrize("number", [1_001, 40_000], ids=["some", "a list too long to read"])
def test_more_files_than_a_course_has_are_refused(tmp_path: Path, number: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(number):
            archive.writestr(ZipInfo(f"week-1/some-name-{n}.md"), b"")

    assert refusal(file, tmp_path) == (
        "There are more than 1000 files in this zip. A course has fewer."
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ", b"PK\x05\x06" + bytes(10), b"PK\x05\x06" + b"\xff" * 18, b"\0" * 70_000],
    ids=["nothing", "program", "cut off", "nonsense", "zeros"],
)
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refusal(io.BytesIO(content), tmp_path) == NO_ZIP


def test_zip_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = zip_of([TOML, ("a.mp4", bytes(range(256)) * 64)]).getvalue()

    assert refusal(io.BytesIO(whole[: len(whole) // 2]), tmp_path) == NO_ZIP


def test_damaged_file_in_a_zip_is_named(tmp_path: Path) -> None:
    written = bytearray(zip_of([(entry("course.toml"), b"title")]).getvalue())  # as it is
    written[written.index(b"title")] ^= 1

    with pytest.raises(NotTaken, match=r"“course\.toml” is damaged in this zip"):
        unpack(io.BytesIO(written), tmp_path)


def zip_of_every_form() -> bytes:
    """Packed and stored, a name beyond ASCII, and one in the form for 4 GB and more."""
    file = zip_of([("c/course.toml", b"title = 1\n" * 30), ("c/wé.md", b"hello " * 40)])
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(ZipInfo("c/a.mp4"), b"stored")
        with archive.open("c/big.md", "w", force_zip64=True) as out:
            out.write(b"zip64" * 20)
    return file.getvalue()


@pytest.mark.parametrize("seed", range(8))
def test_zip_with_any_bytes_changed_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    whole, random = zip_of_every_form(), Random(seed)
    for number in range(100):
        spoilt = bytearray(whole)
        for _change in range(random.choice((1, 1, 2, 4))):
            spoilt[random.randrange(len(spoilt))] = random.choice((0, 1, 128, 255))
        folder = tmp_path / str(number)
        folder.mkdir()
        with suppress(NotTaken):
            unpack(io.BytesIO(spoilt), folder)


@pytest.mark.parametrize("below", ["", "my course/", "a/b/"])
def test_folder_is_found_at_the_top_or_in_the_one_folder(tmp_path: Path, below: str) -> None:
    folder = course_folder(tmp_path / "course")
    (tmp_path / "out").mkdir()
    file = zip_of_folder(folder, below=below)

    if below == "a/b/":
        with pytest.raises(NotTaken, match=r"There is no course\.toml in this zip"):
            unpack(file, tmp_path / "out")
    else:
        assert (unpack(file, tmp_path / "out") / "week-1" / "handout.md").is_file()


def test_what_no_edition_holds_is_not_written(tmp_path: Path) -> None:
    left = [
        *("__MACOSX/._course.toml", "x/.DS_Store", "x/figures/a.svg", "x/run.sh", "x/._a.md"),
        *("x/figures/", "x/Thumbs.db"),
    ]

    unpack(zip_of([("x/course.toml", b""), *((name, b"") for name in left)]), tmp_path)

    assert [path.name for path in tmp_path.rglob("*")] == ["x", "course.toml"]


@pytest.mark.django_db
def test_faults_of_the_folder_are_told_with_their_lines(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course", weeks=1)
    change(folder / "week-1" / "module.toml", 'poster = "video.jpg"', 'poster = "circle.svg"')
    change(folder / "course.toml", 'slug = "small"', 'slug = "Small"')

    with pytest.raises(CourseFolderError) as refused:
        import_course(file=zip_of_folder(folder), now=NOW)

    assert refused.value.sentences == [
        "course.toml, line 2: Write “slug” in small letters, digits and hyphens, like four-weeks.",
        "week-1/module.toml, line 17: “circle.svg” is of the wrong type. Here it can be: "
        ".jpg, .jpeg, .png, .webp.",
    ]
    assert (Course.objects.count(), Edition.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_draft_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    draft = draft_edition(weeks=1, course=CourseFactory(slug="small"))

    with pytest.raises(CannotDraft, match="This course has a draft already"):
        import_course(file=small_course(tmp_path), now=NOW)

    assert list(Edition.objects.all()) == [draft]


@pytest.mark.django_db
@pytest.mark.parametrize("make", [small_course, lambda _path: zip_of([TOML])])
def test_nothing_unpacked_is_left_behind(
    tmp_path: Path, settings: object, make: Callable[[Path], io.BytesIO]
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "temporary"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()

    with suppress(CourseFolderError):
        import_course(file=make(tmp_path), now=NOW)

    assert list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()) == []


@pytest.mark.django_db
def test_captions_are_held_against_their_medium_itself(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course", weeks=1)
    change(folder / "week-1" / "exercise.vtt", "00:00:02.000\nYou", "00:00:06.000\nYou")

    with pytest.raises(CourseFolderError) as refused:
        import_course(file=zip_of_folder(folder), now=NOW)

    assert refused.value.sentences == [
        "week-1/exercise.vtt: Line 7: these words end at 0:06, and the file that they belong to "
        "at 0:04. Choose the captions of this very file.",
    ]
    assert Course.objects.count() == 0


@pytest.mark.django_db
def test_media_that_are_not_what_they_are_called_are_refused(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "course", weeks=1)
    week = folder / "week-1"
    (week / "video.mp4").write_bytes(b"MZ a program")
    (week / "exercise.m4a").write_bytes((week / "video.jpg").read_bytes())

    with pytest.raises(CourseFolderError) as refused:
        import_course(file=zip_of_folder(folder), now=NOW)

    assert refused.value.sentences == [
        "week-1/video.mp4: Whatever this file is called, it is of none of the types that can be "
        "used here.",
        "week-1/exercise.m4a: By its content this is .jpg. Give it that ending.",
    ]
    assert Course.objects.count() == 0
