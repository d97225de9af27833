"""Posts by words of their title, their authors, their publisher or their text, at any size of corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.arrays import Rows
from index.search.bm25 import LexicalIndex, Scores
from index.search.structures import Structures
from index.storage.post_store import PostStore
from index.text.stemming import term_languages
from index.text.tokenize import folded, is_identifier, is_stop_word, split_identifiers, terms, words

_BY_TITLE, _BY_NAME = 4.0, 2.0  # a word in the text counts 1 at most, as `LexicalIndex.shares` has it
_ENDINGS = 64  # terms looked for behind the beginning of one
_EXAMINED = 8  # chunks of a post, for one that has the words itself: a title stands above all of its chunks


@dataclass(frozen=True)
class WordQuery:
    """Words to look for.

    Attributes:
        words: Folded, or identifiers such as "c++"; stop words only where there is nothing else.
        stems: Their terms by the rules of the languages.
        languages: Those of the posts: a word is looked for in its forms in each.
    """

    words: tuple[str, ...]
    stems: frozenset[str]
    languages: tuple[str, ...]

    @classmethod
    def of(cls, text: str, languages: Sequence[str]) -> Self:
        """The words of what somebody typed."""
        whole, rest = split_identifiers(text)
        distinct = list(dict.fromkeys(folded(word) for word in words(rest)))
        kept = [*([word for word in distinct if not is_stop_word(word)] or ([] if whole else distinct)), *whole]
        rules = term_languages(languages)
        return cls(tuple(kept), frozenset(stem for word in kept for stem in _stems(word, rules)), rules)

    def matches(self, word: str) -> bool:
        """Whether a word of a text begins as one of these, or is another form of it."""
        return folded(word).startswith(self.words) or not self.stems.isdisjoint(_stems(word, self.languages))

    def is_in(self, text: str) -> bool:
        """Whether a text has one of these words."""
        return any(self.matches(word) for word in words(text))


@dataclass(frozen=True)
class PostMatches:
    """Posts that have the words of a query.

    Attributes:
        posts: Rows of posts, best first; equally good ones in the order of the corpus.
        shares: How well each chunk fits by its text and by what stands above it, shape (chunks,).
    """

    posts: Rows
    shares: Scores

    def best_chunks(self, first: int, after: int) -> list[int]:
        """The rows of the few chunks between two rows that fit best, best first."""
        best = first + np.argsort(-self.shares[first:after], kind="stable")[:_EXAMINED]
        return [row for row in best.tolist() if self.shares[row] > 0]


def search_posts(query: WordQuery, store: PostStore, structures: Structures) -> PostMatches:
    """The posts that have every word of a query: in the title, in a name, or in the text, there in any form.

    The beginning of a word is enough.
    """
    size = store.last_row() + 1
    scores, has_all = np.zeros(size, dtype=np.float32), np.full(size, bool(query.words))
    total = np.zeros(len(structures.chunk_posts), dtype=np.float32)
    for word in query.words:
        shares = structures.lexical.shares(_forms(word, query.languages, structures.lexical))
        of_posts = np.zeros(size, dtype=np.float32)
        np.maximum.at(of_posts, structures.chunk_posts, shares)
        title, names = store.rows_named(word)
        of_posts[names] += _BY_NAME
        of_posts[title] += _BY_TITLE
        has_all &= of_posts > 0
        scores += of_posts
        total += shares
    rows = np.flatnonzero(has_all)
    return PostMatches(rows[np.argsort(-scores[rows], kind="stable")], total)


def _forms(word: str, languages: Sequence[str], lexical: LexicalIndex) -> list[str]:
    """The word's own terms, and those that begin as it does."""
    stems = [word] if is_identifier(word) else _stems(word, languages)
    return list(dict.fromkeys([*stems, *lexical.beginning(word)[:_ENDINGS]]))


def _stems(word: str, languages: Sequence[str]) -> list[str]:
    return [stem for language in languages for stem in terms(word, language)]
