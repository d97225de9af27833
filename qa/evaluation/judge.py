"""Relevance judgements: whether passages, quotes and answers are what a gold question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, zip_longest
from typing import NamedTuple

from index.records import Post
from qa.answering.quotes import ranked_sentences
from qa.evaluation.gold import GoldQuestion
from qa.records import Citation, Passage

_PLAIN = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—−", "-"))
"""Typographic quotes, dashes and their plain forms: each one character, so that places survive."""


class Span(NamedTuple):
    """A place in a body, in characters, the end excluded."""

    start: int
    end: int


class Candidate(NamedTuple):
    """A quote offered as proof: a citation or an evidence sentence, at `post.body[start:end]`.

    Attributes:
        focus: The place of the sentence in it that answers; None for all of it.
    """

    post: Post
    start: int
    end: int
    text: str
    focus: Span | None = None

    @property
    def sentence(self) -> Candidate:
        """What of it answers."""
        if self.focus is None:
            return self
        return Candidate(self.post, *self.focus, self.post.visible.between(*self.focus))


def normalised(text: str) -> str:
    """Case folded, white space runs one space, typographic quotes and dashes plain."""
    return " ".join(text.translate(_PLAIN).casefold().split())


def places_of(quote: str, body: str) -> tuple[Span, ...]:
    """Every place of the quote in the body: verbatim, else equal once both are normalised."""
    if verbatim := tuple(Span(at, at + len(quote)) for at in _occurrences(quote, body)):
        return verbatim
    plain = normalised(quote)
    text, sources = _normalised_with_sources(body)
    return tuple(Span(sources[at], sources[at + len(plain) - 1] + 1) for at in _occurrences(plain, text))


@lru_cache(maxsize=64)
def _normalised_with_sources(body: str) -> tuple[str, tuple[int, ...]]:
    """The normalised body and, for each of its characters, the index it came from."""
    characters: list[str] = []
    sources: list[int] = []
    for index, character in enumerate(body.translate(_PLAIN)):
        if character.isspace():
            if not characters or characters[-1] == " ":
                continue
            folded = " "
        else:
            folded = character.casefold()
        characters.extend(folded)
        sources.extend([index] * len(folded))
    return "".join(characters), tuple(sources)


def _occurrences(part: str, text: str) -> Iterator[int]:
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def shared(one: Span, other: Span) -> int:
    """Characters that both places hold."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def overlap_by_half(one: Span, other: Span) -> bool:
    """Whether the places share at least half of the shorter one's characters."""
    common = shared(one, other)
    return common > 0 and 2 * common >= min(one.end - one.start, other.end - other.start)


def cited(citation: Citation) -> Candidate:
    """A citation as proof."""
    place = Span(citation.focus.start, citation.focus.end) if citation.focus else None
    return Candidate(citation.post, citation.start, citation.end, citation.shown, place)


def candidates(citations: Sequence[Citation], passages: Sequence[Passage]) -> list[Candidate]:
    """What is offered as proof, best first, each place once.

    The citations in order (a refusal has none), then the passages' evidence by turns: the best sentence of each
    passage in rank order, then the second best of each, and so on.
    """
    by_passage = ([Candidate(p.post, e.start, e.end, e.text) for e in p.evidence] for p in passages)
    unique: dict[tuple[str, int, int], Candidate] = {}
    for candidate in filter(None, chain(map(cited, citations), *zip_longest(*by_passage))):
        unique.setdefault((candidate.post.id, candidate.start, candidate.end), candidate)
    return list(unique.values())


def ranked_posts(passages: Sequence[Passage]) -> list[Post]:
    """Posts by their first passage; other posts with the same passage follow its own post."""
    return list({post.id: post for passage in passages for post in (passage.post, *passage.also_in)}.values())


def answering_sentences(citations: Sequence[Citation], passages: Sequence[Passage]) -> list[Candidate]:
    """The sentences chosen, best first and each once: those that the citations mark, then the best-ranked others.

    A quote may be several sentences joined, of which it marks one: the others are among the best-ranked.
    """
    sentences = [cited(citation).sentence for citation in citations]
    for passage, evidence in ranked_sentences(passages):
        candidate = Candidate(passage.post, evidence.start, evidence.end, evidence.text)
        if not any(_share_a_place(candidate, other) for other in sentences):
            sentences.append(candidate)
    return sentences


def _share_a_place(one: Candidate, other: Candidate) -> bool:
    return one.post.id == other.post.id and shared(Span(one.start, one.end), Span(other.start, other.end)) > 0


@dataclass(frozen=True)
class Judge:
    """What one gold question asks of posts, passages, quotes and texts."""

    gold: GoldQuestion

    @cached_property
    def gains(self) -> dict[str, float]:
        """The gain of each post that answers, by id or, where the gold names none, by normalised title."""
        if not self.gold.answerable:
            return {}
        if self.gold.grades:
            return {post: float(grade) for post, grade in self.gold.grades.items() if grade > 0}
        if self.gold.post_ids:
            return dict.fromkeys(self.gold.post_ids, 1.0)
        return dict.fromkeys(map(normalised, self.gold.posts), 1.0)

    @cached_property
    def _answers(self) -> tuple[str, ...]:
        return tuple(map(normalised, self.gold.answers))

    def post_gains(self, posts: Sequence[Post]) -> list[float]:
        """The gain of each post, given once: a second post of the same gold title has gain 0."""
        left = dict(self.gains)
        return [left.pop(self._key(post), 0.0) for post in posts]

    def accepts(self, post: Post) -> bool:
        """Whether the post is one that answers."""
        return self._key(post) in self.gains

    def _key(self, post: Post) -> str:
        return post.id if self.gold.post_ids or self.gold.grades else normalised(post.title)

    def covers(self, passage: Passage) -> bool:
        """Whether the passage is relevant: in a post that answers and, as far as the gold says, at the place.

        Where there are gold quotes it shares a character with one of them; else, where there are answers, it holds
        one; else the post decides.
        """
        return self._is_right(Candidate(passage.post, passage.start, passage.end, passage.shown), shared)

    def proves(self, candidate: Candidate) -> bool:
        """Whether the candidate is right: over half of a gold quote, else holding an answer, else in the right post."""
        return self._is_right(candidate, overlap_by_half)

    def _is_right(self, candidate: Candidate, agree: Callable[[Span, Span], object]) -> bool:
        if not self.accepts(candidate.post):
            return False
        if not self.gold.quotes:
            return not self.gold.answers or self.holds_answer(candidate.text)
        span = Span(candidate.start, candidate.end)
        return any(agree(span, place) for quote in self.gold.quotes for place in places_of(quote, candidate.post.body))

    def holds_answer(self, text: str) -> bool:
        """Whether the text contains a gold answer, both normalised."""
        plain = normalised(text)
        return any(answer in plain for answer in self._answers)

    def unplaced_quotes(self, posts: Sequence[Post]) -> tuple[str, ...]:
        """Gold quotes that are in none of the posts that answer, if there is one among these posts."""
        bodies = [post.body for post in posts if self.accepts(post)]
        return tuple(q for q in self.gold.quotes if bodies and not any(places_of(q, body) for body in bodies))
