"""Reads a paragraph: sentences to speak, and the marks between them."""

import re

from content.build.captions import WIDTH
from content.build.script.faults import Fault, Line
from content.build.script.parts import PRONUNCIATION, Paragraph, Pause, Point, Say, Step

NOT_SPOKEN = "“{}” is not for the voice. Take it out, or write a mark like [pause 8s]."
SHORTEST, LONGEST = 0.5, 120.0  # seconds of a pause
MARK = re.compile(r"(\[[^\[\]]*\](?!\())")
PAUSE = re.compile(r"\[pause (\d+(?:\.\d+)?)s\]")
LINK = re.compile(r"\[[^\[\]]*\]\([^)]*\)?")
# What Markdown or another bracket would make of words, and the voice would read out.
UNSPOKEN = re.compile(r"[<>*_`|#［］【】]|\(\s*pause\b[^)]*\)?", re.IGNORECASE)
LIST_MARK = re.compile(r"(?:[-+]|\d+[.)])\s|-+\Z")
SENTENCE_END = (".", "!", "?")


def read_paragraph(lines: list[Line], faults: list[Fault]) -> Paragraph:
    """The paragraph on these lines; a sentence may run over several, a mark may not."""
    steps: list[Step] = []
    words: list[Line] = []
    before = len(faults)
    for number, text in lines:
        if mark := LIST_MARK.match(text):
            faults.append(Fault(number, NOT_SPOKEN.format(mark[0].strip())))
        for place, piece in enumerate(MARK.split(text)):
            if place % 2:  # re.split puts what it found at the odd places
                steps += [*_sentences(words), *_read_mark(piece, number, faults)]
                words.clear()
            else:
                faults += _faults_of_words(piece, number)
                words += [Line(number, word) for word in piece.split()]
    steps += _sentences(words)
    if len(faults) == before:  # or each would be said twice
        said = (step for step in steps if isinstance(step, Say))
        faults += [fault for say in said for fault in _faults_of_sentence(say)]
    return Paragraph(tuple(steps))


def _sentences(words: list[Line]) -> list[Say]:
    """Each up to a word that ends one, and what is left; with the line where it begins."""
    sentences: list[list[Line]] = [[]]
    for word in words:
        sentences[-1].append(word)
        if word.text.endswith(SENTENCE_END):
            sentences.append([])
    return [Say(" ".join(word.text for word in each), each[0].number) for each in sentences if each]


def _faults_of_sentence(say: Say) -> list[Fault]:
    """What the voice has nothing to say of, and what fits no line of a caption."""
    if not re.search(r"\w", say.shown):
        return [Fault(say.at, f"There are no words in “{say.text}”. Write some, or take it out.")]
    longest = max(say.shown.split(), key=len)
    if len(longest) > WIDTH:
        said = f"“{longest}” is longer than a line of a caption ({WIDTH}). Say it in shorter words."
        return [Fault(say.at, said)]
    return []


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
    """The signs among the words that no mark has used up."""
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
    if mark := UNSPOKEN.search(rest):
        return [Fault(line, NOT_SPOKEN.format(mark[0]))]
    return []
