"""Terms that no chunk holds, in the corpus' own spelling: joined, split, mistyped, foreign."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.search.candidates import TermStatistics
from index.text.stemming import ENGLISH
from index.text.tokenize import terms as stems
from index.text.tokenize import words

_SHORTEST = 5  # shorter words have too many neighbours to guess from
_SHORTEST_PART = 4
_SHORTEST_COGNATE = 4
_TWO_EDITS_FROM = 9


def corrected_terms(terms: Sequence[str], statistics: TermStatistics, language: str = ENGLISH) -> list[str]:
    """The terms, each unknown one replaced by a similar one that the corpus has.

    Neighbours that the corpus writes as one word are joined ("smart reply"), a word that it writes as two is split
    ("ripcurrents"), and a mistyped one is replaced by its nearest spelling (optimal string alignment).

    A term without a neighbour is kept: that the corpus lacks it is evidence that it does not answer.

    Args:
        terms: Of a question, each once.
        statistics: Of the corpus' terms.
        language: By whose rules the terms were stemmed.
    """
    corrected: list[str] = []
    for at, term in enumerate(terms):
        following = terms[at + 1] if at + 1 < len(terms) else ""
        if following and statistics.knows(term + following):
            corrected.append(term + following)
        known = [term] if statistics.knows(term) else _split(term, statistics, language)
        corrected += known or [_nearest(term, statistics)]
    return list(dict.fromkeys(corrected))


def foreign_terms(text: str, statistics: TermStatistics, stemmed_as: str, language: str) -> list[str]:
    """The terms of a question for posts in another language, which may share names, numbers and cognates with it.

    Each word is stemmed by the posts' rules, by its own language's ("políticas", "policies"), or
    replaced by the nearest spelling to either, the first that the corpus knows; else it is kept.

    Args:
        text: The question.
        statistics: Of the corpus' terms.
        stemmed_as: The language by whose rules the posts are stemmed.
        language: The question's.
    """
    corrected: list[str] = []
    for word in words(text):
        by_posts, by_question = stems(word, stemmed_as, language), stems(word, language, stemmed_as)
        if len(by_posts) != 1 or len(by_question) != 1:
            corrected += by_posts
            continue
        forms = [*by_posts, *(form for form in by_question if len(form) >= _SHORTEST_COGNATE)]
        tried = (*forms, *(_nearest(form, statistics) for form in forms))
        corrected.append(next((form for form in tried if statistics.knows(form)), by_posts[0]))
    return list(dict.fromkeys(corrected))


def _split(term: str, statistics: TermStatistics, language: str) -> list[str]:
    """Two known terms that make up an unknown one, the most specific pair; nothing if there are none."""
    ends = range(_SHORTEST_PART, len(term) - _SHORTEST_PART + 1)
    pairs = [(stems(term[:end], language), stems(term[end:], language)) for end in ends]
    single = [left + right for left, right in pairs if len(left) == len(right) == 1]
    known = [pair for pair in single if all(map(statistics.knows, pair))]
    return min(known, key=lambda pair: sum(map(statistics.idf, pair))) if known else []


def _nearest(term: str, statistics: TermStatistics) -> str:
    if len(term) < _SHORTEST or not term.isalpha():
        return term
    edits = 2 if len(term) >= _TWO_EDITS_FROM else 1
    # Typing errors seldom change the first letter; insisting on it keeps "cable" from becoming "table".
    same_start = statistics.beginning(term[0])
    neighbours = process.extract(term, same_start, scorer=OSA.distance, score_cutoff=edits, limit=5)
    return min((distance, word) for word, distance, _ in neighbours)[1] if neighbours else term
