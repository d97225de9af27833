"""Words that the posts do not hold, in the posts' own spelling: mistyped, joined, split, foreign."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.search.candidates import TermStatistics
from index.text.stemming import ENGLISH, language_rules, term_language
from index.text.tokenize import is_plain, words
from index.text.tokenize import terms as stems

_SHORTEST = 3  # shorter words have too many neighbours to guess from
_SHORTEST_PART = 4
_SHORTEST_COGNATE = 4
_LONGEST_ACRONYM = 5
_LETTERS_AN_EDIT = 4
_SHORT = 5  # letters: of so few another one in place of one makes another word


def corrected_question(
    question: str, pieces: Callable[[str], int], statistics: TermStatistics, language: str = ENGLISH
) -> str:
    """The question with each mistyped word replaced by the nearest word of the posts or stop word.

    A word may be mistyped that no post holds in any form. An encoder reads a common word in one piece and cuts up
    others the more, the less they look like words: one in n pieces may be n - 1 edits away from what was meant. A word
    without a near one stays: that the posts lack it is evidence that they do not answer.

    Args:
        question: As asked.
        pieces: In how many tokens the encoder reads a word.
        statistics: Of the posts' terms and words.
        language: Of the question.
    """
    corrected = question
    for word in dict.fromkeys(words(question)):
        if _is_unknown(word, statistics, language) and (most := pieces(word) - 1):
            meant = _nearest(word, min(most, max(1, len(word) // _LETTERS_AN_EDIT)), statistics, language)
            if meant is not None:
                corrected = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", _cased(meant, word), corrected)
    return corrected


def corpus_terms(terms: Sequence[str], statistics: TermStatistics, language: str = ENGLISH) -> list[str]:
    """The terms, joined and split as the posts write them, each once.

    Neighbours that the posts write as one word are joined ("smart reply"), and a word that they write as two is split
    ("ripcurrents").

    Args:
        terms: Of a question, each once.
        statistics: Of the posts' terms.
        language: By whose rules the terms were stemmed.
    """
    written: list[str] = []
    for at, term in enumerate(terms):
        following = terms[at + 1] if at + 1 < len(terms) else ""
        if following and statistics.knows(term + following):
            written.append(term + following)
        written += [term] if statistics.knows(term) else _split(term, statistics, language) or [term]
    return list(dict.fromkeys(written))


def foreign_terms(text: str, statistics: TermStatistics, stemmed_as: str, language: str) -> list[str]:
    """The terms of a question for posts in another language, which may share names, numbers and cognates with it.

    Each word is stemmed by the posts' rules or by its own language's ("políticas", "policies"), the first that the
    posts hold; else it is kept.

    Args:
        text: The question.
        statistics: Of the posts' terms.
        stemmed_as: The language by whose rules the posts are stemmed.
        language: The question's.
    """
    kept: list[str] = []
    for word in words(text):
        by_posts, by_question = stems(word, stemmed_as, language), stems(word, language, stemmed_as)
        if len(by_posts) != 1 or len(by_question) != 1:
            kept += by_posts
            continue
        forms = [*by_posts, *(form for form in by_question if len(form) >= _SHORTEST_COGNATE)]
        kept.append(next((form for form in forms if statistics.knows(form)), by_posts[0]))
    return list(dict.fromkeys(kept))


def _is_unknown(word: str, statistics: TermStatistics, language: str) -> bool:
    """Whether a word may be mistyped: long enough, no acronym, and in no form in the posts."""
    is_acronym = word.isupper() and len(word) <= _LONGEST_ACRONYM
    if len(word) < _SHORTEST or is_acronym or not is_plain(word):
        return False
    terms = stems(word, language)
    return bool(terms) and not statistics.knows(terms[0])


def _nearest(word: str, edits: int, statistics: TermStatistics, language: str) -> str | None:
    """The word of the posts, or the stop word, that is fewest edits away.

    Of equally near ones it is one of the same letters, which only changed places, else the commonest.
    """
    rules = language_rules(term_language(language))
    typed = rules.lower(word)
    stop = process.extract(typed, rules.stop_words, scorer=OSA.distance, score_cutoff=edits, limit=None)
    near = [(distance, 0.0, other) for other, distance, _ in stop]
    for other, distance in statistics.near_words(typed, edits):
        near += [(distance, statistics.idf(term), other) for term in stems(other, language) if statistics.knows(term)]
    likely = [candidate for candidate in near if _is_likely(typed, candidate[2])]
    letters = sorted(typed)
    return min(likely, key=lambda one: (one[0], sorted(one[2]) != letters, *one[1:]))[2] if likely else None


def _is_likely(typed: str, meant: str) -> bool:
    """Whether the first letter is the same, missing or swapped, and in a short word no letter is another one.

    "Cable" means no table, and "bake" no base.
    """
    is_other = len(typed) == len(meant) <= _SHORT and sorted(typed) != sorted(meant)
    return not is_other and (meant[0] in typed[:2] or typed[0] in meant[:2])


def _cased(word: str, like: str) -> str:
    """A word in capitals as another is."""
    if like.isupper():
        return word.upper()
    return word if like.islower() else word.capitalize()


def _split(term: str, statistics: TermStatistics, language: str) -> list[str]:
    """Two known terms that make up an unknown one, the most specific pair; nothing if there are none."""
    ends = range(_SHORTEST_PART, len(term) - _SHORTEST_PART + 1)
    pairs = [(stems(term[:end], language), stems(term[end:], language)) for end in ends]
    single = [left + right for left, right in pairs if len(left) == len(right) == 1]
    known = [pair for pair in single if all(map(statistics.knows, pair))]
    return min(known, key=lambda pair: sum(map(statistics.idf, pair))) if known else []
