"""The best passages read together with the question: the reader's score of their sentences beside the ranking's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from heapq import nlargest
from importlib import resources
from typing import NamedTuple, Protocol

from pydantic import Field

from index.errors import SettingsError
from index.records import Record
from index.text.labelled_lines import label_end
from index.text.tokenize import terms
from qa.answer import Level
from qa.answering.citations import Quote
from qa.answering.quotes import ranked_sentences
from qa.answering.weights import CALIBRATION_FILE, REMOVE_CALIBRATION, Calibration, Linear
from qa.reading.reader import WindowScores
from qa.reading.windows import Span, Window, passage_spans
from qa.records import Evidence, Passage

_WEIGHTS_FILE = "weights-reader.json"
_READS = "en"  # the language that the reader reads
_LABEL_ASKED = 3.0  # of the reader's score: it has seen few lines that are a label and a value
_FIRST = 3  # sentences that reading on must not change
_HIGHEST = 7.0 + _LABEL_ASKED  # above every score that was seen, of which the reader gave at most 6.3


class ReadsWindows(Protocol):
    """What reads: `qa.reading.reader.Reader`, or a stand-in."""

    def windows(self, title: str, headings: tuple[str, ...], spans: tuple[Span, ...]) -> tuple[Window, ...]:
        """The windows of a passage."""

    def read(self, question: str, windows: Sequence[Window]) -> list[WindowScores]:
        """The scores of each window's units."""


class ReadFeatures(NamedTuple):
    """What reading tells of whether the posts answer.

    Attributes:
        ranked: Log-odds that the ranking alone gives.
        read: The reader's score of the first sentence; 0 is "as likely as none of these".
        lead: How far the first sentence's score lies above the best one of another post, at most 10.
        passed: How many sentences the ranking alone puts before the first one, log(1 + n).
        length: Characters of the first quote, log(1 + n); a longer one holds the answer more often.
    """

    ranked: float
    read: float
    lead: float
    passed: float
    length: float


class ReadingWeights(Record):
    """How the reader's scores and the ranking's add up, fitted for one version of the reader.

    Attributes:
        ranking: What a score of 1 of the ranking counts beside one of the reader.
        unread: The reader's score taken for a sentence that was not read.
        confidence: Log-odds that the posts answer and the first citation supports it, over `ReadFeatures`.
        answer: Probability from which an answer is shown as one.
        nearest: Probability from which the nearest sentences are shown; below, the posts do not say.
        quote_margin: How far below the best a sentence's score may lie for it to be quoted as well.
        reader: Version of the reader they were fitted for.
    """

    ranking: float = Field(ge=0)
    unread: float
    confidence: Linear
    answer: float = Field(ge=0, le=1)
    nearest: float = Field(ge=0, le=1)
    quote_margin: float = Field(ge=0)
    reader: str
    provenance: dict[str, str] = Field(default_factory=dict)

    def probability(self, features: ReadFeatures) -> float:
        """P(the posts answer and the first citation supports it), 0 to 1."""
        return 0.5 * (1 + math.tanh(self.confidence(features) / 2))

    def level(self, probability: float, threshold: float | None = None) -> Level:
        """How far a question is answered; a threshold is taken instead of `nearest`."""
        nearest = self.nearest if threshold is None else threshold
        if probability < nearest:
            return Level.REFUSAL
        return Level.ANSWER if probability >= self.answer else Level.NEAREST

    @property
    def fingerprint(self) -> str:
        """Of all that a probability follows from; the same as long as thresholds mean the same."""
        what = self.model_dump_json(include={"ranking", "unread", "confidence", "reader"})
        return sha256(what.encode()).hexdigest()[:12]

    def calibrated(self, calibration: Calibration | None) -> ReadingWeights:
        """These weights with the thresholds of a calibration, where it has any.

        Raises:
            SettingsError: They were fitted for other weights.
        """
        if calibration is None or calibration.reading is None:
            return self
        if calibration.reading.weights != self.fingerprint:
            raise SettingsError(
                f"the calibration was fitted for the reader's weights {calibration.reading.weights}, these are others",
                where=CALIBRATION_FILE,
                seen=self.fingerprint,
                remedy=REMOVE_CALIBRATION,
            )
        return self.model_copy(update=calibration.reading.model_dump(exclude={"weights"}))


@cache
def reading_weights() -> ReadingWeights:
    """The weights that come with the package."""
    return ReadingWeights.model_validate_json(resources.files("qa.answering").joinpath(_WEIGHTS_FILE).read_bytes())


