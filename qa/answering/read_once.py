"""A reader that remembers what it has read: a question that is answered and searched for is read once."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.reread import ReadsWindows
from qa.reading.reader import WindowScores
from qa.reading.windows import Span, Window


class ReadOnce:
    """Reads each window once for each question; made for few questions, for it forgets nothing."""

    def __init__(self, reader: ReadsWindows) -> None:
        self._reader = reader
        self._scores: dict[tuple[str, Window], WindowScores] = {}

    def windows(self, title: str, headings: tuple[str, ...], spans: tuple[Span, ...]) -> tuple[Window, ...]:
        """The windows of a passage."""
        return self._reader.windows(title, headings, spans)

    def read(self, question: str, windows: Sequence[Window]) -> list[WindowScores]:
        """The scores of each window's units."""
        unread = [window for window in windows if (question, window) not in self._scores]
        for window, scores in zip(unread, self._reader.read(question, unread), strict=True):
            self._scores[question, window] = scores
        return [self._scores[question, window] for window in windows]
