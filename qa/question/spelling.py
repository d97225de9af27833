"""Terms that no chunk holds, brought to the corpus' own spelling: run together, taken apart, mistyped, foreign."""

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


def corrected_terms(terms: Sequence[str], lexical: TermStatistics, language: str = ENGLISH) -> list[str]:
    """The terms, each unknown one replaced by what the corpus calls it, where that is near.

    Neighbours that the corpus writes as one word are joined ("smart reply"), a word that it writes as two is
    taken apart ("ripcurrents"), and a mistyped one gives way to its nearest spelling (optimal string alignment).

    A term without a neighbour is kept: that the corpus lacks it is evidence that it does not answer.

    Args:
        terms: Of a question, each once.
        lexical: The corpus.
        language: By whose rules the terms were made.
    """
    found: list[str] = []
    for at, term in enumerate(terms):
        following = terms[at + 1] if at + 1 < len(terms) else ""
        if following and lexical.knows(term + following):
            found.append(term + following)
        found += [term] if lexical.knows(term) else _taken_apart(term, lexical, language) or [_nearest(term, lexical)]
    return list(dict.fromkeys(found))


def foreign_terms(text: str, lexical: TermStatistics, rules: str, language: str) -> list[str]:
    """The terms of a question for posts in another language, where names, numbers and cognates may stand.

    Each word is taken as the posts' rules read it, as its own language's do ("políticas", "policies"), or as the
    nearest spelling to either, the first that the corpus knows; else it is kept as one that the corpus lacks.

    Args:
        text: The question.
        lexical: The corpus.
        rules: The language by whose rules the posts are read.
        language: The question's.
    """
    found: list[str] = []
    for word in words(text):
        theirs, ours = stems(word, rules, language), stems(word, language, rules)
        if len(theirs) != 1 or len(ours) != 1:
            found += theirs
            continue
        forms = [*theirs, *(form for form in ours if len(form) >= _SHORTEST_COGNATE)]
        tried = (*forms, *(_nearest(form, lexical) for form in forms))
        found.append(next((form for form in tried if lexical.knows(form)), theirs[0]))
    return list(dict.fromkeys(found))


def _taken_apart(term: str, lexical: TermStatistics, language: str) -> list[str]:
    """Two known terms that make up an unknown one, the most telling pair; nothing if there are none."""
    cuts = range(_SHORTEST_PART, len(term) - _SHORTEST_PART + 1)
    pairs = [(term[:cut], term[cut:]) for cut in cuts]
    stemmed = [(stems(left, language), stems(right, language)) for left, right in pairs]
    known = [
        (*left, *right) for left, right in stemmed if len(left) == len(right) == 1 and _all_known(left + right, lexical)
    ]
    return list(min(known, key=lambda pair: sum(map(lexical.idf, pair)))) if known else []


def _all_known(terms: Sequence[str], lexical: TermStatistics) -> bool:
    return all(lexical.knows(term) for term in terms)


def _nearest(term: str, lexical: TermStatistics) -> str:
    if len(term) < _SHORTEST or not term.isalpha():
        return term
    edits = 2 if len(term) >= _TWO_EDITS_FROM else 1
    # Typing errors seldom change the first letter; insisting on it keeps "cable" from becoming "table".
    same_start = lexical.beginning(term[0])
    neighbours = process.extract(term, same_start, scorer=OSA.distance, score_cutoff=edits, limit=5)
    return min((distance, word) for word, distance, _ in neighbours)[1] if neighbours else term
