"""Paragraphs, headings, list items, tables and code out of the lines of a PDF's region."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from statistics import median

from index.sources.pdf_lines import Line
from index.text.list_markers import ITEM_MARKER
from index.text.scripts import IDEOGRAPHIC, LETTERED

LARGER = 1.15
"""A heading's letters against the text's."""
_SHORT = 0.7  # of the region's width: a line that ends its paragraph
_SHORT_END = 0.8  # the same where it ends a sentence
_LOOSE = 1.35  # of the usual distance of lines: a paragraph's end
_SAME_SIZE = 0.12
_SAME_EDGE = 0.6  # of the letters' height
_INDENT = 0.8  # the same
_LONGEST_HEADING = 150
_LONGEST_WORD = 80  # characters of a text's end that are looked at
_HYPHENATED = re.compile(r"(?P<head>[^\W_]+(?:-[^\W_]+)*)(?P<hyphen>[-\u00ad\u2010])$")
_FIRST_WORD = re.compile(r"[^\W_]+")
_MARKER = re.compile(r"[-*+•‣◦▪–]|\(?\w{1,3}[.)]|\d+(?:\.\d+)*")
_ITEM = re.compile(rf"{ITEM_MARKER}\S")
_ENDS_SENTENCE = re.compile(r"[.!?:;…。！？：；][\"'”’»」』)\]]*$")
_NO_SPACE = f"[{IDEOGRAPHIC}{LETTERED}，。、；：？！「」『』（）《》〈〉・ー]"
_NO_SPACE_BEFORE, _NO_SPACE_AFTER = re.compile(f"{_NO_SPACE}$"), re.compile(_NO_SPACE)


class Kind(Enum):
    """What a block of a PDF is."""

    TEXT = auto()
    HEADING = auto()
    ITEM = auto()
    TABLE = auto()
    CODE = auto()


@dataclass(frozen=True)
class PdfBlock:
    """A block's text, and the height of its letters."""

    kind: Kind
    text: str
    size: float

    def goes_on_in(self, following: PdfBlock) -> bool:
        """Whether a paragraph or item goes on in the next region or on the next page."""
        if self.kind not in {Kind.TEXT, Kind.ITEM} or following.kind is not Kind.TEXT:
            return False
        if abs(following.size - self.size) > _SAME_SIZE * self.size or _ENDS_SENTENCE.search(
            self.text[-_LONGEST_WORD:]
        ):
            return False
        return following.text[0].islower() or bool(
            _NO_SPACE_BEFORE.search(self.text[-1:]) and _NO_SPACE_AFTER.match(following.text)
        )


