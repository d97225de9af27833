"""Posts by words of their title, authors, publisher or text, and by meaning, at any size of corpus."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from index.arrays import Rows
from index.encoders.protocol import Vectors
from index.records import Chunk, Post
from index.search.bm25 import LexicalIndex, Scores
from index.search.structures import Structures
from index.search.vectors import scores_of
from index.storage.post_store import PostStore
from index.text.stemming import term_languages
from index.text.tokenize import folded, is_identifier, is_stop_word, split_identifiers, terms, words

_BY_TITLE, _BY_NAME = 4.0, 2.0  # a word in the text counts 1 at most, as `LexicalIndex.shares` has it
_ENDINGS = 64  # terms looked for behind the beginning of one
_RANK = 60  # the constant of reciprocal rank fusion
_NEAREST_CHUNKS = 200
_MOST_NEAR = 20  # posts by meaning
_SAMPLE = 4_096  # chunks, of which it is estimated how near unrelated ones are
_FEWEST = 30  # chunks
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
    """Posts that have the words of a query, or are near it in meaning.

    Attributes:
        posts: Rows of posts, best first; equally good ones in the order of the corpus.
        shares: How well each chunk fits by its text and by what stands above it, shape (chunks,).
        nearest_chunks: Of the posts that are only near in meaning, the row of the nearest chunk.
    """

    posts: Rows
    shares: Scores
    nearest_chunks: Mapping[int, int] = field(default_factory=dict)

    def best_chunks(self, first: int, after: int) -> list[int]:
        """The rows of the few chunks between two rows that fit best, best first."""
        best = first + np.argsort(-self.shares[first:after], kind="stable")[:_EXAMINED]
        return [row for row in best.tolist() if self.shares[row] > 0]


@dataclass(frozen=True)
class FoundPost:
    """A post that was searched for.

    Attributes:
        chunk: Its chunk that fits best, if its text does.
        is_near: Whether it is only near in meaning, and lacks a word.
    """

    post: Post
    chunk: Chunk | None = None
    is_near: bool = False


@dataclass(frozen=True)
class FoundPosts:
    """Some of the posts that were searched for.

    Attributes:
        with_words: How many posts have every word.
        near: How many others are near in meaning.
        posts: Those asked for, best first.
    """

    with_words: int
    near: int
    posts: Sequence[FoundPost]

    @property
    def total(self) -> int:
        """How many posts there are to show."""
        return self.with_words + self.near


def search_posts(
    query: WordQuery, store: PostStore, structures: Structures, vector: Vectors | None = None
) -> PostMatches:
    """The posts that have every word of a query, and those near it in meaning, by reciprocal rank fusion.

    A word may be in the title, in a name, or in the text, there in any form; its beginning is enough. Fusion as in
    Cormack, Clarke and Büttcher 2009.

    Args:
        vector: Of the query, shape (d,); None searches by words alone.
    """
    matches = _with_words(query, store, structures)
    if vector is None or not query.words:
        return matches
    near = near_posts(vector, structures)
    scores = np.zeros(store.last_row() + 1)
    scores[matches.posts] = 1 / (_RANK + np.arange(len(matches.posts)))
    scores[list(near)] += 1 / (_RANK + 0.5 + np.arange(len(near)))  # at the same rank the words go first
    rows = np.flatnonzero(scores)
    only_near = {row: chunk for row, chunk in near.items() if row not in matches.posts}
    return PostMatches(rows[np.argsort(-scores[rows], kind="stable")], matches.shares, only_near)


def near_posts(vector: Vectors, structures: Structures) -> dict[int, int]:
    """The rows of the posts nearest to a query in meaning, best first, each with the row of its nearest chunk.

    A chunk counts if its cosine exceeds what as many unrelated chunks reach by chance: the median of all, and
    `sqrt(2 ln n)` (the largest of n normal values) times their deviation (1.4826 median absolute deviations). Where
    there are too few chunks to estimate that, no post is near.
    """
    table = structures.vectors
    if len(table) < _FEWEST:
        return {}
    sample = scores_of(table, np.unique(np.linspace(0, len(table) - 1, _SAMPLE).astype(np.int64)), vector)
    deviation = 1.4826 * np.median(np.abs(sample - np.median(sample)))
    floor = np.median(sample) + deviation * math.sqrt(2 * math.log(len(table)))
    rows, scores = structures.nearest.search(vector, _NEAREST_CHUNKS)
    rows = rows[scores > floor]
    nearest: dict[int, int] = {}
    for chunk, post in zip(rows.tolist(), structures.chunk_posts[rows].tolist(), strict=True):
        nearest.setdefault(post, chunk)
    return dict(list(nearest.items())[:_MOST_NEAR])


def _with_words(query: WordQuery, store: PostStore, structures: Structures) -> PostMatches:
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
