"""The visible structure of a body: headings, paragraphs, list items, table rows, code.

Works on Markdown and on plain text alike, because bodies keep the form their source gave them: where no
markup tells a heading or a row, the shape of the lines does. Offsets are characters into the body; blocks
cover every character that is not blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from index.text.labelled_lines import are_labelled
from index.text.list_markers import ITEM_MARKER
from index.text.plain_headings import SENTENCE_END, plain_headings


class BlockKind(StrEnum):
    """What a block is; a table's header names what stands in its rows."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    HEADER = "header"
    CODE = "code"


@dataclass(frozen=True)
class Block:
    """`body[start:end]`, without the blank space around it; `level` is a heading's depth, 1 outermost."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True)
class _Line:
    text: str
    start: int
    is_heading: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text.rstrip())

    @property
    def first(self) -> int:
        return self.start + len(self.text) - len(self.text.lstrip())

    @property
    def indent(self) -> int:
        return self.first - self.start


_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_ATX = re.compile(r"^ {0,3}(#{1,6})\s+\S")
_SETEXT = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
_ITEM = re.compile(rf"^\s*{ITEM_MARKER}\S")
_PIPE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CODE_LINE = re.compile(
    r"""^\s*(?:
        (?:import|from)\s+[\w.]+(?:\s+(?:import|as)\s+.*)?$   # Python's imports
      | (?:def|class|return|export|sudo|pip|git|curl|docker|kubectl|npm|cd|bash|sh|python3?)\s+\S.*[^.!?:]$
      | (?:>>>|\$|//|\#!)\s*\S
      | [\w.\[\]'"]+\s*=\s*\S.*[^.!?]$                         # an assignment
      | ['"][\w-]+['"]\s*:\s*\S.*$                            # an entry of a mapping
      | [)\]}]+[\s;,.)\w(=]*.*$                                # what closes a call
      | [\w.]+\(.*[\)\(,{\[]\s*;?$                             # a call
      | (?:def|class)\s+\w+\(.*$
      | <[/\w][^>]*>.*$
    )""",
    re.X,
)
_ROW_LENGTH = 400


def blocks(body: str) -> list[Block]:
    """Split a body into blocks, in order; together they hold every character that is not white space."""
    lines = _lines(body)
    result: list[Block] = []
    at = 0
    while at < len(lines):
        if not lines[at].text.strip():
            at += 1
            continue
        if fence := _FENCE.match(lines[at].text):
            at = _take_fence(lines, at, fence[1], result)
            continue
        stop = _run_end(lines, at)
        result.extend(_group(lines[at:stop]))
        at = stop
    return result


def _lines(body: str) -> list[_Line]:
    lines, start = [], 0
    texts = body.split("\n")
    headings = plain_headings(texts)
    for number, text in enumerate(texts):
        lines.append(_Line(text, start, is_heading=number in headings))
        start += len(text) + 1
    return lines


def _run_end(lines: list[_Line], at: int) -> int:
    """The end of the run of lines without a blank one, or with a fence, between them."""
    while at < len(lines) and lines[at].text.strip() and not _FENCE.match(lines[at].text):
        at += 1
    return at


def _take_fence(lines: list[_Line], at: int, marker: str, result: list[Block]) -> int:
    """Add the fenced code that opens at a line; an unclosed fence runs to the end. Returns the line after it."""
    stop = at + 1
    while stop < len(lines) and not lines[stop].text.strip().startswith(marker):
        stop += 1
    last = min(stop, len(lines) - 1)
    while last > at and not lines[last].text.strip():
        last -= 1
    result.append(Block(BlockKind.CODE, lines[at].first, lines[last].end))
    return stop + 1


def _group(run: list[_Line]) -> Iterator[Block]:
    """Blocks of a run of lines without a blank line between them."""
    at = 0
    while at < len(run):
        if _is_plain_table(run, at):
            yield from (Block(BlockKind.ROW, line.first, line.end) for line in run[at:])
            return
        if _is_table(run, at):
            yield Block(BlockKind.HEADER, run[at].first, run[at + 1].end)
            rows = _count_while(run, at + 2, lambda line: "|" in line.text)
            yield from (Block(BlockKind.ROW, line.first, line.end) for line in run[at + 2 : at + 2 + rows])
            at += 2 + rows
            continue
        kind, taken, level = _opening(run, at)
        yield Block(kind, run[at].first, run[at + taken - 1].end, level)
        at += taken


def _opening(run: list[_Line], at: int) -> tuple[BlockKind, int, int]:
    """The kind of the block that begins at a line of a run, its number of lines, and a heading's level."""
    first, below = run[at].text, run[at + 1].text if at + 1 < len(run) else ""
    if atx := _ATX.match(first):
        return BlockKind.HEADING, 1, len(atx[1])
    if (underline := _SETEXT.match(below)) and not _ITEM.match(first) and not _PIPE_ROW.match(first):
        return BlockKind.HEADING, 2, 1 if underline[1].startswith("=") else 2
    if _PIPE_ROW.match(first):
        return BlockKind.ROW, 1, 0
    if _is_code(run[at]):
        return BlockKind.CODE, _count_while(run, at, _continues_code), 0
    is_item = _ITEM.match(first)
    if not is_item and run[at].is_heading:
        return BlockKind.HEADING, 1, 2
    return (
        BlockKind.ITEM if is_item else BlockKind.PARAGRAPH,
        1 + _count_while(run, at + 1, lambda line: not _opens_other(line)),
        0,
    )


def _opens_other(line: _Line) -> bool:
    text = line.text
    return bool(_ITEM.match(text) or _ATX.match(text) or _PIPE_ROW.match(text) or _is_code(line))


def _count_while(run: list[_Line], at: int, holds: Callable[[_Line], bool]) -> int:
    """How many consecutive lines, from one on, meet a condition."""
    stop = at
    while stop < len(run) and holds(run[stop]):
        stop += 1
    return stop - at


def _is_code(line: _Line) -> bool:
    text = line.text
    if _ITEM.match(text) or _PIPE_ROW.match(text):
        return False
    if _CODE_LINE.match(text):
        return True
    return line.indent >= 4 and not SENTENCE_END.search(text.rstrip())


def _continues_code(line: _Line) -> bool:
    """Next to code, a line that ends no sentence is code as well, however odd it looks."""
    return _is_code(line) or not (SENTENCE_END.search(line.text.rstrip()) or _opens_other(line))


def _is_table(run: list[_Line], at: int) -> bool:
    """Whether a table opens here: names of columns above a rule, with bars outside or only between."""
    if at + 1 == len(run) or "|" not in run[at].text or not _TABLE_RULE.match(run[at + 1].text):
        return False
    return bool(_PIPE_ROW.match(run[at].text)) or "|" in run[at + 1].text


def _is_plain_table(run: list[_Line], at: int) -> bool:
    """Four lines or more that each begin with a capital or digit and seldom end a sentence: rows, not wrapped text."""
    places = range(at, len(run))
    if len(places) < 4 or any(_opens_other(run[n]) or len(run[n].text) > _ROW_LENGTH for n in places):
        return False
    texts = [run[n].text.strip() for n in places]
    if are_labelled(texts):
        return False
    beginnings = sum(text[:1].isupper() or text[:1].isdigit() for text in texts)
    endings = sum(bool(SENTENCE_END.search(text)) for text in texts)
    return beginnings >= 0.95 * len(texts) and endings <= 0.2 * len(texts)
