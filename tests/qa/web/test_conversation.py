"""The conversation goes on after bad questions and errors, shows words as they come, and never mixes its turns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pytest

from index.errors import QuestionError
from index.filters import Filters
from qa import Answer
from qa.answering.llm.stream import words_of
from qa.web.conversation import Conversation, Position
from qa.web.turns import Turn, Turns


class Scripted:
    """Gives one answer, unless the question is empty or "break"."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask(self, question: str, *, history: Sequence[Answer] = (), filters: object = None) -> Answer:
        """A made answer."""
        if not question.strip():
            raise QuestionError("the question is empty", remedy="Type a question.")
        if question == "break":
            raise RuntimeError("secret path /srv/x")
        return self.answer

    def stream(
        self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None
    ) -> Iterator[str | Answer]:
        """The same, in pieces."""
        return words_of(self.ask(question, history=history, filters=filters))


def _converse(
    scripted: Scripted, question: str, turns: Turns, stated: Mapping[str, object] | None = None
) -> list[Turns]:
    return list(Conversation(scripted).ask(question, Position(turns), stated))


def _last(answer: Answer, question: str, turns: Turns = ()) -> Turns:
    return _converse(Scripted(answer), question, turns)[-1]


def test_quotes_are_shown_at_once_and_with_their_sources(answer: Answer) -> None:
    states = [state[-1] for state in _converse(Scripted(answer), "When?", ())]
    assert states[0].assistant_html == ""
    assert answer.citations[0].quote.split(",")[0] in states[1].assistant_html
    assert all(state.sources_html == states[-1].sources_html for state in states[1:])
    assert "83 %" in states[-1].assistant_html


def test_suggestions_come_after_a_whole_answer(answer: Answer) -> None:
    states = list(Conversation(Scripted(answer), lambda _: ["And then?"]).ask("When?", Position()))
    assert not states[-2][-1].is_whole
    assert "And then&#63;" in states[-1][-1].assistant_html


def test_streamed_words_are_shown_as_they_come(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1_000))
    monkeypatch.setattr("qa.web.conversation.monotonic", lambda: float(next(moments)))
    states = [state[-1] for state in _converse(Scripted(answer), "When?", ())]
    shown = [state.assistant_html for state in states[1:-2]]
    assert len(shown) == len(answer.text.split())
    assert all(len(earlier) < len(later) for earlier, later in pairwise(shown))
    assert "href" not in "".join(shown)  # no marker is a link before it is checked


@pytest.mark.parametrize(("question", "message"), [("  ", "The question is empty"), ("break", "ask it again")])
def test_after_an_error_the_next_question_works(
    answer: Answer, question: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    turns = _last(answer, question)
    assert message in turns[-1].assistant_html
    assert "secret" not in turns[-1].assistant_html
    assert ("secret" in caplog.text) is (question == "break")
    turns = _last(answer, "When?", turns)
    assert [turn.number for turn in turns] == [1, 2]
    assert "#pq-2-1" in turns[-1].assistant_html
    assert 'id="pq-2-1"' in turns[-1].sources_html


def test_a_conversation_keeps_its_last_turns_and_goes_on_counting(answer: Answer) -> None:
    turns = tuple(Turn(number, "q", "a") for number in range(1, 41))
    kept = _last(answer, "", turns)
    assert len(kept) == 30
    assert kept[-1].number == 41


def test_a_long_question_is_not_repeated_whole(answer: Answer) -> None:
    assert len(_last(answer, "x" * 100_000)[-1].user_html) < 1_000


def test_a_later_question_is_asked_with_the_answers_before_it(answer: Answer) -> None:
    histories: list[Sequence[Answer]] = []

    class Recording(Scripted):
        def ask(self, question: str, *, history: Sequence[Answer] = (), filters: object = None) -> Answer:
            histories.append(history)
            return self.answer

    recording = Recording(answer)
    turns = _converse(recording, "Who founded it?", ())[-1]
    _converse(recording, "And who funded it?", turns)
    assert histories == [[], [answer]]


def test_filters_reach_the_assistant_and_an_invalid_date_is_an_error(answer: Answer) -> None:
    received: list[object] = []

    class Recording(Scripted):
        def ask(self, question: str, *, history: Sequence[Answer] = (), filters: object = None) -> Answer:
            received.append(filters)
            return self.answer

    stated = {"posts": [], "authors": ["Ann"], "publishers": [], "since": "2021", "until": ""}
    _converse(Recording(answer), "Who?", (), stated)
    assert received == [Filters(authors=("Ann",), since="2021")]
    refused = _converse(Recording(answer), "Who?", (), {**stated, "since": "soon"})[-1]
    assert "not a date such as 2021" in refused[-1].reply_html
    assert len(received) == 1
