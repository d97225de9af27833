"""An answer's text cut into words, markers and doubtful sentences, for whoever shows it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from qa.records import Answer, Citation


class Part(NamedTuple):
    """A stretch of an answer's text.

    Attributes:
        citation: Whose marker it is; None for words.
        is_doubtful: The words are a written sentence that is not supported.
    """

    text: str
    citation: Citation | None = None
    is_doubtful: bool = False


def parts(answer: Answer) -> list[Part]:
    """The whole text in order; joined, the parts are the answer's text."""
    markers = dict(_written_places(answer) if answer.statements else _quoted_places(answer))
    doubtful = {one.start: one.end for one in answer.statements if not one.supported}
    cuts = {0, len(answer.text), *doubtful, *doubtful.values()}
    for start, citation in markers.items():
        cuts |= {start, start + len(citation.marker)}
    return [
        Part(answer.text[start:end], markers.get(start), start in doubtful) for start, end in pairwise(sorted(cuts))
    ]


def _written_places(answer: Answer) -> Iterator[tuple[int, Citation]]:
    """Where markers begin: behind each sentence, with one space before the first."""
    known = {citation.marker: citation for citation in answer.citations}
    for one in answer.statements:
        at = one.end + 1
        for marker in one.markers:
            yield at, known[marker]
            at += len(marker)


def _quoted_places(answer: Answer) -> Iterator[tuple[int, Citation]]:
    """Where markers begin: behind their quotes, which may hold the like of them."""
    at = 0
    for citation in answer.citations:
        found = answer.text.find(f"{citation.quote} {citation.marker}", at)
        if found >= 0:
            begin = found + len(citation.quote) + 1
            yield begin, citation
            at = begin + len(citation.marker)
