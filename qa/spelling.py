"""Terms that no chunk holds, replaced by the corpus' own nearest spelling where one is near enough."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.lexical import LexicalIndex

_SHORTEST = 5  # shorter words have too many neighbours to guess from
_TWO_EDITS_FROM = 9


def corrected_terms(terms: Sequence[str], lexical: LexicalIndex) -> list[str]:
    """The terms, each unknown one replaced by its nearest known spelling (optimal string alignment).

    A term without a neighbour is kept: that the corpus lacks it is evidence that it does not answer.
    """
    return list(dict.fromkeys(term if lexical.knows(term) else _nearest(term, lexical) for term in terms))


def _nearest(term: str, lexical: LexicalIndex) -> str:
    if len(term) < _SHORTEST or not term.isalpha():
        return term
    edits = 2 if len(term) >= _TWO_EDITS_FROM else 1
    neighbours = process.extract(term, lexical.vocabulary(), scorer=OSA.distance, score_cutoff=edits, limit=5)  # type: ignore[arg-type]  # its own scorer
    # Typing errors seldom change the first letter; insisting on it keeps "cable" from becoming "table".
    same_start = [(distance, word) for word, distance, _ in neighbours if word[0] == term[0]]
    return min(same_start)[1] if same_start else term
