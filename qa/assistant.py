"""The public way from a question to an answer, over the generation that is current."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Self

from index.encoders import Encoder
from index.errors import QuestionError
from index.filters import Filters
from index.live_index import LiveIndex
from index.reader import Index
from qa.answer import Answer, Level
from qa.answering.answer_text import warnings_of
from qa.answering.citations import cite
from qa.answering.decision import Decision
from qa.answering.examination import Examination
from qa.answering.llm.writer import Writer, stream_answer, write_answer
from qa.answering.pipeline import Pipeline
from qa.answering.read_once import ReadOnce
from qa.answering.rerank import Reranker, load_reranker
from qa.answering.reread import ReadFeatures, ReadsWindows
from qa.answering.snapshot import Snapshot, fingerprint, load_snapshot, reader_facts
from qa.answering.weights import Weights
from qa.question.dialogue import utterance
from qa.question.followup import Turn
from qa.reading.reader import load_reader
from qa.records import Citation, Passage, SearchResult
from qa.settings import AskSettings, ReaderMode
from qa.survey.records import Survey
from qa.survey.request import survey_request
from qa.survey.survey import WINDOWS_OF_POST, SurveyTask, Thresholds, survey_posts


class Assistant:
    """Answers questions over one index; may be shared by threads.

    Args:
        index: An opened index, its folder, or None for the default folder.
        encoder: The one the index was built with, or its name; another is refused. None loads the one that
            `QA_ENCODER` names, else that of the index, and another when a generation appears that another has built.
        weights: Instead of those that come with the package.
        reranker: Instead of the one that the settings name, which may be none.
        writer: Writes the text of answers from the passages; None leaves them to the posts' own words. A refusal
            stays a refusal, and where the writer fails the quotes are shown, with a warning.

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
        reader: ReadsWindows | None = None,
    ) -> None:
        self._encoder = encoder
        self._weights = weights
        self.settings = settings or AskSettings()
        self._live = LiveIndex(index, self._load)
        named = self.settings.reranker
        self.reranker = reranker or (load_reranker(named) if named is not None else None)
        self.writer = writer
        is_on = self.settings.reader is not ReaderMode.OFF
        self.reader = (reader or load_reader()) if is_on else None

    def __repr__(self) -> str:
        return f"Assistant({self.index!r}, encoder {self.encoder_name!r}, reader {self.settings.reader.value!r})"

    @property
    def snapshot(self) -> Snapshot:
        """The current generation with its encoder and weights; a new one is picked up when it is published.

        Who needs more than one of them reads it once, or a new generation may come between.

        Raises:
            IndexClosed: The assistant was closed.
        """
        return self._live.current()

    @property
    def index(self) -> Index:
        """The index of the current generation."""
        return self.snapshot.index

    @property
    def encoder_name(self) -> str:
        """The name of the encoder that built it, for reports."""
        return self.snapshot.encoder.identity.name

    @property
    def reader_name(self) -> str:
        """How much is read, with which weights, and from which probabilities on it is shown, for reports."""
        return reader_facts(self.snapshot, self.settings)

    @property
    def calibrated_on(self) -> str:
        """The gold set that the index is calibrated on, for reports; empty where it is not."""
        return self.snapshot.calibrated_on

    @property
    def fingerprint(self) -> dict[str, str]:
        """All that an answer follows from, by name, for reports: two of the same give the same answers."""
        return fingerprint(
            self.snapshot, self.settings, self.settings.reranker or ("given" if self.reranker else "none")
        )

    @property
    def degraded(self) -> str | None:
        """Why an older generation answers than the newest; None where the newest does."""
        return self.index.degraded or self._live.fault

    def ask(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """Answer a question from the posts, or say that they do not answer it.

        Args:
            question: As asked.
            history: Earlier answers (or only the questions) of the conversation, oldest first; a question
                that refers to them is understood with their subject.
            filters: Which posts may answer; the others are not looked at.

        Raises:
            QuestionError: The question is empty or too long, the history or the filters are none, or no post meets the
                filters.
        """
        return write_answer(*self._quoted(question, history, filters), self.writer)

    def quote(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """The same answer in the posts' own words, also where there is a writer.

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
        return stream_answer(*self._quoted(question, history, filters), self.writer)

    def suggest(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Citation | None:
        """The best quote for a question that is still being typed, if the ranking alone takes it for an answer.

        Neither the reader nor the reranker nor the writer takes part; the quote is proven as any other.

        Raises:
            QuestionError: As `ask` does.
        """
        pipeline = replace(self._pipeline(), reader=None, reranker=None)
        query = pipeline.understand(question, history)
        if utterance(query.text):  # it asks nothing, or about a post that is cited
            return None
        decision = pipeline.decide(query, filters)
        return next(iter(cite(decision.quotes)), None) if decision.level is Level.ANSWER else None

    def survey(self, question: str, *, filters: Filters | None = None) -> Survey:
        """What each post says to a question, or that it is silent; every post is decided as if it were asked alone.

        The posts nearest to the question are read, as many as `qa.survey.survey.MOST_POSTS`; the reranker and the
        writer take no part.

        Args:
            question: Asked of every post. Dates of publication in it ("in 2018", "since May 2020") become filters
                where posts were published then, unless `filters` name dates.
            filters: Which posts are asked; the others are not counted.

        Raises:
            QuestionError: The question is empty or too long, or no post meets the filters.
        """
        pipeline = self._pipeline()
        snapshot = pipeline.snapshot
        request = survey_request(question, filters or Filters(), snapshot.index)
        query = pipeline.understand(request.question)
        weights = snapshot.weights.of(query)
        thresholds = Thresholds.of(snapshot.reading if pipeline.reads(query) else weights, self.settings.threshold)

        def decide(passages: list[Passage]) -> Decision:
            return pipeline.decide_over(query, passages, WINDOWS_OF_POST)

        return survey_posts(SurveyTask(request, query, snapshot.index, weights, self.settings, thresholds), decide)

    def search(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[Passage]:
        """The k best passages, best first; with a reader, the first of them are read with the question.

        Raises:
            QuestionError: The question is empty or too long, k is not between 1 and the largest allowed, or no
                post meets the filters.
        """
        return list(self.search_result(question, k, filters=filters).passages)

    def search_result(self, question: str, k: int = 10, *, filters: Filters | None = None) -> SearchResult:
        """The same passages with what to know of them, as `Answer.warnings` says of an answer.

        Raises:
            QuestionError: As `search` does.
        """
        self._check_k(k)
        pipeline = self._pipeline()
        query = pipeline.understand(question)
        passages = pipeline.search(query, k, filters)
        return SearchResult(passages=tuple(passages), warnings=warnings_of(query, pipeline.snapshot, filters))

    def read_features(
        self, question: str, *, filters: Filters | None = None
    ) -> tuple[ReadFeatures | None, tuple[Citation, ...]]:
        """What the reader tells of a question, and the quotes whatever it decides: what its weights are fitted on."""
        quoted = self._pipeline().quote(question, filters=filters)
        return quoted.decision.read, quoted.quotes

    def examine(self, question: str, k: int = 10) -> Examination:
        """An answer as `quote` gives it and passages as `search` does, for evaluations; nothing is read twice.

        Raises:
            QuestionError: As `search` does.
        """
        self._check_k(k)
        begun = perf_counter()
        pipeline = self._pipeline()
        if pipeline.reader is not None:
            pipeline = replace(pipeline, reader=ReadOnce(pipeline.reader))
        answer, _ = pipeline.converse(question)
        milliseconds = (perf_counter() - begun) * 1000
        quotes = answer.citations or pipeline.quote(question).quotes
        passages = pipeline.search(pipeline.understand(question), k, None)
        return Examination(answer, tuple(passages), quotes, milliseconds)

    def close(self) -> None:
        """Close the index; closing again does nothing."""
        self._live.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pipeline(self) -> Pipeline:
        """The steps over the current generation: one for the whole answer, whatever is published meanwhile."""
        return Pipeline(self.snapshot, self.settings, self.reader, self.reranker)

    def _quoted(self, question: str, history: Sequence[Turn], filters: Filters | None) -> tuple[Answer, list[Passage]]:
        """The answer without a writer, and the passages it was chosen from."""
        return self._pipeline().converse(question, history, filters)

    def _check_k(self, k: int) -> None:
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= self.settings.max_k:
            raise QuestionError("k is out of range", where="k", seen=repr(k), remedy=f"Use 1 to {self.settings.max_k}.")

    def _load(self, index: Index) -> Snapshot:
        return load_snapshot(index, self._encoder, self._weights, self.settings)
