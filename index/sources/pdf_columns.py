"""The reading order of a PDF's page: columns one after the other, what spans them in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from index.sources.pdf_lines import Line
from index.text.scripts import IDEOGRAPHIC

_MOST_COLUMNS = 6
_CANDIDATES = 12  # left edges tried as a column's
_EDGE = 3  # points within which edges are one
_GUTTER = 0.6  # of the letters' height, at least
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHIC}]")

Regions = list[list[Line]]


def in_reading_order(lines: Sequence[Line], depth: int = _MOST_COLUMNS) -> Regions:
    """Regions of one column each, in the order they are read in; a table's columns stay one region."""
    best: Regions = []
    most = 0
    for edge in _edges(lines) if depth else ():
        regions, in_columns = _split_at(lines, edge, depth)
        if in_columns > most:
            best, most = regions, in_columns
    return best or [list(lines)]


def _edges(lines: Sequence[Line]) -> list[float]:
    """Places where lines begin, two at least, but not the outermost."""
    counts = Counter(round(line.left / _EDGE) for line in lines)
    first = min(counts, default=0)
    return [place * _EDGE for place, count in counts.most_common(_CANDIDATES) if count >= 2 and place > first + 1]


def _split_at(lines: Sequence[Line], edge: float, depth: int) -> tuple[Regions, int]:
    """The regions that a gutter left of an edge makes, and how many lines are in columns."""
    regions: Regions = [[]]
    in_columns = 0
    for band in _bands(lines, edge):
        left = [line for line in band if line.left < edge - _EDGE]
        right = [line for line in band if line.left >= edge - _EDGE]
        if _are_columns(left, right, edge):
            regions += [*in_reading_order(left, depth - 1), *in_reading_order(right, depth - 1), []]
            in_columns += len(band)
        else:
            regions[-1] += band
    return [region for region in regions if region], in_columns


def _bands(lines: Sequence[Line], edge: float) -> Iterator[list[Line]]:
    """From the top: each line that crosses the gutter, and the lines between two of them."""
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.top):
        if line.left < edge - _EDGE <= line.right:
            yield from (band, [line])
            band = []
        else:
            band.append(line)
    yield band


def _are_columns(left: list[Line], right: list[Line], edge: float) -> bool:
    if min(len(left), len(right)) < 2 or max(len(left), len(right)) < 3:
        return False
    gutter = edge - max(line.right for line in left)
    return gutter > _GUTTER * median(line.size for line in left) and _is_prose(left) and _is_prose(right)


def _is_prose(lines: list[Line]) -> bool:
    """Whether lines run on from one to the next, as a table's cells do not."""
    texts = [line.text for line in lines]
    if _IDEOGRAPH.search(texts[0]):
        return median(map(len, texts)) >= 6
    starts = [text[0] for text in texts[1:] if text[0].isalpha()]
    if not starts or median(len(text.split()) for text in texts) < 3:
        return False
    small = sum(letter.islower() for letter in starts)
    return small >= 0.2 * len(starts) or not any(letter.upper() != letter.lower() for letter in starts)
