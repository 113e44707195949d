"""Media as small as they can be: true in every part that is looked at, with nothing to see in them."""

import struct
import zlib
from collections.abc import Sequence

FILM = (("vide", "avc1"), ("soun", "mp4a"))
SOUND = (("soun", "mp4a"),)


def box(name: str, content: bytes = b"", *, size: int | None = None) -> bytes:
    """Of an MP4 file; `size` where the box is to lie about it."""
    return struct.pack(">I4s", len(content) + 8 if size is None else size, name.encode()) + content


def large_box(name: str, content: bytes) -> bytes:
    """With its size in 64 bits."""
    return struct.pack(">I4sQ", 1, name.encode(), len(content) + 16) + content


def header(seconds: float, *, version: int = 0, timescale: int = 1000) -> bytes:
    """moov/mvhd: version and flags, created, modified, timescale, duration, and 80 bytes more."""
    times = ">4xIIII" if version == 0 else ">4xQQIQ"
    content = struct.pack(times, 0, 0, timescale, round(seconds * timescale)) + bytes(80)
    return box("mvhd", bytes([version]) + content[1:])


def track(handler: str, codec: str) -> bytes:
    hdlr = box("hdlr", struct.pack(">8x4s13x", handler.encode()))
    stsd = box("stsd", struct.pack(">4xI", 1) + box(codec, bytes(70)))
    return box("trak", box("mdia", hdlr + box("minf", box("stbl", stsd))))


def mp4(
    seconds: float = 3.0,
    *,
    brand: str = "isom",
    tracks: Sequence[tuple[str, str]] = FILM,
    mvhd: bytes | None = None,
    more: bytes = b"",
    mdat: bytes | None = None,
) -> bytes:
    """A film, or sound alone with SOUND; `more` goes into moov."""
    said = header(seconds) if mvhd is None else mvhd
    moov = box("moov", said + b"".join(track(*each) for each in tracks) + more)
    ftyp = box("ftyp", brand.encode() + bytes(4))
    return ftyp + moov + (box("mdat", b"pictures and sound") if mdat is None else mdat)


def element(name: int, content: bytes) -> bytes:
    """Of a WebM file."""
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + _length(len(content)) + content


def _length(count: int) -> bytes:
    return (count | 1 << 56).to_bytes(8, "big")


def webm(
    seconds: float | None = 3.0,
    *,
    doctype: str = "webm",
    codecs: Sequence[str] = ("V_VP9", "A_OPUS"),
    cluster: bytes = b"pictures",
    is_open: bool = False,
) -> bytes:
    """`is_open` as a stream is written: without the length of the whole."""
    info = element(0x2AD7B1, (1_000_000).to_bytes(3, "big"))
    if seconds is not None:
        info += element(0x4489, struct.pack(">d", seconds * 1000))
    entries = b"".join(element(0xAE, element(0x86, codec.encode())) for codec in codecs)
    inside = element(0x1549A966, info) + element(0x1654AE6B, entries)
    inside += element(0x1F43B675, cluster) if cluster else b""
    segment = element(0x18538067, inside)
    if is_open:
        segment = segment[:4] + b"\x01" + b"\xff" * 7 + inside
    return element(0x1A45DFA3, element(0x4282, doctype.encode())) + segment


# MPEG 1, layer III, 128 kilobits a second, 44.1 kHz: 417 bytes for 1152 samples.
MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
MP3_SECONDS = 1152 / 44_100


def mp3(frames: int = 115, *, tag: bytes = b"", after: bytes = b"") -> bytes:
    """About three seconds."""
    return tag + MP3_FRAME * frames + after


def id3(content: bytes) -> bytes:
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + content


def ogg_page(content: bytes, *, time: int, stream: int = 7) -> bytes:
    lengths = [*[255] * (len(content) // 255), len(content) % 255]
    head = struct.pack("<4sHQIIIB", b"OggS", 0, time, stream, 0, 0, len(lengths))
    return head + bytes(lengths) + content


def ogg(seconds: float = 3.0, *, head: bytes | None = None) -> bytes:
    """Opus, which begins 312 samples in."""
    opus = b"OpusHead\1\1" + struct.pack("<H", 312) + bytes(7)
    last = round(seconds * 48_000) + 312
    pages = [(opus if head is None else head, 0), (b"sound" * 100, 2**64 - 1), (b"sound", last)]
    return b"".join(ogg_page(content, time=time) for content, time in pages)


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checked

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes(width)) * min(height, 10))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def vtt(*, end: str = "00:00:02.000") -> bytes:
    return f"WEBVTT\n\n00:00:00.000 --> {end}\nHello, and welcome.\n".encode()


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00\x03" + bytes(4000)
