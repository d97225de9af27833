"""The best passages read together with the question, with a stand-in for the reader."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index.errors import SettingsError
from index.records import Post, SentenceKind
from qa import Assistant
from qa.answer import Level
from qa.answering.citations import Quote
from qa.answering.reread import is_read, read_features, reading_weights, reread
from qa.answering.stretches import answering_unit, stretch
from qa.reading.reader import WindowScores, load_reader
from qa.reading.windows import Span, Unit, Window
from qa.records import Evidence, Passage
from qa.settings import AskSettings, ReaderMode, stated_reader
from tests.stand_ins import WordHashEncoder, plain_weights

WEIGHTS = reading_weights().model_copy(update={"ranking": 0.5, "unread": -8.0})


class PlantedReader:
    """Reads a window a passage; scores each sentence as a test says."""

    def __init__(self, score: Callable[[str], float]) -> None:
        self.score = score
        self.read_windows: list[Window] = []

    def windows(self, title: str, headings: tuple[str, ...], spans: tuple[Span, ...]) -> tuple[Window, ...]:
        """All of a passage at once."""
        units = tuple(Unit(one.start, one.end, one.text, one.kind is not SentenceKind.HEADING) for one in spans)
        return (Window((), units, ()),)

    def read(self, question: str, windows: Sequence[Window]) -> list[WindowScores]:
        """The planted scores."""
        self.read_windows += windows
        scores = [[self.score(unit.text) for unit in window.units if unit.is_scored] for window in windows]
        return [WindowScores(np.array(one, dtype=np.float32), 0.0) for one in scores]


def passage(number: int, *texts: str, kinds: dict[int, SentenceKind] | None = None) -> Passage:
    """A passage whose sentences are ranked as they stand."""
    body = "\n".join(texts)
    evidence, at = [], 0
    for place, text in enumerate(texts):
        kind = (kinds or {}).get(place, SentenceKind.SENTENCE)
        evidence.append(Evidence(at, at + len(text), text, kind, float(10 - place - number)))
        at += len(text) + 1
    post = Post(id=f"p{number}", title=f"Post {number}", body=body)
    return Passage(post=post, text=body, start=0, end=len(body), score=1.0, evidence=tuple(evidence))


def read_by(score: Callable[[str], float], *passages: Passage, most: int = 10) -> list[Passage]:
    """Passages after they were read."""
    return reread("?", passages, PlantedReader(score), WEIGHTS, most)


def test_the_sentence_that_the_reader_finds_comes_first() -> None:
    (read,) = read_by(lambda text: 5.0 if "costs" in text else -3.0, passage(0, "A wheel turns.", "It costs 7 crowns."))
    assert [one.text for one in read.evidence] == ["It costs 7 crowns.", "A wheel turns."]
    assert [one.reader for one in read.evidence] == [5.0, -3.0]


def test_what_was_not_read_is_taken_for_a_poor_answer() -> None:
    first, second = read_by(lambda _: 1.0, passage(0, "Read."), passage(1, "Not read."), most=1)
    assert (first.evidence[0].reader, second.evidence[0].reader) == (1.0, None)
    assert second.evidence[0].score == 0.5 * 9.0 - 8.0


def test_windows_with_the_best_ranked_sentences_are_read_first() -> None:
    reader = PlantedReader(lambda _: 0.0)
    reread("?", [passage(3, "Late."), passage(0, "Early.")], reader, WEIGHTS, 1)
    assert [window.units[0].text for window in reader.read_windows] == ["Early."]


def test_a_line_whose_label_the_question_names_gains() -> None:
    texts = ("Entry: 4 crowns", "Place: Market hall", "It is late.")
    (read,) = reread("What is the entry fee?", [passage(0, *texts)], PlantedReader(lambda _: -2.0), WEIGHTS, 10)
    assert {one.text: one.reader for one in read.evidence} == dict(zip(texts, (1.0, -2.0, -2.0), strict=True))


def test_reading_ends_where_nothing_left_can_come_among_the_first_three() -> None:
    reader = PlantedReader(lambda _: 5.0)
    far = passage(40, "Far behind.")
    reread("?", [passage(0, "One.", "Two.", "Three."), far], reader, WEIGHTS, 10)
    assert [window.units[0].text for window in reader.read_windows] == ["One."]
    reread("?", [passage(0, "One.", "Two."), far], reader, WEIGHTS, 10)
    assert reader.read_windows[-1].units[0].text == "Far behind."


def test_features_tell_how_the_first_sentence_stands_out_and_how_long_its_quote_is() -> None:
    scores = {"Wheel.": -2.0, "Lamp.": 4.0, "Pier.": 1.5}
    before = [passage(0, "Wheel."), passage(1, "Lamp."), passage(2, "Pier.")]
    after = read_by(scores.__getitem__, *before)
    features = read_features(0.25, before, after, Quote(before[1].post, 0, 5, 1.0))
    assert (features.ranked, features.read, features.lead) == (0.25, 4.0, 2.5)
    assert features.passed == pytest.approx(math.log(2))  # the ranking alone puts "Wheel." before it
    assert features.length == pytest.approx(math.log(6))


def test_passages_are_read_where_a_sentence_of_them_is() -> None:
    unread = passage(0, "Wheel.")
    assert not is_read([unread])
    assert is_read([unread, *read_by(lambda _: 0.0, passage(1, "Lamp."))])


def quoted(read: Passage, text: str) -> str:
    """The stretch for a sentence of a passage that was read."""
    start, end = stretch(read, next(one for one in read.evidence if one.text == text))
    return read.post.body[start:end]


def test_code_comes_with_the_line_above_it_and_a_sentence_with_its_code() -> None:
    (read,) = read_by(
        {"Turn it off:": 2.0, "mode = off": 1.0, "Done.": -4.0}.__getitem__,
        passage(0, "Turn it off:", "mode = off", "Done.", kinds={1: SentenceKind.CODE}),
    )
    assert quoted(read, "mode = off") == "Turn it off:\nmode = off"
    assert quoted(read, "Turn it off:") == "Turn it off:\nmode = off"


def test_the_code_that_a_sentence_announces_is_what_answers_unless_it_is_not_quoted() -> None:
    (read,) = read_by(
        {"Turn it off:": 2.0, "mode = off": 1.0, "Done.": -4.0}.__getitem__,
        passage(0, "Turn it off:", "mode = off", "Done.", kinds={1: SentenceKind.CODE}),
    )
    announcing = next(one for one in read.evidence if one.text == "Turn it off:")
    assert answering_unit(read, announcing, end=len("Turn it off:\nmode = off")).text == "mode = off"
    assert answering_unit(read, announcing, end=len("Turn it off:")).text == "Turn it off:"


def test_a_sentence_takes_in_neighbours_that_answer_nearly_as_well_and_no_others() -> None:
    scores = {"It broke.": 2.0, "The file was still open.": 1.8, "Thanks to all.": -5.0}
    (read,) = read_by(scores.__getitem__, passage(0, *scores))
    assert quoted(read, "It broke.") == "It broke.\nThe file was still open."
    assert quoted(read, "Thanks to all.") == "Thanks to all."


def test_a_stretch_of_sentences_stays_short() -> None:
    texts = [f"{word} " * 20 for word in ("first", "second", "third", "fourth")]
    (read,) = read_by(lambda _: 1.0, passage(0, *texts))
    assert len(quoted(read, texts[1])) <= 320


@pytest.fixture
def assistant_with(small_index: Path) -> Callable[[Callable[[str], float]], Assistant]:
    """An assistant over the small posts whose reader is planted."""

    def made(score: Callable[[str], float]) -> Assistant:
        settings = AskSettings(reader=ReaderMode.FAST)
        reader = PlantedReader(score)
        return Assistant(
            small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings, reader=reader
        )

    return made


def test_a_reader_that_finds_nothing_makes_a_refusal(
    assistant_with: Callable[[Callable[[str], float]], Assistant],
) -> None:
    answer = assistant_with(lambda _: -20.0).ask("Who built the lighthouse?")
    assert (answer.level, answer.answered, answer.citations) == (Level.REFUSAL, False, ())


def test_what_the_reader_is_sure_of_is_an_answer(
    assistant_with: Callable[[Callable[[str], float]], Assistant],
) -> None:
    answer = assistant_with(lambda text: 15.0 if "Ingrid" in text else -5.0).ask("Who built the lighthouse?")
    assert answer.level is Level.ANSWER
    assert "Ingrid Holm" in answer.citations[0].quote
    assert answer.citations[0].focus is not None
    assert "Ingrid" in answer.citations[0].focus.quote


def test_between_the_thresholds_the_text_says_that_it_is_only_the_nearest(
    assistant_with: Callable[[Callable[[str], float]], Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    between = reading_weights().model_copy(update={"answer": 1.0, "nearest": 0.0})
    monkeypatch.setattr("qa.answering.snapshot.reading_weights", lambda: between)
    answer = assistant_with(lambda _: 0.0).ask("Who built the lighthouse?")
    assert (answer.level, answer.answered) == (Level.NEAREST, True)
    assert answer.text.startswith("No post says this outright. Nearest:\n\n")


def _scored(score: float, text: str) -> float:
    return score if "Ingrid" in text else -20.0


def test_an_evaluation_gets_the_answer_and_the_passages_and_reads_each_window_once(
    assistant_with: Callable[[Callable[[str], float]], Assistant],
) -> None:
    question = "Who built the lighthouse?"
    for score in (15.0, -20.0):
        assistant = assistant_with(partial(_scored, score))
        examined = assistant.examine(question, 3)
        read = assistant.reader.read_windows  # type: ignore[union-attr]
        assert len(read) == len(set(read)) > 0
        assert examined.answer == assistant.quote(question)
        assert list(examined.passages) == assistant.search(question, 3)
        assert examined.quotes == assistant.read_features(question)[1]
        assert examined.answer.citations == (examined.quotes if score > 0 else ())


def test_thresholds_divide_the_probabilities_into_levels() -> None:
    weights = WEIGHTS.model_copy(update={"answer": 0.8, "nearest": 0.2})
    levels = [weights.level(probability) for probability in (0.1, 0.2, 0.79, 0.8)]
    assert levels == [Level.REFUSAL, Level.NEAREST, Level.NEAREST, Level.ANSWER]
    assert weights.level(0.85, threshold=0.9) is Level.REFUSAL
    assert weights.level(0.15, threshold=0.1) is Level.NEAREST


def test_the_fingerprint_changes_with_what_a_probability_follows_from() -> None:
    assert WEIGHTS.model_copy(update={"answer": 0.1, "nearest": 0.1}).fingerprint == WEIGHTS.fingerprint
    assert WEIGHTS.model_copy(update={"unread": -9.0}).fingerprint != WEIGHTS.fingerprint


def test_the_assistant_names_how_much_is_read_with_which_weights(
    assistant_with: Callable[[Callable[[str], float]], Assistant], small_index: Path
) -> None:
    reading = reading_weights()
    name = assistant_with(lambda _: 0.0).reader_name
    assert name.startswith(f"fast ({reading.reader}, weights {reading.fingerprint}, answer from {reading.answer:.3f}")
    assert Assistant(small_index, encoder=WordHashEncoder()).reader_name == "off"


def test_a_question_in_another_language_is_left_to_the_ranking(
    assistant_with: Callable[[Callable[[str], float]], Assistant],
) -> None:
    answer = assistant_with(lambda _: -20.0).ask("¿Quién construyó el faro de Gull Rock?")
    assert all(one.reader is None for passage in answer.passages for one in passage.evidence)


@pytest.mark.parametrize(("named", "mode"), [("off", ReaderMode.OFF), ("fast", ReaderMode.FAST), ("full", "full")])
def test_the_environment_names_how_much_is_read(named: str, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_READER", named)
    assert AskSettings().reader == mode


def test_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_READER", "deep")
    with pytest.raises(SettingsError, match=r"QA_READER \(seen: deep\)\. Use off, fast or full"):
        stated_reader()


@pytest.mark.model
def test_the_weights_were_fitted_for_the_reader_that_is_installed() -> None:
    pytest.importorskip("postqa_reader")
    assert load_reader().verify().version == reading_weights().reader
