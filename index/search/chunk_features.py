"""A chunk's words in the forms that questions are compared with, computed once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from index.records import Chunk, Post
from index.text.tokenize import folded, terms, words

_SHINGLE = 3
_NEARLY = 0.8
"""Share of shingles from which two chunks count as one."""


@dataclass(frozen=True)
class Analysis:
    """A chunk with its post, and what its text comes to.

    Attributes:
        texts: The sentences.
        terms: Of each sentence, in order, with repetitions.
        held: Of each sentence, each term once.
        context: Terms of the title and the headings above.
    """

    post: Post
    chunk: Chunk
    texts: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]
    held: tuple[frozenset[str], ...]
    context: frozenset[str]

    @cached_property
    def shingles(self) -> frozenset[int]:
        """Hashes of the text's runs of three words, folded (Broder 1997)."""
        folded_words = [folded(word) for word in words(self.chunk.visible.text)]
        last = max(1, len(folded_words) - _SHINGLE + 1)
        return frozenset(hash(tuple(folded_words[at : at + _SHINGLE])) for at in range(last))

    @cached_property
    def first_shingles(self) -> frozenset[int]:
        """So many of the shingles that two chunks without one of these in common cannot share `_NEARLY` all.

        The prefix filter of Chaudhuri, Ganti and Kaushik (2006).
        """
        outside = len(self.shingles) - math.ceil(_NEARLY * len(self.shingles))
        return frozenset(sorted(self.shingles)[: outside + 1])

    def says_nearly(self, other: Analysis) -> bool:
        """Whether two chunks share nearly all of both's shingles."""
        if self.first_shingles.isdisjoint(other.first_shingles):
            return False
        return len(self.shingles & other.shingles) >= _NEARLY * max(len(self.shingles), len(other.shingles))


def analysed(post: Post, chunk: Chunk) -> Analysis:
    """Work out a chunk's words by the rules of its post's language."""
    texts = chunk.sentence_texts
    of_sentences = tuple(tuple(terms(text, post.language)) for text in texts)
    context = frozenset(terms(" ".join((post.title, *chunk.headings)), post.language))
    return Analysis(post, chunk, texts, of_sentences, tuple(map(frozenset, of_sentences)), context)
