"""A model's words made an answer: markers in every form they come in, sentences cut, quotes chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.errors import WriterError
from qa import Answer, Assistant, Passage
from qa.answering.llm.grounding import grounded
from tests.stand_ins import WordHashEncoder, plain_weights

BUILT = "Ingrid Holm built the lighthouse on Gull Rock in 1874."
STEERS = "Captain Oda Lind has steered the ferry since 1998."


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    """An assistant over the small posts."""
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


@pytest.fixture
def answer(assistant: Assistant) -> Answer:
    """A quoted answer."""
    return assistant.ask("Who built the lighthouse on Gull Rock?")


def _passages(assistant: Assistant, *posts: str) -> list[Passage]:
    """The passage nearest to the question, and one of another post."""
    found = assistant.search("Who built the lighthouse, and who has steered the ferry?", 10)
    return [next(one for one in found if one.post.id.startswith(post)) for post in posts]


def _said(answer: Answer) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(answer.text[one.start : one.end], one.markers, one.supported) for one in answer.statements]


@pytest.mark.parametrize(
    "reply",
    [
        f"{BUILT} [1] {STEERS} [2]",
        f"{BUILT}[1] {STEERS}[2]",
        f"{BUILT[:-1]} [1]. {STEERS[:-1]} [2].",
        f"{BUILT[:-1]}[1]. {STEERS[:-1]} [2]",
        f"{BUILT} 【1】 {STEERS} [ 2 ]",
        f"{BUILT} [1][9] {STEERS} [2][2] [0]",
        f"{BUILT} [1, 7] {STEERS} [2; 1]",
    ],
)
def test_markers_are_understood_wherever_they_stand(assistant: Assistant, answer: Answer, reply: str) -> None:
    written = grounded(answer, _passages(assistant, "lighthouse", "ferry"), reply, "tiny")
    assert [(said.removesuffix("."), markers, holds) for said, markers, holds in _said(written)] == [
        (BUILT[:-1], ("[1]",), True),
        (STEERS[:-1], ("[2]",), True),
    ]
    assert [citation.quote for citation in written.citations] == [BUILT, STEERS]


def test_lines_and_lists_stay_as_they_were(assistant: Assistant, answer: Answer) -> None:
    reply = f"Two facts:\n\n\n- {BUILT} [2]\n- {STEERS} [1]\n"
    written = grounded(answer, _passages(assistant, "ferry", "lighthouse"), reply, "tiny")
    assert written.text == f"Two facts:\n\n- {BUILT} [1]\n- {STEERS} [2]"
    assert [holds for _, _, holds in _said(written)] == [False, True, True]


def test_one_quote_has_one_marker_and_two_quotes_of_a_passage_have_two(assistant: Assistant, answer: Answer) -> None:
    reply = (
        "Ingrid Holm built the lighthouse. [1] It dates from 1874 and Ingrid Holm built it. [1] "
        "Storms wrecked eleven ships. [1]"
    )
    written = grounded(answer, _passages(assistant, "lighthouse"), reply, "tiny")
    assert [markers for _, markers, _ in _said(written)] == [("[1]",), ("[1]",), ("[2]",)]
    assert [one.quote for one in written.citations] == [BUILT, "Storms had wrecked eleven ships there."]


def test_a_sentence_may_name_two_passages(assistant: Assistant, answer: Answer) -> None:
    reply = "Ingrid Holm built the lighthouse, and Oda Lind has steered the ferry since 1998. [1][2]"
    written = grounded(answer, _passages(assistant, "lighthouse", "ferry"), reply, "tiny")
    assert [(markers, holds) for _, markers, holds in _said(written)] == [(("[1]", "[2]"), True)]


def test_a_passage_that_has_nothing_of_the_sentence_is_not_cited_for_it(assistant: Assistant, answer: Answer) -> None:
    written = grounded(answer, _passages(assistant, "lighthouse", "ferry"), f"{BUILT} [1][2]", "tiny")
    assert [one.post.id for one in written.citations] == ["lighthouse"]


@pytest.mark.parametrize("reply", ["", " \n ", "[1]", "...", "- \n- "])
def test_nothing_is_no_answer(assistant: Assistant, answer: Answer, reply: str) -> None:
    with pytest.raises(WriterError, match="wrote nothing"):
        grounded(answer, _passages(assistant, "lighthouse"), reply, "tiny")


@pytest.mark.parametrize("reply", ["The posts do not say.", "the posts do not say [1]", " The posts do not say… "])
def test_a_model_that_finds_nothing_is_told_apart(assistant: Assistant, answer: Answer, reply: str) -> None:
    with pytest.raises(WriterError, match="found no answer"):
        grounded(answer, _passages(assistant, "lighthouse"), reply, "tiny")


def test_all_that_is_not_the_text_stays_as_it_was(assistant: Assistant, answer: Answer) -> None:
    written = grounded(answer, _passages(assistant, "lighthouse"), f"{BUILT} [1]", "tiny")
    changed = {"segments", "citations", "written_by", "statements"}
    assert dict(written, **dict.fromkeys(changed)) == dict(answer, **dict.fromkeys(changed))


@pytest.mark.parametrize("spans", [[(0, 10_000)], [(5, 5)], [(-1, 3)], [(0, 4), (3, 6)]])
def test_a_statement_outside_the_text_is_no_statement(answer: Answer, spans: Sequence[tuple[int, int]]) -> None:
    statements = [{"start": start, "end": end, "supported": True, "support": 1} for start, end in spans]
    with pytest.raises(ValidationError):
        Answer.model_validate({**dict(answer), "statements": statements})
