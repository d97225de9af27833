"""The way from a question to an answer: understand, retrieve, rank, choose quotes, and write if there is a writer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Self

from index.encoders import Encoder
from index.encoders.installed.loading import load_encoder
from index.encoders.languages import languages_of
from index.errors import QuestionError
from index.filters import Filters, checked_filters
from index.layout import LAYOUT
from index.live_index import LiveIndex
from index.reader import Index
from index.records import Post
from index.settings import stated_encoder
from qa.answer import LEAD_END, Answer, Level
from qa.answering.citations import cite, quoted_segments
from qa.answering.confidence import confidence_features
from qa.answering.decision import Decision
from qa.answering.dialogue import Dialogue
from qa.answering.llm.writer import Writer, stream_answer, write_answer
from qa.answering.quotes import choose_quotes
from qa.answering.refusal_reason import missing_value
from qa.answering.rerank import Reranker, load_reranker, rerank
from qa.answering.reread import ReadFeatures, ReadingWeights, ReadsWindows, read_features, reading_weights, reread
from qa.answering.retrieve import retrieve
from qa.answering.weights import Calibration, Weights, calibration_in, default_weights
from qa.messages import Messages, messages_in
from qa.question.dialogue import utterance
from qa.question.followup import Turn, checked_history, standalone
from qa.question.language import known_languages, language_of
from qa.question.query import Query, checked_question, understand
from qa.reading.reader import load_reader
from qa.records import Citation, Passage, Segment
from qa.settings import WINDOWS, AskSettings, ReaderMode
from qa.survey.records import Survey
from qa.survey.request import survey_request
from qa.survey.survey import WINDOWS_OF_POST, SurveyTask, Thresholds, survey_posts

_NEAREST = 3
_LANGUAGE_SAMPLE = 200  # characters of a question from which its language is detected before it is checked


@dataclass(frozen=True)
class Snapshot:
    """What belongs together in every answer: one generation, the encoder that built it, and the weights for both.

    Attributes:
        uncalibrated: The weights as they were fitted; the reader's are fitted beside these.
        calibration: Of a user's own questions, where there is one.
        weights, reading: The weights that rank and decide, calibrated.
    """

    index: Index
    encoder: Encoder
    uncalibrated: Weights
    calibration: Calibration | None
    weights: Weights
    reading: ReadingWeights


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
        if self.reader is None:
            return "off"
        reading = self.snapshot.reading
        thresholds = f"answer from {reading.answer:.3f}, nearest from {reading.nearest:.3f}"
        return f"{self.settings.reader} ({reading.reader}, weights {reading.fingerprint}, {thresholds})"

    @property
    def calibrated_on(self) -> str:
        """The gold set that the index is calibrated on, for reports; empty where it is not."""
        calibration = self.snapshot.calibration
        return calibration.provenance.get("gold", "") if calibration else ""

    @property
    def fingerprint(self) -> dict[str, str]:
        """All that an answer follows from, by name, for reports: two of the same give the same answers."""
        snapshot = self.snapshot
        manifest, identity, calibration = snapshot.index.manifest, snapshot.encoder.identity, snapshot.calibration
        threshold = self.settings.threshold
        return {
            "version": version("postqa"),
            "corpus": f"{manifest.posts} posts, {manifest.files[LAYOUT.chunk_keys].sha256[:12]}",
            "encoder": f"{identity.name}, {_digest(identity.model_dump_json())}",
            "weights": _digest(snapshot.uncalibrated.model_dump_json()),
            "reader": self.reader_name,
            "reranker": self.settings.reranker or ("given" if self.reranker else "none"),
            "calibration": f"{self.calibrated_on}, {_digest(calibration.model_dump_json())}" if calibration else "none",
            "threshold": f"{snapshot.weights.threshold if threshold is None else threshold:g}",
            "settings": _digest(self.settings.model_dump_json()),
        }

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
        snapshot = self.snapshot
        query = self._understood(question, history, snapshot)
        if utterance(query.text):  # it asks nothing, or about a post that is cited
            return None
        index, settings = snapshot.index, self.settings
        k = max(settings.passages, settings.evidence_depth)
        passages = retrieve(query, index, snapshot.weights.of(query), settings, k, index.allowed(filters))
        decision = self._decide_over(query, passages, snapshot, most_windows=0)
        if decision.level is not Level.ANSWER:
            return None
        return next(iter(cite(choose_quotes(query, passages, settings, decision.quote_margin))), None)

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
        snapshot = self.snapshot
        request = survey_request(question, filters or Filters(), snapshot.index)
        query = self._understood(request.question, (), snapshot)
        weights = snapshot.weights.of(query)
        thresholds = Thresholds.of(snapshot.reading if self._reader_of(query) else weights, self.settings.threshold)

        def decide(passages: list[Passage]) -> Decision:
            return self._decide_over(query, passages, snapshot, WINDOWS_OF_POST)

        return survey_posts(SurveyTask(request, query, snapshot.index, weights, self.settings, thresholds), decide)

    def search(self, question: str, k: int = 10, *, filters: Filters | None = None) -> list[Passage]:
        """The k best passages, best first; with a reader, the first of them are read with the question.

        Raises:
            QuestionError: The question is empty or too long, k is not between 1 and the largest allowed, or no
                post meets the filters.
        """
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= self.settings.max_k:
            raise QuestionError("k is out of range", where="k", seen=repr(k), remedy=f"Use 1 to {self.settings.max_k}.")
        snapshot = self.snapshot
        query = self._understood(question, (), snapshot)
        passages = self._ranked(query, max(k, self.settings.evidence_depth), snapshot, filters)
        return self._read(query, passages, snapshot, WINDOWS[self.settings.reader])[:k]

    def search_warnings(self, question: str, *, filters: Filters | None = None) -> tuple[str, ...]:
        """What to know of a search's passages, as `Answer.warnings` says of an answer.

        Raises:
            QuestionError: As `search` does.
        """
        snapshot = self.snapshot
        return _warnings(self._understood(question, (), snapshot), snapshot, filters, ())

    def read_features(
        self, question: str, *, filters: Filters | None = None
    ) -> tuple[ReadFeatures | None, tuple[Citation, ...]]:
        """What the reader tells of a question, and the quotes whatever it decides: what its weights are fitted on."""
        snapshot = self.snapshot
        query = self._understood(question, (), snapshot)
        decision = self._decide(query, snapshot, filters)
        return decision.read, cite(choose_quotes(query, decision.passages, self.settings, decision.quote_margin))

    def close(self) -> None:
        """Close the index; closing again does nothing."""
        self._live.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _quoted(self, question: str, history: Sequence[Turn], filters: Filters | None) -> tuple[Answer, list[Passage]]:
        """The answer without a writer, and the passages it was chosen from."""
        snapshot = self.snapshot  # one generation for the whole answer
        text, language = self._checked(question, snapshot)
        checked_filters(filters)  # also where nothing is searched

        def search(question: str, history: Sequence[Turn]) -> tuple[Answer, list[Passage]]:
            return self._searched(question, history, filters, snapshot)

        return Dialogue(question, text, language, checked_history(history), snapshot.index, search).answer()

    def _searched(
        self, question: str, history: Sequence[Turn], filters: Filters | None, snapshot: Snapshot
    ) -> tuple[Answer, list[Passage]]:
        """The answer in the posts' own words, and the passages it was chosen from."""
        query = self._understood(question, history, snapshot)
        decision = self._decide(query, snapshot, filters)
        quotes = choose_quotes(query, decision.passages, self.settings, decision.quote_margin)
        citations = cite(quotes) if decision.level is not Level.REFUSAL else ()
        missing = missing_value(query, decision.passages) if decision.level is not Level.ANSWER else None
        answer = Answer(
            question=question.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair cannot be written
            question_as_understood=query.text,
            segments=_segments(decision.level, citations, messages_in(query.language), missing),
            level=decision.level if citations else Level.REFUSAL,
            answered=bool(citations),
            confidence=decision.probability,
            citations=citations,
            passages=tuple(decision.passages[: self.settings.passages]),
            nearest=() if citations else _nearest_posts(decision.passages),
            warnings=_warnings(query, snapshot, filters, citations),
            generation=snapshot.index.manifest.generation,
            language=query.language,
        )
        return answer, decision.passages

    def _decide(self, query: Query, snapshot: Snapshot, filters: Filters | None) -> Decision:
        """Rank passages, and decide how far they answer the question."""
        k = max(self.settings.passages, self.settings.evidence_depth)
        passages = self._ranked(query, k, snapshot, filters)
        return self._decide_over(query, passages, snapshot, WINDOWS[self.settings.reader])

    def _decide_over(self, query: Query, passages: list[Passage], snapshot: Snapshot, most_windows: int) -> Decision:
        """Read passages where there is a reader for the question, and decide how far they answer it."""
        weights = snapshot.weights.of(query)
        features = confidence_features(query, passages)
        if features is None:
            return Decision(Level.REFUSAL, 0.0, passages, weights.quote_margin)
        threshold = self.settings.threshold
        read = self._read(query, passages, snapshot, most_windows)
        of_read = read_features(snapshot.uncalibrated.of(query).log_odds(features), read)
        if of_read is not None:
            probability = snapshot.reading.probability(of_read)
            level = snapshot.reading.level(probability, threshold)
            return Decision(level, probability, read, snapshot.reading.quote_margin, of_read)
        probability = weights.probability(features)
        is_answer = probability >= (weights.threshold if threshold is None else threshold)
        return Decision(Level.ANSWER if is_answer else Level.REFUSAL, probability, passages, weights.quote_margin)

    def _read(self, query: Query, passages: list[Passage], snapshot: Snapshot, most_windows: int) -> list[Passage]:
        """Passages after they were read with the question; as they are where nothing reads it."""
        reader = self._reader_of(query) if most_windows else None
        return passages if reader is None else reread(query.text, passages, reader, snapshot.reading, most_windows)

    def _reader_of(self, query: Query) -> ReadsWindows | None:
        """What reads the question, if anything does: the reader reads English."""
        return self.reader if query.language == "en" and not query.is_foreign else None

    def _understood(self, question: str, history: Sequence[Turn], snapshot: Snapshot) -> Query:
        text, language = self._checked(question, snapshot)
        return understand(
            standalone(text, checked_history(history), language),
            snapshot.encoder,
            snapshot.index.terms,
            snapshot.weights.centring,
        )

    def _checked(self, question: str, snapshot: Snapshot) -> tuple[str, str]:
        """A question as it is worked with, and its language.

        Raises:
            QuestionError: It is empty or too long.
        """
        language = language_of(str(question)[:_LANGUAGE_SAMPLE], snapshot.index.terms.languages)
        return checked_question(question, self.settings.max_question_characters, messages_in(language)), language

    def _ranked(self, query: Query, k: int, snapshot: Snapshot, filters: Filters | None) -> list[Passage]:
        index, weights, settings = snapshot.index, snapshot.weights.of(query), self.settings
        depth = 0 if self.reranker is None else settings.rerank_depth
        passages = retrieve(query, index, weights, settings, max(k, depth), index.allowed(filters))
        if self.reranker is not None:
            passages = rerank(query.text, passages, self.reranker, settings.rerank_weight, depth)
        return passages[:k]

    def _load(self, index: Index) -> Snapshot:
        """Load the encoder and the weights for an opened index; an encoder that was given must have built it."""
        encoder = self._encoder
        named = encoder or stated_encoder()
        if isinstance(named, str):
            index.require(named)
        if encoder is None or isinstance(encoder, str):
            encoder = load_encoder(index.manifest.encoder.name, index.manifest.encoder.backend)
        index.require(encoder)
        weights = self._weights or default_weights(encoder.identity.name)
        calibration = None if self._weights else calibration_in(index.root, encoder.identity)
        reading = reading_weights()
        if self.settings.reader is not ReaderMode.OFF:
            reading = reading.calibrated(calibration)
        return Snapshot(index, encoder, weights, calibration, weights.calibrated(calibration), reading)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


