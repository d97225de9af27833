"""The whole way from a question to an answer, as one short class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.encoders import Encoder
from index.encoders.installed.loading import load_encoder
from index.errors import QuestionError
from index.filters import Filters
from index.live_index import LiveIndex
from index.reader import Index
from index.records import Post
from index.settings import stated_encoder
from qa.answer import Answer
from qa.answering.citations import cite, quoted_segments
from qa.answering.confidence import confidence
from qa.answering.llm.writer import Writer, stream, write
from qa.answering.quotes import choose_quotes
from qa.answering.rerank import Reranker, load_reranker, rerank
from qa.answering.retrieve import retrieve
from qa.answering.weights import Weights, weights_for
from qa.messages import Texts, texts_in
from qa.question.followup import Turn, standalone
from qa.question.language import known_languages, language_of, reads
from qa.question.query import Query, checked_question, understand
from qa.records import Citation, Passage, Segment
from qa.settings import AskSettings

_NEAREST = 3
_TELLING = 200  # characters of a question that its language is told by before it is understood


@dataclass(frozen=True)
class Serving:
    """What an answer is made of: one generation, the encoder that built it, and the weights for both."""

    index: Index
    encoder: Encoder
    weights: Weights


class Assistant:
    """Answers questions over one index; may be shared by threads.

    Args:
        index: An opened index, its folder, or None for the default folder.
        encoder: The one the index was built with, or its name; another is refused. None loads the one that
            `QA_ENCODER` names, else that of the index, and another when a generation appears that another has built.
        weights: Instead of those that come with the package.
        reranker: Instead of the one that the settings name, which may be none.
        writer: Writes the text of answers from the passages; None leaves them to the posts' own words. A refusal
            stays a refusal, and where the writer fails the quotes stand, with a warning.

    Raises:
        IndexMissing: There is no index; names the command that makes one.
        IndexCorrupt: The index is not as it was published.
        EncoderMismatch: The index was built by another encoder.
        EncoderError: The encoder or the reranker cannot be loaded.
    """

    def __init__(
        self,
        index: Index | str | Path | None = None,
        *,
        encoder: Encoder | str | None = None,
        settings: AskSettings | None = None,
        weights: Weights | None = None,
        reranker: Reranker | None = None,
        writer: Writer | None = None,
    ) -> None:
        self._given = (encoder, weights)
        self._live = LiveIndex(index, self._fitted)
        self.settings = settings or AskSettings()
        named = self.settings.reranker
        self.reranker = reranker or (load_reranker(named) if named is not None else None)
        self.writer = writer

    @property
    def serving(self) -> Serving:
        """The generation to answer from now; a new one is picked up when it is published."""
        return self._live.current()

    @property
    def index(self) -> Index:
        """The index of that generation."""
        return self.serving.index

    @property
    def encoder(self) -> Encoder:
        """The encoder of that generation."""
        return self.serving.encoder

    @property
    def weights(self) -> Weights:
        """The weights for that generation."""
        return self.serving.weights

    @property
    def degraded(self) -> str | None:
        """Why an older generation answers than the newest; None where the newest does."""
        return self.index.degraded or self._live.fault

    @property
    def encoder_name(self) -> str:
        """The encoder's name, for reports."""
        return self.encoder.identity.name

    def ask(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """Answer a question from the posts, or say that they do not answer it.

        Args:
            question: In the words of whoever asks.
            history: Earlier answers (or only the questions) of the conversation, oldest first; a question
                that leans on them is understood with their subject.
            filters: Which posts may answer; the others are not looked at.

        Raises:
            QuestionError: The question is empty or too long, or no post meets the filters.
        """
        return write(*self._quoted(question, history, filters), self.writer)

    def quote(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """The same answer in the posts' own words, also where there is a writer; for many answers at once.

        Raises:
            QuestionError: As `ask` does.
        """
        return self._quoted(question, history, filters)[0]

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Iterator[str | Answer]:
        """The words of an answer one after the other, and at last the answer itself.

        Words come while a writer writes them, before anything is checked: the answer at the end replaces them.

        Raises:
            QuestionError: As `ask` does, before the first word.
        """
        return stream(*self._quoted(question, history, filters), self.writer)

    def search(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[Passage]:
        """The k best passages, best first.

        Raises:
            QuestionError: The question is empty or too long, k is not between 1 and the largest allowed, or no
                post meets the filters.
        """
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= self.settings.max_k:
            raise QuestionError("k is out of range", where="k", seen=repr(k), remedy=f"Use 1 to {self.settings.max_k}.")
        serving = self.serving
        return self._ranked(self._understood(question, (), serving), k, serving, filters)

    def close(self) -> None:
        """Let go of the index's files."""
        self._live.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _quoted(self, question: str, history: Sequence[Turn], filters: Filters | None) -> tuple[Answer, list[Passage]]:
        """The answer in the posts' own words, and all passages that were scored for it."""
        serving = self.serving  # one generation for the whole answer
        query = self._understood(question, history, serving)
        weights = serving.weights.of(query)
        wide = max(self.settings.passages, self.settings.evidence_depth)
        passages = self._ranked(query, wide, serving, filters)
        sure = confidence(query, passages, weights)
        threshold = weights.threshold if self.settings.threshold is None else self.settings.threshold
        quotes = choose_quotes(query, passages, self.settings, weights.quote_margin)
        citations = cite(quotes) if sure >= threshold else ()
        say = texts_in(query.language)
        answer = Answer(
            question=question.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair cannot be written
            question_as_understood=query.text,
            segments=quoted_segments(citations) if citations else (Segment(say.refusal),),
            answered=bool(citations),
            confidence=sure,
            citations=citations,
            passages=tuple(passages[: self.settings.passages]),
            nearest=() if citations else _nearest(passages),
            warnings=_warnings(query, serving, filters, citations, say),
            generation=serving.index.manifest.generation,
            language=query.language,
        )
        return answer, passages

    def _understood(self, question: str, history: Sequence[Turn], serving: Serving) -> Query:
        languages = serving.index.terms.languages
        told = language_of(str(question)[:_TELLING], languages)
        text = checked_question(question, self.settings.max_question_characters, texts_in(told))
        standing_alone = standalone(text, history, told)
        return understand(standing_alone, serving.encoder, serving.index.terms, serving.weights.centring)

    def _fitted(self, index: Index) -> Serving:
        """Load what answers from an opened index; an encoder that was given must be the one that built it."""
        given, weights = self._given
        built = index.manifest
        named = given or stated_encoder()
        if isinstance(named, str):
            index.require_named(named)
        if given is None or isinstance(given, str):
            given = load_encoder(built.encoder.name, built.encoder.backend)
        index.require(given)
        return Serving(index, given, weights or weights_for(index.root, given.identity))

    def _ranked(self, query: Query, k: int, serving: Serving, filters: Filters | None) -> list[Passage]:
        allowed, weights = serving.index.allowed(filters), serving.weights.of(query)
        if self.reranker is None:
            return retrieve(query, serving.index, weights, self.settings, k, allowed)
        depth, weight = self.settings.rerank_depth, self.settings.rerank_weight
        passages = retrieve(query, serving.index, weights, self.settings, max(k, depth), allowed)
        return rerank(query.text, passages, self.reranker, weight, depth)[:k]


def _warnings(
    query: Query, serving: Serving, filters: Filters | None, citations: Sequence[Citation], say: Texts
) -> tuple[str, ...]:
    only = say.filtered(filters) if filters else None
    found = (only, _about_language(query, serving, citations, say), serving.index.degraded)
    return tuple(warning for warning in found if warning)


def _about_language(query: Query, serving: Serving, citations: Sequence[Citation], say: Texts) -> str | None:
    """That the posts are in another language, and what to make of the answer."""
    posts, encoder = known_languages(query.languages), serving.encoder.identity.name
    if query.is_foreign and not (reads(encoder, query.language) and any(reads(encoder, one) for one in posts)):
        return say.foreign.format(asked=say.language(query.language), posts=say.named(posts))
    quoted = dict.fromkeys(citation.post.language for citation in citations)
    foreign = [one for one in quoted if query.is_foreign_to(one) and one in say.languages]
    return say.quoted.format(languages=say.named(foreign)) if foreign else None


def _nearest(passages: list[Passage]) -> tuple[Post, ...]:
    posts = {passage.post.id: passage.post for passage in passages}
    return tuple(posts.values())[:_NEAREST]