def region_blocks(lines: Sequence[Line], body_size: float, compounds: frozenset[str]) -> Iterator[PdfBlock]:
    """Blocks of the lines of one column, from the top.

    Args:
        body_size: Height of the letters that most of the document is written in.
        compounds: Words that the document writes with a hyphen; they keep it where a line ends in it.
    """
    rows = _rows(lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    pitches = [upper.bottom - lower.bottom for (upper, *_), (lower, *_) in pairwise(rows)]
    page = _Region(left, right - left, median(pitches) if pitches else 0.0, body_size, compounds)
    at = 0
    while at < len(rows):
        stop = _table_end(rows, at)
        if stop > at:
            yield _table(rows[at:stop])
        else:
            stop = at + 1
            while stop < len(rows) and _table_end(rows, stop) == stop:
                stop += 1
            yield from page.blocks([_joined_row(row) for row in rows[at:stop]])
        at = stop


def joined(before: str, line: str, compounds: frozenset[str]) -> str:
    """Two lines as one: without a space between ideographs, and without the hyphen of a divided word."""
    if not before:
        return line
    if (divided := _HYPHENATED.search(before[-_LONGEST_WORD:])) and (word := _FIRST_WORD.match(line)):
        head, is_soft = divided["head"], divided["hyphen"] == "\u00ad"
        whole = f"{head}-{word[0]}".casefold()
        if is_soft or (line[0].islower() and head.isalpha() and whole not in compounds):
            return before[:-1] + line
        if line[0].islower() or "-" in head:
            return before + line
    if _NO_SPACE_BEFORE.search(before[-1:]) and _NO_SPACE_AFTER.match(line):
        return before + line
    return f"{before} {line}"


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines that stand beside each other, from the top; each row from the left."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -(line.top + line.bottom)):
        if rows and line.shares_row(rows[-1][0]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _joined_row(row: Sequence[Line]) -> Line:
    text = " ".join(line.text for line in row)
    largest = max(row, key=lambda line: line.size)
    return replace(largest, text=text, left=row[0].left, right=max(line.right for line in row))


def _table_end(rows: Sequence[Sequence[Line]], at: int) -> int:
    """The end of the table that begins at a row; the row itself if none does."""
    stop = at
    while stop + 1 < len(rows) and _are_aligned(rows[stop], rows[stop + 1]):
        stop += 1
    return stop + 1 if stop > at else at


def _are_aligned(upper: Sequence[Line], lower: Sequence[Line]) -> bool:
    """Whether two rows have cells under each other, two at least."""
    if min(len(upper), len(lower)) < 2 or any(_is_numbered(row) for row in (upper, lower)):
        return False
    near = _SAME_EDGE * upper[0].size
    pairs = sum(
        any(
            min(abs(a.left - b.left), abs(a.right - b.right), abs(a.left + a.right - b.left - b.right) / 2) < near
            for a in upper
        )
        for b in lower
    )
    return pairs >= 2


def _is_numbered(row: Sequence[Line]) -> bool:
    """Whether a row is an item or a heading behind its number, and no row of a table."""
    return len(row) == 2 and _MARKER.fullmatch(row[0].text) is not None


def _table(rows: Sequence[Sequence[Line]]) -> PdfBlock:
    """Rows between bars; a first row without figures above rows that have some is the header."""
    starts: list[list[float]] = []  # of the columns: from, to
    for left, right in sorted((cell.left, cell.right) for row in rows for cell in row):
        if starts and left <= starts[-1][1]:
            starts[-1][1] = max(starts[-1][1], right)
        else:
            starts.append([left, right])
    cells = [
        [" ".join(cell.text for cell in row if left <= cell.left <= right) for left, right in starts] for row in rows
    ]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    has_figures = [any(letter.isdigit() for letter in line) for line in lines]
    if len(lines) > 2 and not has_figures[0] and all(has_figures[1:]) and len(starts) > 1:
        lines.insert(1, f"|{'---|' * len(starts)}")
    return PdfBlock(Kind.TABLE, "\n".join(lines), rows[0][0].size)


@dataclass(frozen=True)
class _Region:
    left: float
    width: float
    pitch: float
    body_size: float
    compounds: frozenset[str]

    def blocks(self, rows: Sequence[Line]) -> Iterator[PdfBlock]:
        run: list[Line] = []
        for row in rows:
            if run and self._ends(run, row):
                yield self._block(run)
                run = []
            run.append(row)
        yield self._block(run)

    def _ends(self, run: Sequence[Line], row: Line) -> bool:
        """Whether a row begins a new block."""
        last = run[-1]
        if row.is_field or last.is_field:
            return True
        if abs(row.size - last.size) > _SAME_SIZE * last.size or row.fixed_width != last.fixed_width:
            return True
        distance = last.bottom - row.bottom
        is_apart = distance > _LOOSE * max(self.pitch, last.size)
        if row.fixed_width:
            return distance > 3 * last.size
        if is_apart or _ITEM.match(row.text):
            return True
        if self._is_large(last):
            return False
        if _ITEM.match(run[0].text) and row.left > run[0].left + _INDENT * row.size:
            return False
        is_indented = row.left > self.left + _INDENT * row.size and last.left < self.left + _INDENT * row.size / 2
        ends_sentence = _ENDS_SENTENCE.search(last.text) is not None
        is_short = last.right - self.left < (_SHORT_END if ends_sentence else _SHORT) * self.width
        is_begun = not row.text[0].islower() or (is_short and ends_sentence)
        return is_begun and (is_short or is_indented)

    def _is_large(self, line: Line) -> bool:
        return line.size > LARGER * self.body_size

    def _block(self, run: Sequence[Line]) -> PdfBlock:
        size = run[0].size
        if run[0].fixed_width and len(run) > 1:
            left = min(row.left for row in run)
            longest = max(run, key=lambda row: len(row.text))
            letter = (longest.right - longest.left) / len(longest.text) or 1.0
            code = "\n".join(" " * round((row.left - left) / letter) + row.text for row in run)
            return PdfBlock(Kind.CODE, f"```\n{code}\n```", size)
        text = ""
        for row in run:
            text = joined(text, row.text, self.compounds)
        if self._is_large(run[0]) and len(text) <= _LONGEST_HEADING and any(map(str.isalpha, text)):
            return PdfBlock(Kind.HEADING, text, size)
        return PdfBlock(Kind.ITEM if _ITEM.match(text) else Kind.TEXT, text, size)