def _segments(
    level: Level, citations: Sequence[Citation], messages: Messages, missing: str | None
) -> tuple[Segment, ...]:
    """The answer's text; `missing` is what is asked for and no sentence near it gives."""
    reason = messages.missing_values[missing] if missing else ""
    if not citations:
        return (Segment(f"{messages.refusal} {reason}".rstrip()),)
    quoted = quoted_segments(citations)
    if level is not Level.NEAREST:
        return quoted
    return (Segment(f"{f'{reason} {messages.nearest_quotes}'.lstrip()}{LEAD_END}"), *quoted)


def _warnings(
    query: Query, snapshot: Snapshot, filters: Filters | None, citations: Sequence[Citation]
) -> tuple[str, ...]:
    messages = messages_in(query.language)
    filtered = messages.filtered(_titled(filters, snapshot.index)) if filters else None
    warnings = (filtered, _language_warning(query, snapshot, citations, messages), snapshot.index.degraded)
    return tuple(warning for warning in warnings if warning)


def _titled(filters: Filters, index: Index) -> Filters:
    """Filters that name posts by their titles, for a reader."""
    posts = ((post_id, index.post(post_id)) for post_id in filters.posts)
    return filters.model_copy(update={"posts": tuple(post.title if post else post_id for post_id, post in posts)})


def _language_warning(
    query: Query, snapshot: Snapshot, citations: Sequence[Citation], messages: Messages
) -> str | None:
    """That the posts, or those quoted, are in another language than the question."""
    posts, read = known_languages(query.languages), languages_of(snapshot.encoder.identity.name)
    if query.is_foreign and (query.language not in read or read.isdisjoint(posts)):
        return messages.other_language.format(asked=messages.language(query.language), posts=messages.named(posts))
    quoted = dict.fromkeys(citation.post.language for citation in citations)
    foreign = [code for code in quoted if query.is_foreign_to(code) and code in messages.languages]
    return messages.quoted_languages.format(languages=messages.named(foreign)) if foreign else None


def _nearest_posts(passages: Sequence[Passage]) -> tuple[Post, ...]:
    posts = {passage.post.id: passage.post for passage in passages}
    return tuple(posts.values())[:_NEAREST]
