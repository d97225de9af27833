"""A passage as windows: runs of its sentences, items, rows and code that the reader takes in at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from index.records import SentenceKind
from index.text.questions import only_asks
from qa.reading.plain_text import plain_text
from qa.records import Passage

Tokenize = Callable[[str], list[int]]
"""Token ids of a text, without special tokens."""

CONTEXT_TOKENS = 24  # of the title and headings in front of every window
WINDOW_TOKENS = 104  # of the units of a window; with question and context about 140
UNIT_TOKENS = 72  # of one unit: the beginning of a long code block says what it does
_NO_ANSWERS = (SentenceKind.HEADING, SentenceKind.QUESTION)
_OVERLAP = 1 / 3  # of a window: a longer unit isn't repeated at the start of the next one


@dataclass(frozen=True)
class Unit:
    """A span with the text that the reader sees of it.

    Attributes:
        is_scored: False for a heading, a question and what has no words: read, but never an answer.
    """

    start: int
    end: int
    text: str
    is_scored: bool = True


@dataclass(frozen=True)
class Window:
    """Token ids of a context and some units; `ranges[n]` is the half-open range of the tokens of `units[n]`."""

    token_ids: tuple[int, ...]
    units: tuple[Unit, ...]
    ranges: tuple[tuple[int, int], ...]


class Span(NamedTuple):
    """A sentence, item, row, heading or code block of a passage: its place in the body, and what is visible of it."""

    start: int
    end: int
    kind: SentenceKind
    text: str


def passage_spans(passage: Passage) -> tuple[Span, ...]:
    """The spans of a passage whose sentences were weighed, in the order of the text."""
    in_order = sorted(passage.evidence, key=lambda evidence: evidence.start)
    return tuple(Span(one.start, one.end, one.kind, one.text) for one in in_order)


def units_of(spans: Iterable[Span]) -> list[Unit]:
    """The units of a passage, in the order of its spans; what follows a question is read as one text with it."""
    units: list[Unit] = []
    asks = False
    for start, end, kind, visible in spans:
        text = plain_text(visible, kind)
        is_scored = kind not in _NO_ANSWERS and any(letter.isalnum() for letter in text)
        if asks and is_scored:
            text = f"{units.pop().text} {text}"
        units.append(Unit(start, end, text, is_scored))
        asks = not is_scored and only_asks(text)
    return units


def context_text(title: str, headings: Sequence[str], units: Sequence[Unit] = ()) -> str:
    """Title and headings in one line, without headings that stand among the units."""
    own = {unit.text for unit in units if not unit.is_scored}
    names = dict.fromkeys(plain_text(name, SentenceKind.HEADING) for name in (title, *headings))
    return " > ".join(name for name in names if name and name not in own)


def cut_windows(
    context: str, units: Sequence[Unit], tokenize: Tokenize, *, budget: int = WINDOW_TOKENS
) -> list[Window]:
    """Windows that together hold every unit with words; neighbours share a unit where it is short.

    Args:
        context: What every window begins with, cut to `CONTEXT_TOKENS`.
        units: In the order of the text.
        tokenize: The reader's tokenizer.
        budget: Most tokens of a window's units.
    """
    front = _context_tokens(context, tokenize)
    limit = min(UNIT_TOKENS, budget)
    tokens = [tokenize(unit.text)[:limit] for unit in units]
    present = [at for at, ids in enumerate(tokens) if ids]
    return [_window(front, [(units[at], tokens[at]) for at in run]) for run in _runs(present, units, tokens, budget)]


def _context_tokens(context: str, tokenize: Tokenize) -> list[int]:
    if not context:
        return []
    return [*tokenize(context)[:CONTEXT_TOKENS], *tokenize(".")]


def _runs(present: Sequence[int], units: Sequence[Unit], tokens: Sequence[list[int]], budget: int) -> list[list[int]]:
    """Places of the units of each window; runs without a scored unit are left out."""
    runs: list[list[int]] = []
    current: list[int] = []
    for at in present:
        if current and sum(len(tokens[place]) for place in current) + len(tokens[at]) > budget:
            runs.append(current)
            last = current[-1]
            is_short = len(tokens[last]) <= min(_OVERLAP * budget, budget - len(tokens[at]))
            current = [last] if is_short else []
        current.append(at)
    runs.append(current)
    return [run for run in runs if any(units[at].is_scored for at in run)]


def _window(front: Sequence[int], held: Sequence[tuple[Unit, list[int]]]) -> Window:
    ids = list(front)
    ranges = []
    for _, own in held:
        ranges.append((len(ids), len(ids) + len(own)))
        ids += own
    return Window(tuple(ids), tuple(unit for unit, _ in held), tuple(ranges))
