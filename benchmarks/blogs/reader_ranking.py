"""This project's reader as any cross-encoder is used elsewhere: a score for each passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from index.records import SentenceKind
from qa.reading.reader import load_reader
from qa.reading.windows import Span

_NOTHING = -20.0  # the score of a passage without a sentence


class ReaderRanking:
    """Scores passages by the best of their sentences.

    Args:
        rows: As `benchmarks.blogs.chunks.chunk_rows` gives them.
    """

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows = {row["id"]: row for row in rows}
        self._ids = {row["text"]: row["id"] for row in self._rows.values()}
        self._reader = load_reader()

    def scores(self, question: str, ids: Sequence[str]) -> list[float]:
        """One score a passage, in their order; 0 is as good as "none of these"."""
        return [self._score(question, self._rows[one]) for one in ids]

    def text_scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """The same of passages known by their text."""
        return self.scores(question, [self._ids[text] for text in texts])

    def ranked(self, question: str, ids: Sequence[str]) -> list[str]:
        """The passages, best first."""
        scores = dict(zip(ids, self.scores(question, ids), strict=True))
        return sorted(ids, key=lambda one: -scores[one])

    def _score(self, question: str, row: dict[str, Any]) -> float:
        spans = tuple(Span(start, end, SentenceKind(kind), text) for start, end, kind, text in row["spans"])
        windows = self._reader.windows(row["title"], tuple(row["headings"]), spans)
        scores = [score for read in self._reader.read(question, windows) for score in read.scores.tolist()]
        return max(scores, default=_NOTHING)
