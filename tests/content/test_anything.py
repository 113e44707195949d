"""Whatever is in a file, it is either read or refused; nothing else happens."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.build.script import Fault, Paragraph, ScriptError, Slide, read_script
from content.build.script.parts import Block

PIECES = (
    *("[pause 8s]", "[point]", "[pause 8s", "[", "]", "(", ")", "[Live](/lˈɪv/)", "[x](y)"),
    *("## A", "# ", "#", "> ### B", "> - one", "> ![b](none.svg)", "> ", ">", "!", "-"),
    *("*", "_", "<b>", "1. ", "#x", "|", "`", "(pause 8s)", "［"),
    *("Words.", "and more", ".", "\n", "\n\n", " ", "\t", "\r\n", "\x0c", "\u2028"),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "file"


def read_or_refused(path: Path) -> tuple[list[Block], list[Fault]]:
    try:
        return read_script(path).blocks, []
    except ScriptError as refused:
        return [], refused.faults


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_mark_is_ever_spoken_or_drawn(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    blocks, faults = read_or_refused(path)

    assert faults == sorted(faults)
    assert all(1 <= fault.line <= len(text.splitlines()) for fault in faults)
    spoken = [block.shown for block in blocks if isinstance(block, Paragraph)]
    drawn = [block.title + block.line for block in blocks if isinstance(block, Slide)]
    assert [words for words in spoken + drawn if set(words) & set("[]")] == []
    assert [words for words in spoken if set(words) & set("#<>*_`|［")] == []
