"""Posts found by words of their title, their authors, their publisher or their text, at any size of corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from index.search.bm25 import LexicalIndex, Scores
from index.storage.post_store import PostStore
from index.text.stemming import term_languages
from index.text.tokenize import folded, is_stop_word, terms, words

_BY_TITLE, _BY_NAME = 4.0, 2.0  # a word in the text counts 1 at most, as `LexicalIndex.shares` has it
_ENDINGS = 64  # terms looked for behind the beginning of one
_LOOKED_AT = 8  # chunks of a post, for one that says the words itself: a title stands above all of its chunks

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sought:
    """Words to look for.

    Attributes:
        words: Folded; stop words only where there is nothing else.
        stems: Their terms by the rules of the languages.
        languages: Those of the posts: a word is looked for in its forms in each.
    """

    words: tuple[str, ...]
    stems: frozenset[str]
    languages: tuple[str, ...]

    @classmethod
    def of(cls, text: str, languages: Sequence[str]) -> Self:
        """The words of what somebody typed."""
        found = list(dict.fromkeys(folded(word) for word in words(text)))
        kept = [word for word in found if not is_stop_word(word)] or found
        read_by = term_languages(languages)
        return cls(tuple(kept), frozenset(stem for word in kept for stem in _stems(word, read_by)), read_by)

    def fits(self, word: str) -> bool:
        """Whether a word of a text begins as one of these, or is another form of it."""
        return folded(word).startswith(self.words) or not self.stems.isdisjoint(_stems(word, self.languages))

    def is_in(self, text: str) -> bool:
        """Whether a text has one of these words."""
        return any(self.fits(word) for word in words(text))


@dataclass(frozen=True)
class FoundRows:
    """What was found.

    Attributes:
        posts: Rows of posts, best first; equally good ones in the order of the corpus.
        shares: How well each chunk fits by its text and by what stands above it, shape (chunks,).
    """

    posts: Rows
    shares: Scores

    def chunks(self, post_row: int, chunk_posts: Rows) -> list[int]:
        """The rows of the post's few chunks that fit best, best first."""
        start, end = np.searchsorted(chunk_posts, [post_row, post_row + 1])
        best = start + np.argsort(-self.shares[start:end], kind="stable")[:_LOOKED_AT]
        return [int(row) for row in best if self.shares[row] > 0]


def find_rows(sought: Sought, store: PostStore, lexical: LexicalIndex, chunk_posts: Rows) -> FoundRows:
    """The posts that have every word sought: in the title, in a name, or in the text, there in any form.

    A beginning of a word is enough.

    Args:
        chunk_posts: Each chunk's post, in ascending order, shape (chunks,).
    """
    size = store.last_row() + 1
    score, has_all = np.zeros(size, dtype=np.float32), np.full(size, bool(sought.words))
    total = np.zeros(len(chunk_posts), dtype=np.float32)
    for word in sought.words:
        shares = lexical.shares(_forms(word, sought.languages, lexical))
        fits = np.zeros(size, dtype=np.float32)
        np.maximum.at(fits, chunk_posts, shares)
        title, names = store.rows_named(word)
        fits[names] += _BY_NAME
        fits[title] += _BY_TITLE
        has_all &= fits > 0
        score += fits
        total += shares
    rows = np.flatnonzero(has_all)
    return FoundRows(rows[np.argsort(-score[rows], kind="stable")], total)


def _forms(word: str, languages: Sequence[str], lexical: LexicalIndex) -> list[str]:
    """The word's own terms, and those that begin as it does."""
    return list(dict.fromkeys([*_stems(word, languages), *lexical.vocabulary().beginning(word)[:_ENDINGS]]))


def _stems(word: str, languages: Sequence[str]) -> list[str]:
    return [stem for language in languages for stem in terms(word, language)]
