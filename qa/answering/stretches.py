"""From the sentence that answers to the stretch that answers: with its code, the line before it, or its neighbours."""

from __future__ import annotations

from index.records import SentenceKind
from qa.records import Evidence, Passage

_LONGEST = 320  # characters of a stretch that takes in neighbouring sentences
_LONGEST_CODE = 600  # characters of code that is quoted with the sentence above it
_NEAR = 4.0  # of a sentence's score: how far a neighbour's may lie from it to be quoted with it
_ABOVE = 2.5  # of the reader's score: how far below the sentence the code above it may lie to come with it
_BELOW = 4.0  # the same of the code below it


def stretch(passage: Passage, evidence: Evidence) -> tuple[int, int]:
    """Start and end of what is quoted for a sentence that was read, in characters of the post's body.

    Code comes with the sentence above it and a sentence with the code below it; a sentence takes in neighbours
    that are scored about as high, as long as the stretch stays short.
    """
    units = sorted(passage.evidence, key=lambda unit: unit.start)
    at = units.index(evidence)
    following = units[at + 1] if at + 1 < len(units) else None
    before = units[at - 1] if at else None
    if evidence.kind is SentenceKind.CODE:
        is_lead = before is not None and before.kind in (SentenceKind.SENTENCE, SentenceKind.ITEM)
        return (before.start if before is not None and is_lead else evidence.start), evidence.end
    if following is not None and (_is_announced(following, evidence) or _is_own_code(following, evidence)):
        return evidence.start, following.end
    if before is not None and before.kind is SentenceKind.CODE and _score(before) >= _score(evidence) - _ABOVE:
        return before.start, evidence.end
    if evidence.kind is not SentenceKind.SENTENCE:
        return evidence.start, evidence.end
    return _with_neighbours(units, at)


def answering_unit(passage: Passage, evidence: Evidence, end: int) -> Evidence:
    """The unit of a stretch that answers: the sentence itself, or the code under it that it announces.

    Args:
        end: Where the stretch ends.
    """
    following = [unit for unit in passage.evidence if evidence.end <= unit.start and unit.end <= end]
    code = min(following, key=lambda unit: unit.start, default=evidence)
    return code if code.kind is SentenceKind.CODE and _is_announced(code, evidence) else evidence


def _is_own_code(code: Evidence, evidence: Evidence) -> bool:
    """Whether code belongs to the sentence above it: announced, or about as good an answer."""
    if code.kind is not SentenceKind.CODE or len(code.text) > _LONGEST_CODE:
        return False
    return _score(code) >= _score(evidence) - _BELOW


def _is_announced(following: Evidence, evidence: Evidence) -> bool:
    return evidence.text.rstrip().endswith(":") and len(following.text) <= _LONGEST_CODE


def _with_neighbours(units: list[Evidence], at: int) -> tuple[int, int]:
    """The sentence with those around it that answer nearly as well, the better side first."""
    first = last = at
    while True:
        sides = [number for number in (first - 1, last + 1) if 0 <= number < len(units)]
        fitting = [number for number in sides if _fits(units, at, number, first, last)]
        if not fitting:
            return units[first].start, units[last].end
        best = max(fitting, key=lambda number: units[number].score)
        first, last = min(first, best), max(last, best)


def _fits(units: list[Evidence], at: int, number: int, first: int, last: int) -> bool:
    length = sum(len(unit.text) + 1 for unit in units[min(first, number) : max(last, number) + 1])
    neighbour = units[number]
    return (
        neighbour.kind is SentenceKind.SENTENCE
        and length <= _LONGEST
        and abs(neighbour.score - units[at].score) <= _NEAR
    )


def _score(evidence: Evidence) -> float:
    return float("-inf") if evidence.reader is None else evidence.reader
