"""What is measured of a passage and of a sentence against a question, each signal by its name.

All signals are bounded and none depends on the other candidates, so that weights fitted on one corpus carry
over to another and a confidence can be read from the same numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.lexical import LexicalIndex
from index.records import Chunk, Post, Sentence, SentenceKind
from qa.kinds import Kind, holds_value
from qa.query import Query

PASSAGE_SIGNALS = ("dense", "sentence", "lexical")
"""Cosine of question and passage; best cosine of question and a sentence in it; share of the question's
weight that the passage, its headings and its title hold under BM25."""

_REFERS_BACK = re.compile(
    r"^[\"“(]?(?:this|these|that|those|it|its|they|their|he|she|his|her|such|both|to (?:accomplish|do|achieve|solve) "
    r"(?:this|that|so)|as a result|therefore|thus|so|instead|the (?:former|latter|same))\b",
    re.I,
)
_VALUE_KINDS = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.NAME)
_FORMS = (SentenceKind.HEADING, SentenceKind.ROW, SentenceKind.CODE)
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
)


@dataclass(frozen=True)
class WeighedChunk:
    """A candidate chunk with its post, its row and the passage signals."""

    row: int
    post: Post
    chunk: Chunk
    signals: dict[str, float]
    score: float
    similarities: Sequence[float]
    """Cosine of the question and each sentence, in the sentences' order."""


def refers_back(text: str) -> bool:
    """Whether a sentence opens with a word that points to the one before it."""
    return bool(_REFERS_BACK.match(text))


def sentence_signals(query: Query, candidate: WeighedChunk, lexical: LexicalIndex) -> list[dict[str, float]]:
    """For each sentence of a chunk its signals by name, in the sentences' order."""
    body, sentences = candidate.post.body, candidate.chunk.sentences
    texts = [body[sentence.start : sentence.end] for sentence in sentences]
    found = [lexical.terms(text) for text in texts]
    context = set(lexical.terms(" ".join((candidate.post.title, *candidate.chunk.headings))))
    rows = []
    for at, sentence in enumerate(sentences):
        around = {term for near in found[max(0, at - 1) : at + 2] for term in near}
        row = _own(query, sentence, texts[at], found[at], candidate)
        row["similarity"] = float(candidate.similarities[at])
        row["coverage_context"] = query.share(context.union(found[at]))
        row["coverage_neighbours"] = query.share(around)
        row["carried"] = float(candidate.similarities[at - 1]) if at and refers_back(texts[at]) else 0.0
        row["announces"] = float(query.kind in (Kind.STEPS, Kind.MEMBERS) and announces_list(sentences, texts, at))
        rows.append(row | {name: candidate.signals[name] for name in _OF_THE_CHUNK})
    return rows


def announces_list(sentences: Sequence[Sentence], texts: Sequence[str], at: int) -> bool:
    """Whether a sentence ends in a colon and a list item follows."""
    ends_open = texts[at].rstrip().endswith(":")
    return ends_open and at + 1 < len(sentences) and sentences[at + 1].kind is SentenceKind.ITEM


def _own(
    query: Query, sentence: Sentence, text: str, found: Sequence[str], candidate: WeighedChunk
) -> dict[str, float]:
    """The signals that a sentence has by itself."""
    signals = {
        "pairs": _pair_share(query, found),
        "asked_noun": float(bool(query.asked_noun) and query.asked_noun in found),
        "author": float(query.asks_author and any(name in text for name in candidate.post.authors)),
        "length": min(1.0, math.log(1 + len(text)) / math.log(1 + 400)),
    }
    for kind in _VALUE_KINDS:
        signals[f"holds_{kind}"] = float(query.kind is kind and holds_value(kind, text, query.text))
    for form in _FORMS:
        signals[f"is_{form}"] = float(sentence.kind is form)
    return signals


def _pair_share(query: Query, found: Sequence[str]) -> float:
    """The share of the question's neighbouring terms that stand close together in the sentence as well."""
    asked = list(query.weights)
    pairs = list(pairwise(asked))
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
