"""Two wordings that face each other: whatever they are, both are there whole."""

from hypothesis import given
from hypothesis import strategies as st

from courses.comparison.blocks import Changed, of_html, of_text
from courses.comparison.sides import facing

lines = st.lists(st.lists(st.sampled_from(["sit", "rest", "breathe", "be", "kind"]), max_size=5))


def texts(blocks: list[Changed]) -> list[str]:
    return [" ".join(run.text for run in block.runs) for block in blocks]


@given(lines, lines)
def test_each_side_holds_its_own_words_and_no_other(
    theirs: list[list[str]], yours: list[list[str]]
) -> None:
    sides = facing(*(of_text("\n".join(map(" ".join, each))) for each in (theirs, yours)))

    left = [text for each in sides for text in texts(each.theirs)]
    right = [text for each in sides for text in texts(each.yours)]
    assert left == [" ".join(line) for line in theirs if line]
    assert right == [" ".join(line) for line in yours if line]


def test_what_became_of_a_block_is_named_on_its_own_side() -> None:
    [each] = facing(of_html("<h2>Sit and rest</h2>"), of_html("<p>Sit and rest</p>"))

    assert not each.is_same
    assert ([block.kind for block in each.theirs], [block.kind for block in each.yours]) == (
        ["Heading"],
        ["Paragraph"],
    )


def test_alike_from_end_to_end() -> None:
    blocks = of_html("<p>Sit <strong>down</strong>.</p>")
    [each] = facing(blocks, blocks)

    assert each.is_same
    assert each.theirs == each.yours
