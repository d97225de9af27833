"""Headers and footers of a PDF's pages: lines that come back at the same place, and page numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from index.sources.pdf_lines import Line, PageText

_MARGIN = 0.13  # of the page's height, at its top and at its bottom
_SAME_PLACE = 4  # points
_SHARE = 0.3  # of the pages: headers of left and of right pages, and of chapters, differ
_MOST_LINES = 2_000  # of a page that has a number
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER = re.compile(
    r"(?i)[\W_]*(?:(?:page|p|pg|seite|s|página|pagina|pág|стр|第)\.?\s*)?"
    r"(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/|von|de|di|из|sur|页|頁|ページ)\s*\d{0,4})?[\W_]*"
)


def without_running_lines(pages: Sequence[PageText]) -> list[PageText]:
    """The pages without running headers and footers; as they are where nothing else would be left."""
    size = _body_size(pages)
    margins = [[line for line in page.lines if _is_in_margin(line, page)] for page in pages]
    counts: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, lines in enumerate(margins):
        for line in lines:
            for key in _keys(line, size):
                counts[key].add(number)
    least = max(2, _SHARE * len(pages))
    kept = []
    for page, lines in zip(pages, margins, strict=True):
        running = {
            id(line)
            for line in lines
            if any(len(counts[key]) >= least for key in _keys(line, size)) or _is_page_number(line, page)
        }
        kept.append(replace(page, lines=tuple(line for line in page.lines if id(line) not in running)))
    return kept if any(page.lines for page in kept) else list(pages)


def _is_in_margin(line: Line, page: PageText) -> bool:
    return line.bottom > (1 - _MARGIN) * page.height or line.top < _MARGIN * page.height


def _keys(line: Line, size: float) -> list[tuple[str, int]]:
    """The words, without their numbers unless they are a heading's ("Chapter 2"), with the places they may be at."""
    words = " ".join(line.text.casefold().split())
    masked = words if line.size > 1.15 * size else _NUMBER.sub("#", words)
    place = int(line.bottom // _SAME_PLACE)
    return [(masked, place), (masked, place + 1)]


def _is_page_number(line: Line, page: PageText) -> bool:
    """Whether a line is only a page's number, alone in the page's outermost row."""
    if len(page.lines) > _MOST_LINES or not _PAGE_NUMBER.fullmatch(line.text):
        return False
    others = [other for other in page.lines if other is not line]
    is_above, is_below = (all(sign * other.bottom < sign * line.bottom for other in others) for sign in (1, -1))
    return bool(others) and (is_above or is_below) and not any(other.shares_row(line) for other in others)


def _body_size(pages: Sequence[PageText]) -> float:
    return body_size([line for page in pages for line in page.lines])


def body_size(lines: Sequence[Line]) -> float:
    """The height that most letters have."""
    letters: dict[float, int] = defaultdict(int)
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return max(letters, key=letters.__getitem__, default=0.0)
