"""How long a handout is: what has to fit on two printed pages."""

import re
from itertools import accumulate

from content.check.material import Material
from courses.loading.attached import attached
from courses.loading.tables import read_text

MOST = 900  # words that two printed pages hold
_WORD = re.compile(r"[^\W_][\w’']*")


def words(text: str) -> list[str]:
    """The words of a text, without its marks."""
    return _WORD.findall(text)


def check_handout(material: Material) -> None:
    """Notes the line where a handout begins its third page."""
    path = attached(material.table, "body", (".md",)) if material.kind == "handout" else None
    text = read_text(path, material.problems) if path else None
    if path is None or text is None:
        return
    counts = list(accumulate(len(words(line)) for line in text.splitlines()))
    third_page = next((line for line, count in enumerate(counts, 1) if count > MOST), None)
    if third_page:
        said = (
            f"This handout has {counts[-1]} words, and two printed pages hold {MOST}. Shorten it."
        )
        material.problems.add(path, third_page, said)
