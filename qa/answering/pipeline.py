"""The steps from a question to a decision over one generation: understand, rank, read, decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.filters import Filters, checked_filters
from index.records import Post
from qa.answer import Answer, Level
from qa.answering.answer_text import answer_segments, warnings_of
from qa.answering.citations import cite
from qa.answering.confidence import confidence_features
from qa.answering.decision import Decision
from qa.answering.dialogue import Dialogue
from qa.answering.quotes import choose_quotes
from qa.answering.rerank import Reranker, rerank
from qa.answering.reread import ReadsWindows, is_read, read_features, reread
from qa.answering.retrieve import retrieve
from qa.answering.snapshot import Snapshot
from qa.messages import messages_in
from qa.question.followup import Turn, checked_history, standalone
from qa.question.language import language_of
from qa.question.query import Query, checked_question, understand
from qa.records import Citation, Passage
from qa.settings import WINDOWS, AskSettings

_NEAREST = 3
_LANGUAGE_SAMPLE = 200  # characters of a question from which its language is detected before it is checked


@dataclass(frozen=True)
class QuotedAnswer:
    """An answer in the posts' own words, and what it was made of.

    Attributes:
        quotes: Those of the question, also where a refusal holds them back.
    """

    answer: Answer
    decision: Decision
    quotes: tuple[Citation, ...]


@dataclass(frozen=True)
class Pipeline:
    """What the steps work with: one generation, the settings, and what reads the best passages."""

    snapshot: Snapshot
    settings: AskSettings
    reader: ReadsWindows | None
    reranker: Reranker | None

    def checked(self, question: str) -> tuple[str, str]:
        """A question as it is worked with, and its language.

        Raises:
            QuestionError: It is empty or too long.
        """
        language = language_of(str(question)[:_LANGUAGE_SAMPLE], self.snapshot.index.terms.languages)
        return checked_question(question, self.settings.max_question_characters, messages_in(language)), language

    def understand(self, question: str, history: Sequence[Turn] = ()) -> Query:
        """The question checked, standing by itself, and encoded.

        Raises:
            QuestionError: It is empty or too long, or the history is none.
        """
        text, language = self.checked(question)
        standing, snapshot = standalone(text, checked_history(history), language), self.snapshot
        return understand(standing, snapshot.encoder, snapshot.index.terms, snapshot.weights.centring)

    def rank(self, query: Query, k: int, filters: Filters | None) -> list[Passage]:
        """The k best passages by the ranking and the reranker.

        Raises:
            QuestionError: No post meets the filters.
        """
        index, weights, settings = self.snapshot.index, self.snapshot.weights.of(query), self.settings
        depth = 0 if self.reranker is None else settings.rerank_depth
        passages = retrieve(query, index, weights, settings, max(k, depth), index.allowed(filters))
        if self.reranker is not None:
            passages = rerank(query.text, passages, self.reranker, settings.rerank_weight, depth)
        return passages[:k]

    def reads(self, query: Query) -> bool:
        """Whether there is a reader for the question: it reads English."""
        return self.reader is not None and query.language == "en" and not query.is_foreign

    def read(self, query: Query, passages: list[Passage], most_windows: int) -> list[Passage]:
        """Passages after they were read with the question; as they are where nothing reads it."""
        if self.reader is None or not self.reads(query):
            return passages
        return reread(query.text, passages, self.reader, self.snapshot.reading, most_windows)

    def decide(self, query: Query, filters: Filters | None) -> Decision:
        """Rank passages, and decide how far they answer the question."""
        passages = self.rank(query, max(self.settings.passages, self.settings.evidence_depth), filters)
        return self.decide_over(query, passages, WINDOWS[self.settings.reader])

    def decide_over(self, query: Query, passages: list[Passage], most_windows: int) -> Decision:
        """Read passages where there is a reader for the question, and decide how far they answer it."""
        features = confidence_features(query, passages)
        if features is None:
            return Decision(Level.REFUSAL, 0.0, passages, [])
        threshold = self.settings.threshold
        read = self.read(query, passages, most_windows)
        if is_read(read):
            reading = self.snapshot.reading
            quotes = choose_quotes(query, read, self.settings, reading.quote_margin)
            log_odds = self.snapshot.uncalibrated.of(query).log_odds(features)
            of_read = read_features(log_odds, passages, read, quotes[0])
            probability = reading.probability(of_read)
            return Decision(reading.level(probability, threshold), probability, read, quotes, of_read)
        weights = self.snapshot.weights.of(query)
        probability = weights.probability(features)
        is_answer = probability >= (weights.threshold if threshold is None else threshold)
        quotes = choose_quotes(query, passages, self.settings, weights.quote_margin)
        return Decision(Level.ANSWER if is_answer else Level.REFUSAL, probability, passages, quotes)

    def converse(
        self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> tuple[Answer, list[Passage]]:
        """The answer without a writer, and the passages it was chosen from; small talk and the like are not searched.

        Raises:
            QuestionError: The question is empty or too long, the history or the filters are none, or no post meets
                the filters.
        """
        text, language = self.checked(question)
        checked_filters(filters)  # also where nothing is searched

        def search(question: str, history: Sequence[Turn]) -> tuple[Answer, list[Passage]]:
            quoted = self.quote(question, history, filters)
            return quoted.answer, quoted.decision.passages

        return Dialogue(question, text, language, checked_history(history), self.snapshot.index, search).answer()

    def quote(self, question: str, history: Sequence[Turn] = (), filters: Filters | None = None) -> QuotedAnswer:
        """All steps, from a question put to the posts to the answer in their own words.

        Raises:
            QuestionError: The question is empty or too long, or no post meets the filters.
        """
        query = self.understand(question, history)
        decision = self.decide(query, filters)
        quotes = cite(decision.quotes)
        citations = quotes if decision.level is not Level.REFUSAL else ()
        answer = Answer(
            question=question.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair cannot be written
            question_as_understood=query.text,
            segments=answer_segments(query, decision, citations),
            level=decision.level if citations else Level.REFUSAL,
            answered=bool(citations),
            confidence=decision.probability,
            citations=citations,
            passages=tuple(decision.passages[: self.settings.passages]),
            nearest=() if citations else _nearest_posts(decision.passages),
            warnings=warnings_of(query, self.snapshot, filters, citations),
            generation=self.snapshot.index.manifest.generation,
            language=query.language,
        )
        return QuotedAnswer(answer, decision, quotes)

    def search(self, query: Query, k: int, filters: Filters | None) -> list[Passage]:
        """The k best passages, the first of them read."""
        passages = self.rank(query, max(k, self.settings.evidence_depth), filters)
        return self.read(query, passages, WINDOWS[self.settings.reader])[:k]


def _nearest_posts(passages: Sequence[Passage]) -> tuple[Post, ...]:
    posts = {passage.post.id: passage.post for passage in passages}
    return tuple(posts.values())[:_NEAREST]
