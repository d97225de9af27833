"""Sentence boundaries by rule, with offsets.

A full stop ends a sentence unless it follows an abbreviation or an initial, or what follows does not begin a
sentence. Light libraries for this are either inaccurate or no longer maintained; the tests compare these rules
with the public "golden rules".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.scripts import IDEOGRAPHIC, LETTERED

_TERMINATOR = re.compile(r"(?:\.{2,}|[.!?…؟۔\u037e]+|[。！？｡।॥။།។։።፧]+)[\"'”’»)\]*_」』）】》〉]*")
_WIDE = frozenset("。！？｡।॥။།។։።፧")  # end a sentence whether or not a space follows
# Japanese goes on behind a quoted sentence: 「…。」と言った.
_GOES_ON = re.compile(r"[」』）》〉](?:と|って|、)")
_THAI = re.compile(r"(?<=[\u0e00-\u0e7f])\s+(?=[\u0e00-\u0e7f])")
_UNSPACED = f"{IDEOGRAPHIC}{LETTERED}"
_UNSPACED_BREAK = re.compile(
    rf"(?<=[{_UNSPACED}])\n(?=[ \t\u3000]*[{_UNSPACED}\d])|(?<=\d)\n(?=[ \t\u3000]*[{_UNSPACED}])"
)
_NEVER_WRAPPED = 30  # characters: lines that are all so short have not been wrapped to a width
_WRAPPED_FROM = 0.8  # of the longest line
_IDEOGRAPHIC_SPACE = re.compile(f"(?<=[{IDEOGRAPHIC}])[ \u3000]+(?=[{IDEOGRAPHIC}])")
_IDEOGRAPHIC_AT_LEAST = 10  # characters of a part: names have spaces inside them
_THAI_AT_LEAST = 80  # characters of a part; Thai separates sentences, and clauses too, by spaces alone
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof rev gen col capt lt sgt sen rep gov hon pres st sr jr messrs mme mlle
    vs etc eg ie cf al approx ca fig figs eq eqs sec no nos vol vols pp ed eds art ch dept est ave blvd rd
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    sra srta dra pág págs núm aprox ej ee nr bzw vgl bspw evtl ggf bd hrsg
    inc ltd co corp llc plc bros u.s u.k u.n e.u e.g i.e a.m p.m a.k.a ph.d m.d b.a m.a b.sc m.sc d.c""".split()
)
# Abbreviations that often close a sentence as well: a capital after them begins a new one.
_MAY_CLOSE = frozenset("etc inc ltd co corp llc plc bros jr sr u.s u.k u.n e.u a.m p.m ph.d m.d d.c al".split())
# After these a number or a capitalised name goes on: "No. 5", "Fig. 2", "Dr. Ray".
_STARTERS = frozenset(
    """a an the he she it they we you i this that these those there here his her its their our my your in on at
    as if when while after before since but and or so however moreover yet for with by from to what who where why
    how is are was were do does did not no yes one two some many most all each every both""".split()
)
_GERMAN_MONTHS = frozenset(
    "januar jänner februar märz april mai juni juli august september oktober november dezember".split()
)
_LAST_WORD = re.compile(r"([^\s(\[“\"]+)$")
_WINDOW = 80  # characters examined on either side of a terminator, however long the text
_OPENERS = "\"'“‘«([{*_¿¡—–-•"


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Split `text[start:end]` into sentences.

    Returns:
        Pairs of character offsets into `text`, in order, without the white space between them; every
        character that is not white space is in exactly one.
    """
    stop = len(text) if end is None else end
    spans, begin = [], start
    for match in _TERMINATOR.finditer(text, start, stop):
        if _ends_sentence(text, begin, match.start(), match.end(), stop):
            spans.append((begin, match.end()))
            begin = match.end()
    spans.append((begin, stop))
    lines = (line for span in spans for line in _by_short_lines(text, *span))
    parts = (part for line in lines for part in _by_ideographic_spaces(text, *line))
    trimmed = (_trim(text, *piece) for part in parts for piece in _by_thai_spaces(text, *part))
    return [span for span in trimmed if span[0] < span[1]]


def unspaced_breaks(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """The line breaks between Chinese, Japanese or Thai letters, and whether each line is too short to be wrapped."""
    breaks = [match.start() for match in _UNSPACED_BREAK.finditer(text, start, end)]
    widest = max((len(line) for line in text[start:end].split("\n")), default=0) if breaks else 0
    for at in breaks:
        length = at - text.rfind("\n", 0, at) - 1
        yield at, widest <= _NEVER_WRAPPED or length < _WRAPPED_FROM * widest


def _by_short_lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span of Chinese, Japanese or Thai split where a line is too short to have been wrapped."""
    for at, is_short in unspaced_breaks(text, start, end):
        if is_short:
            yield start, at
            start = at + 1
    yield start, end


def _by_ideographic_spaces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span split at spaces between Chinese characters or kana, which stand where a full stop is left out."""
    for space in _IDEOGRAPHIC_SPACE.finditer(text, start, end):
        if min(space.start() - start, end - space.end()) >= _IDEOGRAPHIC_AT_LEAST:
            yield start, space.start()
            start = space.end()
    yield start, end


def _by_thai_spaces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span split at spaces between Thai letters, so that no part is very short."""
    if end - start > 2 * _THAI_AT_LEAST:
        for space in _THAI.finditer(text, start, end):
            if min(space.start() - start, end - space.end()) >= _THAI_AT_LEAST:
                yield start, space.start()
                start = space.end()
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    span = text[start:end]
    return start + len(span) - len(span.lstrip()), start + len(span.rstrip())


def _ends_sentence(text: str, begin: int, terminator: int, after: int, stop: int) -> bool:
    if text[terminator] in _WIDE:
        return not _GOES_ON.match(text, after - 1)
    if after >= stop:
        return True
    if not text[after].isspace():
        return False
    following = text[after : min(stop, after + _WINDOW)].lstrip()
    if not following:
        return True
    first = following.lstrip(_OPENERS)[:1]
    if first.islower():
        return False
    closing = text[terminator:after]
    if closing[0] != "." or len(closing.rstrip("\"'”’»)]*_")) > 1:
        return True
    return not _is_abbreviation(text[max(begin, terminator - _WINDOW) : terminator], following)


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the full stop after `before` belongs to its last word rather than to the sentence."""
    last = _LAST_WORD.search(before)
    if last is None:
        return False
    word = last[1].lstrip("(“\"'").casefold()
    next_word = re.match(r"\W*([\w’']*)", following)[1].casefold()  # type: ignore[index]  # matches anything
    if re.fullmatch(r"\d{1,3}", word) and (next_word in _GERMAN_MONTHS or not before[: last.start()].strip()):
        return True  # a day ("am 3. Oktober") or the number of an item: "1. Train the model"
    if len(word) == 1 and word.isalpha():
        # An initial ("J. Smith"), unless the pronoun or a letter in running text closes the sentence.
        return word != "i" and next_word not in _STARTERS
    if word not in _ABBREVIATIONS:
        return False
    return not (word in _MAY_CLOSE and next_word in _STARTERS)
