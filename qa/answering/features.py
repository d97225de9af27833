"""What is measured of a passage and of a sentence against a question, each signal by its name.

All signals are bounded and none depends on the other candidates, so that weights fitted on one corpus carry
over to another and a confidence can be read from the same numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.records import Chunk, Post, Sentence, SentenceKind
from index.search.chunk_features import Analysis
from qa.question.query import Query, Reading
from qa.question.question_types import Kind, holds_value

ALIKE = "alike"
PASSAGE_SIGNALS = ("dense", "sentence", "pair", "lexical", ALIKE)
"""Cosine of question and passage; best cosine of question and a sentence in it; the best mean of two neighbouring
sentences' cosines; share of the question's weight that the passage, its headings and its title hold under BM25; how
much of the question is found again in words that look like its own, worked out only where it has a weight."""

_REFERS_BACK_IN_ENGLISH = re.compile(
    r"^[\"“(]?(?:this|these|that|those|it|its|they|their|he|she|his|her|such|both|to (?:accomplish|do|achieve|solve) "
    r"(?:this|that|so)|as a result|therefore|thus|so|instead|the (?:former|latter|same))\b",
    re.I,
)
_REFERS_BACK = {
    "es": re.compile(
        r"^[\"“«(]?(?:est[aeo]s?|es[aeo]s?|aquell[oa]s?|ell[oa]s?|él|sus?|ambos|ambas|as[íi]|"
        r"por (?:es[oa]|est[oa]|ello)|para (?:es[oa]|est[oa]|ello)|entonces|en cambio|tambi[ée]n|lo mismo)\b",
        re.I,
    ),
}
_VALUE_KINDS = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.NAME)
_NO_VALUES = (0.0,) * len(_VALUE_KINDS)
_FORMS = (SentenceKind.HEADING, SentenceKind.ROW, SentenceKind.CODE)
_IS_FORM = {kind: tuple(float(kind is form) for form in _FORMS) for kind in SentenceKind}
_LONG = math.log1p(400)  # characters that count as a long sentence
_LISTED = (Kind.STEPS, Kind.MEMBERS)
_OF_THE_CHUNK = ("sentence", "lexical")
SENTENCE_SIGNALS = (
    "similarity",
    "coverage_context",
    "coverage_neighbours",
    "pairs",
    "carried",
    "author",
    "asked_noun",
    "announces",
    *(f"holds_{kind}" for kind in _VALUE_KINDS),
    *(f"is_{form}" for form in _FORMS),
    "length",
    *_OF_THE_CHUNK,
    ALIKE,
)


@dataclass(frozen=True)
class WeighedChunk:
    """A candidate chunk with its words, its row and the passage signals."""

    row: int
    analysis: Analysis
    signals: dict[str, float]
    score: float
    similarities: Sequence[float]
    """Cosine of the question and each sentence, in the sentences' order."""

    @property
    def post(self) -> Post:
        """Where it stands."""
        return self.analysis.post

    @property
    def chunk(self) -> Chunk:
        """The chunk itself."""
        return self.analysis.chunk


@lru_cache(maxsize=2**14)
def refers_back(text: str, language: str = "en") -> bool:
    """Whether a sentence opens with a word that points to the one before it; known of English and Spanish."""
    return bool(_REFERS_BACK.get(language, _REFERS_BACK_IN_ENGLISH).match(text))


def sentence_signals(query: Query, candidate: WeighedChunk, *, alike: bool = False) -> list[list[float]]:
    """For each sentence of a chunk its signals in the order of `SENTENCE_SIGNALS`.

    Args:
        query: The question.
        candidate: The chunk.
        alike: Whether that signal is worked out; else it is 0.
    """
    words, sentences = candidate.analysis, candidate.chunk.sentences
    language = candidate.post.language
    reading = query.reading(language)
    hits = [reading.terms & held for held in words.held]
    context = reading.terms & words.context
    context_share = reading.share(context)
    of_chunk = [candidate.signals[name] for name in _OF_THE_CHUNK]
    asks_list, asks_value = query.kind in _LISTED, query.kind in _VALUE_KINDS
    rows = []
    for at, sentence in enumerate(sentences):
        text, own = words.texts[at], hits[at]
        near = own.union(*hits[max(0, at - 1) : at + 2])
        rows.append(
            [
                candidate.similarities[at],
                reading.share(context | own) if own else context_share,
                reading.share(near),
                _pair_share(reading, words.terms[at]) if len(own) > 1 else 0.0,
                candidate.similarities[at - 1] if at and refers_back(text, language) else 0.0,
                float(query.asks_author and any(name in text for name in candidate.post.authors)),
                float(bool(reading.asked_noun) and reading.asked_noun in words.held[at]),
                float(asks_list and announces_list(sentences, words.texts, at)),
                *(_values(query, text, language) if asks_value else _NO_VALUES),
                *_IS_FORM[sentence.kind],
                min(1.0, math.log1p(len(text)) / _LONG),
                *of_chunk,
                query.cognates.share(words.held[at]) if alike else 0.0,
            ]
        )
    return rows


def announces_list(sentences: Sequence[Sentence], texts: Sequence[str], at: int) -> bool:
    """Whether a sentence ends in a colon and a list item follows."""
    ends_open = texts[at].rstrip().endswith(":")
    return ends_open and at + 1 < len(sentences) and sentences[at + 1].kind is SentenceKind.ITEM


def _values(query: Query, text: str, language: str) -> list[float]:
    """For each kind of value whether it is asked for and held."""
    holds = holds_value(query.kind, text, query.text, language)
    return [float(holds and query.kind is kind) for kind in _VALUE_KINDS]


def _pair_share(reading: Reading, found: Sequence[str]) -> float:
    """The share of the question's neighbouring terms that stand close together in the sentence as well."""
    pairs = reading.neighbours
    if not pairs:
        return 0.0
    places: dict[str, list[int]] = {}
    for place, term in enumerate(found):
        places.setdefault(term, []).append(place)
    near = sum(
        any(abs(one - other) <= 2 for one in places.get(left, ()) for other in places.get(right, ()))
        for left, right in pairs
    )
    return near / len(pairs)
