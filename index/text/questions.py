"""Sentences that only ask, and which sentence answers them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.records import SentenceKind

_ASKS = re.compile(r"[?？؟⸮፧\u037e][?!？！]*([\"'”’»)\]」』）】》〉*_]*)\s*$")
_CLOSERS = frozenset('"”»)]」』）】》〉')
_OPENERS = '"“„«([「『（【《〈'
_ATTRIBUTION = re.compile(r"(?:[—–―]|--)[ \t]*[^\W_]")
_LONGEST_ATTRIBUTION = 100  # characters
_LONGEST_ANSWER = 3  # sentences behind a question that are read as its answer


def only_asks(sentence: str) -> bool:
    """Whether a sentence states nothing: it ends in a question mark that is not part of a quotation or an aside.

    >>> only_asks("Who pays the fee?"), only_asks("He asked: “Who pays?”"), only_asks("It is late (is it?)")
    (True, False, False)
    """
    match = _ASKS.search(sentence)
    return match is not None and (_CLOSERS.isdisjoint(match[1]) or sentence.lstrip("*_ ")[:1] in _OPENERS)


def is_attribution(sentence: str) -> bool:
    """Whether a sentence names who said what stands above it: "— Mira Holt, miller"."""
    return len(sentence) <= _LONGEST_ATTRIBUTION and _ATTRIBUTION.match(sentence) is not None


def premise(sentences: Sequence[tuple[SentenceKind, str]], at: int) -> int | None:
    """The place of the sentence without which another cannot be read; None where there is none.

    That is the question it answers, no further than three sentences above it, or the words whose speaker it names.

    Args:
        sentences: Kinds and texts of sentences that follow each other.
        at: Which of them.
    """
    kind, text = sentences[at]
    if kind in (SentenceKind.HEADING, SentenceKind.QUESTION) or at == 0:
        return None
    if is_attribution(text) and sentences[at - 1][0] is SentenceKind.SENTENCE:
        return at - 1
    for place in range(at - 1, max(-1, at - 1 - _LONGEST_ANSWER), -1):
        above, question = sentences[place]
        if above is SentenceKind.QUESTION or (above is SentenceKind.HEADING and only_asks(question)):
            return place
        if above is SentenceKind.HEADING:
            return None
    return None