def reread(
    question: str, passages: Sequence[Passage], reader: ReadsWindows, weights: ReadingWeights, most_windows: int
) -> list[Passage]:
    """The same passages, their sentences scored by reading and ranking together, both best first.

    Args:
        question: As understood.
        passages: Best first; those without scored sentences come last, in their order.
        reader: Reads windows.
        weights: How both scores add up.
        most_windows: How many windows are read, those with the best-ranked sentences first; fewer where nothing that
            is left can come among the first three sentences.
    """
    windows = [
        (_best_ranked(passage, window), number, window)
        for number, passage in enumerate(passages)
        for window in reader.windows(passage.post.title, passage.headings, passage_spans(passage))
    ]
    scores: dict[tuple[int, int], float] = {}
    totals: list[float] = []
    asked = frozenset(terms(question, _READS))
    for best, number, window in sorted(windows, key=lambda one: -one[0])[:most_windows]:
        if len(totals) >= _FIRST and nlargest(_FIRST, totals)[-1] > weights.ranking * best + _HIGHEST:
            break  # nothing that is left can come among the first
        (result,) = reader.read(question, [window])
        ranked = {evidence.start: evidence.score for evidence in passages[number].evidence}
        for start, score in _unit_scores(window, result, asked):
            scores[number, start] = max(score, scores.get((number, start), score))
            totals.append(weights.ranking * ranked[start] + score)
    weighed = [_rescored(at, passage, scores, weights) for at, passage in enumerate(passages) if passage.evidence]
    rest = [passage for passage in passages if not passage.evidence]
    ordered = sorted(weighed, key=lambda passage: passage.score, reverse=True)
    return [*ordered, *_below(ordered[-1].score if ordered else math.inf, rest)]


def is_read(passages: Sequence[Passage]) -> bool:
    """Whether any of their sentences was read."""
    return any(evidence.reader is not None for passage in passages for evidence in passage.evidence)


def read_features(log_odds: float, before: Sequence[Passage], after: Sequence[Passage], quote: Quote) -> ReadFeatures:
    """The features of what was read.

    Args:
        log_odds: That the posts answer, by the ranking alone.
        before, after: The passages before and after reading, of which some sentence was read.
        quote: The first one chosen.
    """
    read = [
        (evidence.score, evidence.reader, passage.post.id, evidence.start)
        for passage in after
        for evidence in passage.evidence
        if evidence.reader is not None
    ]
    _, first, post, start = max(read)
    others = [score for _, score, other, _ in read if other != post]
    lead = min(10.0, first - max(others)) if others else 10.0
    order = [(one.passage.post.id, one.evidence.start) for one in ranked_sentences(before)]
    passed, length = math.log1p(order.index((post, start))), math.log1p(len(quote.shown))
    return ReadFeatures(log_odds, first, lead, passed, length)


def _below(ceiling: float, passages: Sequence[Passage]) -> list[Passage]:
    """Passages whose sentences were not weighed, their scores moved below those of the others."""
    shift = min(0.0, ceiling - max((passage.score for passage in passages), default=ceiling))
    return [passage.model_copy(update={"score": passage.score + shift}) for passage in passages]


def _best_ranked(passage: Passage, window: Window) -> float:
    starts = {unit.start for unit in window.units if unit.is_scored}
    return max((one.score for one in passage.evidence if one.start in starts), default=float("-inf"))


def _unit_scores(window: Window, result: WindowScores, asked: frozenset[str]) -> Iterator[tuple[int, float]]:
    """Start and score of each unit that was scored; `asked` are the question's terms."""
    scored = (unit for unit in window.units if unit.is_scored)
    for unit, score in zip(scored, result.scores.tolist(), strict=True):
        yield unit.start, score + _LABEL_ASKED * _is_label_asked(unit.text, asked)


def _is_label_asked(text: str, asked: frozenset[str]) -> bool:
    """Whether a line such as "Entry: 4 crowns" has a label, and the question names it."""
    label = frozenset(terms(text[: label_end(text)], _READS))
    return bool(label) and label <= asked


def _rescored(
    number: int, passage: Passage, scores: Mapping[tuple[int, int], float], weights: ReadingWeights
) -> Passage:
    evidence = [_with_reading(one, scores.get((number, one.start)), weights) for one in passage.evidence]
    best_first = tuple(sorted(evidence, key=lambda one: -one.score))
    return passage.model_copy(update={"evidence": best_first, "score": best_first[0].score})


def _with_reading(evidence: Evidence, score: float | None, weights: ReadingWeights) -> Evidence:
    read = weights.unread if score is None else score
    return replace(evidence, score=weights.ranking * evidence.score + read, reader=score)
