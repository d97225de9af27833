"""Follow-ups to what was cited last, small talk, and questions back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from qa.answer import Answer, Level
from qa.answering.receipt import Receipt
from qa.assistant import Assistant
from qa.markdown import answer_markdown
from tests.stand_ins import WordHashEncoder, plain_weights

BUILT = "Who built the lighthouse on Gull Rock?"
AUTHOR = "“The lighthouse on Gull Rock” is by Mara Quill. [1]"
DATE = "“The lighthouse on Gull Rock” is dated 4 May 2021. [1]"


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    """An assistant over the small index."""
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


def _last(assistant: Assistant, *questions: str) -> Answer:
    """The answer to the last of a conversation's questions."""
    history: list[Answer] = []
    for question in questions:
        history.append(assistant.ask(question, history=history))
    return history[-1]


def test_who_wrote_it_names_the_author_of_the_cited_post(assistant: Assistant) -> None:
    cited = assistant.ask(BUILT).citations[0]
    answer = _last(assistant, BUILT, "Who wrote it?")
    assert (answer.text, answer.level) == (AUTHOR, Level.ANSWER)
    assert (answer.citations[0].quote, answer.citations[0].post.id) == (cited.quote, "lighthouse")
    assert answer.certainty == "stated with the post, not in its text"


def test_small_talk_in_between_changes_nothing(assistant: Assistant) -> None:
    assert _last(assistant, BUILT, "Thanks!", "And who wrote it?").text == AUTHOR


def test_and_when_after_the_author_is_the_date_of_the_post(assistant: Assistant) -> None:
    assert _last(assistant, BUILT, "Who wrote it?", "And when?").text == DATE


def test_and_when_asks_for_the_time_of_what_was_quoted_and_names_the_date_of_the_post(assistant: Assistant) -> None:
    answer = _last(assistant, BUILT, "And when?")
    assert answer.question == "And when?"
    assert answer.question_as_understood == "When built the lighthouse on Gull Rock?"
    assert "1874" in answer.text
    assert answer.warnings == ("“The lighthouse on Gull Rock” is dated 4 May 2021.",)


@pytest.mark.parametrize("questions", [[BUILT], [BUILT, "Who wrote it?"]])
def test_plain_questions_are_a_history_too(assistant: Assistant, questions: Sequence[str]) -> None:
    assert assistant.ask("When was it published?", history=questions).text == DATE


def test_a_follow_up_in_spanish_is_answered_in_spanish(assistant: Assistant) -> None:
    assert (
        _last(assistant, BUILT, "¿Y quién lo escribió?").text == "“The lighthouse on Gull Rock” es de Mara Quill. [1]"
    )


def test_every_cited_post_with_an_author_is_named(assistant: Assistant) -> None:
    posts = {"lighthouse": "Mara Quill", "bees": "Tomas Reed"}
    answers = [assistant.ask(question) for question in (BUILT, "What do the island bees gather from heather?")]
    citations = tuple(
        one.model_copy(update={"marker": f"[{number}]"})
        for number, one in enumerate((answer.citations[0] for answer in answers), 1)
    )
    both = answers[0].model_copy(update={"citations": citations})
    answer = assistant.ask("Who wrote it?", history=[both])
    assert [one.post.id for one in answer.citations] == list(posts)
    assert all(name in answer.text for name in posts.values())


def test_a_post_without_an_author_is_said_to_name_none(assistant: Assistant) -> None:
    crosses = assistant.ask("When does the ferry leave the pier?")
    cited = tuple(citation for citation in crosses.citations if citation.post.id == "ferry")
    alone = crosses.model_copy(update={"citations": cited})
    answer = assistant.ask("Who wrote it?", history=[alone])
    assert (answer.text, answer.level) == ("“The ferry timetable” names no author.", Level.REFUSAL)


@pytest.mark.parametrize("question", ["Who wrote it?", "And when?", "Why?", "What does it do?", "The second one?"])
def test_what_refers_to_nothing_is_asked_back_in_one_line(assistant: Assistant, question: str) -> None:
    answer = _last(assistant, "hello", question)
    assert answer.level is Level.REPLY
    assert answer.text.startswith("What do you mean?")
    assert str(answer) == answer.text
    assert not answer
    assert (answer.citations, answer.certainty) == ((), "")


@pytest.mark.parametrize(
    ("text", "reply"),
    [("Hello!", "Hello!"), ("thank you", "You are welcome."), ("gracias", "De nada."), ("你好", "你好！")],
)
def test_small_talk_gets_a_friendly_line_in_its_language(assistant: Assistant, text: str, reply: str) -> None:
    answer = assistant.ask(text)
    assert answer.level is Level.REPLY
    assert answer.text.startswith(reply)
    assert answer_markdown(answer).startswith(reply[:-1])


def test_facts_and_replies_are_proven_again_from_their_receipts(assistant: Assistant) -> None:
    for questions in ([BUILT, "Who wrote it?"], ["hello"]):
        answer = _last(assistant, *questions)
        again = Receipt.model_validate_json(Receipt.of(answer).model_dump_json()).answer(assistant.index)
        assert (again.text, again.segments, str(again)) == (answer.text, answer.segments, str(answer))
