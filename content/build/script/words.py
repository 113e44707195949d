"""Reads a paragraph: sentences to speak, and the marks between them."""

import re

from content.build.script.faults import Fault, Line
from content.build.script.parts import PRONUNCIATION, Paragraph, Pause, Point, Say, Step

SHORTEST, LONGEST = 0.5, 120.0  # seconds of a pause
MARK = re.compile(r"(\[[^\[\]]*\](?!\())")
PAUSE = re.compile(r"\[pause (\d+(?:\.\d+)?)s\]")
LINK = re.compile(r"\[[^\[\]]*\]\([^)]*\)?")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def read_paragraph(lines: list[Line], faults: list[Fault]) -> Paragraph:
    """The paragraph on these lines; a sentence may run over several, a mark may not."""
    steps: list[Step] = []
    words: list[str] = []
    for number, text in lines:
        for place, piece in enumerate(MARK.split(text)):
            if place % 2:  # re.split puts what it found at the odd places
                steps += [*_sentences(words), *_read_mark(piece, number, faults)]
                words.clear()
            else:
                faults += _faults_of_words(piece, number)
                words.append(piece)
    return Paragraph((*steps, *_sentences(words)))


def _sentences(words: list[str]) -> list[Say]:
    text = " ".join(" ".join(words).split())
    return [Say(sentence) for sentence in SENTENCE_END.split(text) if sentence]


def _read_mark(mark: str, line: int, faults: list[Fault]) -> list[Step]:
    if mark == "[point]":
        return [Point(line)]
    found = PAUSE.fullmatch(mark)
    if found is None:
        sentence = f"“{mark}” cannot be read. Write [pause 8s] or [point]."
        faults.append(Fault(line, sentence))
        return []
    if not SHORTEST <= float(found[1]) <= LONGEST:
        sentence = f"A pause of {found[1]} s: write between {SHORTEST:g} and {LONGEST:g} seconds."
        faults.append(Fault(line, sentence))
    return [Pause(float(found[1]))]


def _faults_of_words(text: str, line: int) -> list[Fault]:
    """The brackets among the words that no mark has used up."""
    rest = PRONUNCIATION.sub("", text)
    if link := LINK.search(rest):
        said = f"“{link[0]}” cannot be read. Write a word and its sounds like this: [Live](/lˈɪv/)."
        return [Fault(line, said)]
    if "[" in rest:
        said = "There is a “[” here that no “]” closes on its line. Close it, or take it out."
        return [Fault(line, said)]
    if "]" in rest:
        said = "There is a “]” here that no “[” opens on its line. Open it, or take it out."
        return [Fault(line, said)]
    return []
