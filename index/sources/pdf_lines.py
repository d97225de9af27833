"""Pieces of lines on a PDF's page, with their places: what lies between two wide gaps of a row."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_WIDE_GAP = 0.8  # of the letters' height; the blanks of justified text are narrower, gutters and table gaps wider
_NARROW_GAP = 0.3  # the same, between a figure and its exponent
_RAISED, _SMALLER = 0.15, 0.85  # of the letter before: what stands higher and is smaller is a superscript
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIXED_WIDTH = re.compile(r"(?i)courier|consol|mono|menlo|typewriter|inconsolata|cmtt|source.?code|fira.?code")
_LEADERS = re.compile(r"\s*(?:\.\s?){5,}\s*")
_LINE_ENDS = frozenset("\r\n")
_HYPHEN = "\x02"  # PDFium's sign for a hyphen at a line's end


@dataclass(frozen=True)
class Line:
    """A piece of a row, or a row; places in points from the page's lower left corner.

    Attributes:
        size: Height of the letters, from the font's ascent to its descent.
        fixed_width: The font is one for code.
        is_field: A form's field with its value.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    fixed_width: bool = False
    is_field: bool = False

    def shares_row(self, other: Line) -> bool:
        """Whether the two overlap by half of the lower one's height."""
        overlap = min(self.top, other.top) - max(self.bottom, other.bottom)
        return overlap > 0.5 * min(self.top - self.bottom, other.top - other.bottom)


@dataclass(frozen=True)
class PageText:
    """The lines of a page and its height, so turned that its text runs from left to right."""

    lines: tuple[Line, ...]
    height: float

    @cached_property
    def is_readable(self) -> bool:
        """Whether most of its characters are letters that mean something, and not a font's private codes."""
        letters = [letter for line in self.lines for letter in line.text if not letter.isspace()]
        unknown = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in letters)
        return bool(letters) and unknown < 0.5 * len(letters)


def page_text(page: PdfPage) -> PageText:
    """The lines of a page, in the order they were written in.

    Text that is turned against the most of the page comes after the rest of it.
    """
    text_page = page.get_textpage()
    width, height = page.get_size()
    by_quarter: dict[int, list[Line]] = {}
    for quarter, line in _lines(text_page):
        by_quarter.setdefault(quarter, []).append(line)
    text_page.close()
    if not by_quarter:
        return PageText((), height)
    lengths = {quarter: sum(len(line.text) for line in lines) for quarter, lines in by_quarter.items()}
    upright = max(lengths, key=lengths.__getitem__)
    lines = by_quarter.pop(upright)
    floor = min(line.bottom for line in lines)
    for others in by_quarter.values():
        for line in others:
            floor -= 3 * line.size
            lines.append(replace(line, left=0, right=line.right - line.left, bottom=floor, top=floor + line.size))
    return PageText(tuple(lines), max(width, height) if upright % 2 else height)


class _Pen:
    """The line that is being written."""

    def __init__(self) -> None:
        self.quarter = 0
        self.letters: list[str] = []
        self.box = (0.0, 0.0, 0.0, 0.0)  # left, bottom, right, top of the last letter
        self.left = self.right = self.bottom = self.top = self.size = 0.0
        self.fixed_width = False

    def begin(self, quarter: int, box: tuple[float, float, float, float], fixed_width: bool) -> None:
        self.letters, self.quarter, self.fixed_width, self.box = [], quarter, fixed_width, box
        self.left, self.bottom, self.right, self.top = box
        self.size = box[3] - box[1]

    def goes_on_at(self, box: tuple[float, float, float, float]) -> bool:
        overlap = min(self.top, box[3]) - max(self.bottom, box[1])
        gap = box[0] - self.box[2]
        return overlap > 0.3 * min(self.size, box[3] - box[1]) and -self.size < gap < _WIDE_GAP * self.size

    def is_raised(self, box: tuple[float, float, float, float]) -> bool:
        is_behind = -_NARROW_GAP * self.size < box[0] - self.box[2] < _NARROW_GAP * self.size
        is_smaller = box[3] - box[1] < _SMALLER * self.size
        return bool(self.letters) and is_behind and is_smaller and box[1] > self.bottom + _RAISED * self.size

    def write(self, letter: str, box: tuple[float, float, float, float]) -> None:
        height = box[3] - box[1]
        self.letters.append(letter)
        self.left, self.right = min(self.left, box[0]), max(self.right, box[2])
        if height > self.size:
            self.bottom, self.top, self.size = box[1], box[3], height
        self.box = box

    def line(self) -> Line:
        text = "".join(self.letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return Line(
            _LEADERS.sub(" … ", text).strip(), self.left, self.right, self.bottom, self.top, self.size, self.fixed_width
        )


def _lines(text_page: PdfTextPage) -> Iterator[tuple[int, Line]]:
    """Lines with the quarter turns that their page was turned by to make them level."""
    from pypdfium2 import raw  # noqa: PLC0415  # only PDFs should pay for it

    pen, is_new, blank = _Pen(), True, False
    rectangle = raw.FS_RECTF()
    for at in range(text_page.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text_page, at))
        if letter in _LINE_ENDS or letter.isspace():
            is_new, blank = is_new or letter in _LINE_ENDS, True
            continue
        if letter == "\0" or not raw.FPDFText_GetLooseCharBox(text_page, at, rectangle):
            continue
        box = (rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
        if not all(map(math.isfinite, box)):
            continue
        if is_new:
            quarter = round(max(0.0, raw.FPDFText_GetCharAngle(text_page, at)) / (math.pi / 2)) % 4
        box = _turned(box, quarter)
        is_raised = pen.quarter == quarter and pen.is_raised(box)
        if (is_new and not is_raised) or not pen.goes_on_at(box):
            if pen.letters:
                yield pen.quarter, pen.line()
            pen.begin(quarter, box, _is_fixed_width(text_page, at))
        elif blank and not is_raised:
            pen.letters.append(" ")
        letter = letter.translate(_SUPERSCRIPTS) if is_raised else letter
        pen.write("-" if letter == _HYPHEN else letter, box)
        is_new = blank = False
    if pen.letters:
        yield pen.quarter, pen.line()


def _turned(box: tuple[float, float, float, float], quarter: int) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    return ((left, bottom, right, top), (bottom, -right, top, -left), (-right, -top, -left, -bottom),
            (-top, left, -bottom, right))[quarter]  # fmt: skip


def _is_fixed_width(text_page: PdfTextPage, at: int) -> bool:
    from pypdfium2 import raw  # noqa: PLC0415  # only PDFs should pay for it

    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text_page, at, name, len(name), None)
    return _FIXED_WIDTH.search(name.raw.split(b"\0", 1)[0].decode("latin-1")) is not None
