"""The whole way from a question to an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index.encoders import Vectors
from index.errors import EncoderMismatch, IndexClosed, IndexMissing, QuestionError
from index.reader import Index
from qa.answer import Answer
from qa.answering.quotes import _LONGEST_LIST
from qa.assistant import Assistant
from qa.messages import ENGLISH
from qa.settings import AskSettings
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

QUESTIONS = [
    "Who built the lighthouse on Gull Rock?",
    "What replaced whale oil?",
    "How do I climb the tower?",
    "What did the harbour wall give in 2020?",
    "What killed the colonies?",
    "When does the ferry leave?",
    "Who has steered the ferry?",
    "What does the keeper sell?",
]


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    """An assistant over the small index."""
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


def _assert_proven(answer: Answer) -> None:
    for number, citation in enumerate(answer.citations, 1):
        assert citation.marker == f"[{number}]"
        assert citation.post.body[citation.start : citation.end] == citation.quote
        assert f"{citation.quote} {citation.marker}" in answer.text


def test_an_answer_is_quoted_from_the_post_that_gives_it(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    assert answer.answered
    assert answer.citations[0].quote.startswith("Ingrid Holm built the lighthouse on Gull Rock in 1874.")
    assert answer.citations[0].post.id == "lighthouse"
    assert answer.citations[0].post.url == "https://coast.example/lighthouse"
    assert answer.nearest == ()
    assert 0.5 <= answer.confidence <= 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_of_every_answer_is_proven(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.answered
    assert answer.question == question
    assert answer.passages
    assert len(answer.citations) <= assistant.settings.quotes
    _assert_proven(answer)


def test_the_text_of_an_answer_is_its_quotes_and_markers_and_nothing_else(assistant: Assistant) -> None:
    for question in QUESTIONS:
        answer = assistant.ask(question)
        left = answer.text
        for citation in answer.citations:
            left = left.replace(f"{citation.quote} {citation.marker}", "", 1)
        assert left.strip() == ""


def test_steps_are_quoted_with_the_line_that_announces_them(assistant: Assistant) -> None:
    quote = assistant.ask("How do I climb the tower?").citations[0].quote
    assert quote.startswith("To climb the tower, do the following:")
    assert quote.endswith("3. Climb the 112 stairs.")
    assert len(quote) < _LONGEST_LIST


def test_a_row_is_quoted_whole_with_its_header(assistant: Assistant) -> None:
    answer = assistant.ask("What did the harbour wall give in 2020?")
    quote = answer.citations[0].quote
    assert quote.startswith("| Hive | Kilograms | Year |")
    assert quote.endswith("| Harbour wall | 18 | 2020 |")


def test_a_refusal_is_a_value_that_names_the_nearest_posts(assistant: Assistant) -> None:
    answer = assistant.ask("Which bank prints zloty?")
    assert (answer.answered, answer.text, answer.citations) == (False, ENGLISH.refusal, ())
    assert answer.confidence < 0.5
    assert 1 <= len(answer.nearest) <= 3
    assert len({post.id for post in answer.nearest}) == len(answer.nearest)
    assert answer.passages


def test_the_settings_threshold_goes_before_the_fitted_one(small_index: Path) -> None:
    for threshold, answered in ((1.0, False), (0.0, True)):
        settings = AskSettings(threshold=threshold)
        with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings) as strict:
            assert strict.ask(QUESTIONS[0]).answered is answered


def test_an_answer_carries_as_many_passages_as_the_settings_say(small_index: Path) -> None:
    settings = AskSettings(passages=2)
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings) as brief:
        assert len(brief.ask(QUESTIONS[0]).passages) == 2


@pytest.mark.parametrize(
    "question", ["", "   ", "\n\t", "\0", "?!…", "— – ·", "\x00\x07\x1b", "\ud800", "\u200b\u202e"]
)
def test_a_question_without_a_word_is_refused_as_empty(assistant: Assistant, question: str) -> None:
    for asked in (assistant.ask, assistant.search):
        with pytest.raises(QuestionError, match="the question is empty"):
            asked(question)


def test_a_question_of_a_hundred_thousand_characters_is_refused_before_it_is_read(small_index: Path) -> None:
    class Unreadable(WordHashEncoder):
        def encode_query(self, queries: Sequence[str]) -> Vectors:
            pytest.fail(f"{len(queries)} questions were encoded")

    too_long = pytest.raises(QuestionError, match=r"too long.*100,000 characters.*at most 2,000")
    with Assistant(small_index, encoder=Unreadable()) as assistant, too_long:
        assistant.ask("why " * 25_000)


@pytest.mark.parametrize("question", [None, 5, b"Who?", ["Who?"]])
def test_a_question_that_is_no_text_is_refused(assistant: Assistant, question: object) -> None:
    with pytest.raises(QuestionError, match="not a text"):
        assistant.ask(question)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "  Who built\tthe lighthouse\non Gull Rock? ",
        "Who\0 built the lighthouse on Gull Rock?",
        "Who built the \x07lighthouse\x1b on Gull Rock?",
        "\ud800Who built the lighthouse on Gull Rock?\udfff",
        "Who built the \u202elighthouse\u202c on Gull Rock?",
        "WHO BUILT THE LIGHTHOUSE ON GULL ROCK?",
    ],
)
def test_stray_signs_in_a_question_change_nothing_and_get_nowhere(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.citations[0].quote.startswith("Ingrid Holm built the lighthouse")
    assert answer.question_as_understood.isprintable()
    answer.model_dump_json()
    str(answer).encode()


@pytest.mark.parametrize("k", [0, -1, 10**9, "5", True, 2.0, None])
def test_a_number_of_passages_out_of_range_is_refused(assistant: Assistant, k: object) -> None:
    with pytest.raises(QuestionError, match=r"k is out of range.*Use 1 to 1000"):
        assistant.search("lighthouse", k)  # type: ignore[arg-type]


@pytest.mark.parametrize("k", [1, 3, 1000])
def test_a_search_gives_at_most_k_passages(assistant: Assistant, k: int) -> None:
    found = assistant.search("Who built the lighthouse?", k)
    assert 1 <= len(found) <= k


def test_a_search_and_an_answer_rank_alike(assistant: Assistant) -> None:
    for question in QUESTIONS:
        answer = assistant.ask(question)
        texts = [passage.text for passage in answer.passages]
        assert [passage.text for passage in assistant.search(question, len(texts))] == texts


def test_a_suggestion_is_the_best_quote_and_neither_read_nor_reranked_nor_written(small_index: Path) -> None:
    class Failing:
        name = "failing"
        seconds = 0.0

        def __getattr__(self, _: str) -> object:
            raise AssertionError("a suggestion is the ranking's alone")

    failing: Any = Failing()
    parts = {"reader": failing, "reranker": failing, "writer": failing}
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), **parts) as fast:
        suggested = fast.suggest("Who built the lighthouse on Gull Rock?")
        assert suggested is not None
        assert suggested.shown_focus == "Ingrid Holm built the lighthouse on Gull Rock in 1874."
        assert fast.suggest("Which planet has rings?") is None
        with pytest.raises(AssertionError, match="ranking"):
            fast.ask("Who built the lighthouse on Gull Rock?")


def test_a_missing_index_names_the_command_that_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexMissing, match=r"no index yet in .*nowhere\. Make one: qa build PATH --index .*nowhere"):
        Assistant(tmp_path / "nowhere", encoder=WordHashEncoder())
    monkeypatch.setenv("QA_INDEX", str(tmp_path / "unset"))
    with pytest.raises(IndexMissing, match=r"qa build PATH --index .*unset"):
        Assistant(encoder=WordHashEncoder())


def test_another_encoder_than_the_indexs_is_refused(small_index: Path) -> None:
    with pytest.raises(EncoderMismatch, match=r"built with word-hash .* asked with other .*qa build"):
        Assistant(small_index, encoder=WordHashEncoder(name="other"))


def test_an_opened_index_may_be_given(small_index: Path) -> None:
    opened = Index.open(small_index)
    with Assistant(opened, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        assert assistant.index is opened
        assert assistant.ask(QUESTIONS[0]).answered


def test_eight_threads_get_the_answers_that_one_gets(assistant: Assistant) -> None:
    alone = [assistant.ask(question) for question in QUESTIONS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(assistant.ask, QUESTIONS * 8))
    assert together == alone * 8


def test_eight_threads_read_what_was_never_read_before(small_index: Path) -> None:
    def answers(shared: Assistant) -> list[Answer]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(shared.ask, QUESTIONS * 2))

    encoder, weights = WordHashEncoder(), plain_weights()
    rounds = []
    for _ in range(10):  # each with empty caches
        with Assistant(small_index, encoder=encoder, weights=weights) as shared:
            rounds.append(answers(shared))
    assert all(one == rounds[0] for one in rounds)


def test_an_assistant_picks_a_new_generation_up_between_questions(assistant: Assistant, small_index: Path) -> None:
    assert assistant.ask(QUESTIONS[0]).generation == 1
    build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
    answer = assistant.ask(QUESTIONS[0])
    assert answer.generation == 2
    assert {passage.post.id for passage in answer.passages} == {"new"}


def test_an_assistant_over_an_opened_index_stays_with_it(small_index: Path) -> None:
    with Assistant(Index.open(small_index), encoder=WordHashEncoder()) as pinned:
        before = pinned.ask(QUESTIONS[0])
        build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
        assert pinned.ask(QUESTIONS[0]) == before


def test_a_generation_of_another_encoder_brings_that_encoder(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(("word-hash", "another-model"))
    monkeypatch.setattr("qa.answering.snapshot.load_encoder", lambda *_: WordHashEncoder(name=next(names)))
    with Assistant(small_index) as following:
        assert following.ask(QUESTIONS[0]).generation == 1
        build_small(small_index, encoder=WordHashEncoder(name="another-model"))
        assert following.ask(QUESTIONS[0]).generation == 2
        assert following.encoder_name == "another-model"


def test_a_generation_of_another_encoder_than_the_given_leaves_the_old_one_serving_and_that_is_said(
    assistant: Assistant, small_index: Path
) -> None:
    build_small(small_index, encoder=WordHashEncoder(name="another-model"))
    with pytest.warns(UserWarning, match=r"generation 1 goes on serving: .*another-model"):
        assert assistant.ask(QUESTIONS[0]).generation == 1
    assert assistant.ask(QUESTIONS[0]).generation == 1


def test_quotes_come_from_the_assistant_itself(assistant: Assistant) -> None:
    assert [assistant.quote(question) for question in QUESTIONS] == [assistant.ask(question) for question in QUESTIONS]


@pytest.mark.parametrize("is_opened", [False, True])
def test_closing_twice_is_harmless_and_asking_afterwards_is_refused(small_index: Path, is_opened: bool) -> None:
    index = Index.open(small_index) if is_opened else small_index
    closed = Assistant(index, encoder=WordHashEncoder(), weights=plain_weights())
    closed.close()
    closed.close()
    for ask in (closed.ask, closed.quote, closed.search, closed.stream):
        with pytest.raises(IndexClosed, match=r"the index is closed.*Open it again"):
            ask(QUESTIONS[0])


def test_a_closed_assistant_stays_closed_when_a_generation_is_published(small_index: Path) -> None:
    closed = Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights())
    closed.close()
    build_small(small_index, [{"id": "new", "title": "New", "text": "Nothing of that."}])
    with pytest.raises(IndexClosed):
        closed.ask(QUESTIONS[0])


def test_assistants_over_one_opened_index_may_be_closed_in_any_order(small_index: Path) -> None:
    index = Index.open(small_index)
    one, other = (Assistant(index, encoder=WordHashEncoder(), weights=plain_weights()) for _ in range(2))
    one.close()
    with pytest.raises(IndexClosed):
        other.ask(QUESTIONS[0])
    other.close()
    index.close()
