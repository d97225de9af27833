"""A receipt holds no word of a post, and gives the answer back as long as the posts bear it out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from qa import Answer, Assistant
from qa.answer import Level
from qa.answering.citations import statement_segments
from qa.answering.receipt import QuotedSpan, Receipt, ReceiptBroken
from qa.records import Segment, Statement
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

QUESTION = "Who built the lighthouse on Gull Rock?"


@pytest.fixture
def assistant(small_index: Path) -> Assistant:
    return Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights())


def _without_evidence(answer: Answer) -> Answer:
    passages = tuple(passage.model_copy(update={"evidence": ()}) for passage in answer.passages)
    return answer.model_copy(update={"passages": passages})


@pytest.mark.parametrize("question", [QUESTION, "Which planet has rings?", "How do I climb the tower?"])
def test_an_answer_is_the_same_again_but_for_its_evidence(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    told = Receipt.of(answer).model_dump_json()
    assert Receipt.model_validate_json(told).answer(assistant.index) == _without_evidence(answer)


def test_a_refusal_of_an_earlier_version_which_states_no_level_stays_one(assistant: Assistant) -> None:
    earlier = json.loads(Receipt.of(assistant.ask("Which planet has rings?")).model_dump_json())
    del earlier["level"]
    assert Receipt.model_validate(earlier).answer(assistant.index).level is Level.REFUSAL


def test_it_holds_places_and_hashes_but_no_words_of_the_posts(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    told = json.loads(Receipt.of(answer).model_dump_json())
    assert answer.citations[0].quote not in json.dumps(told)
    assert told["quotes"][0]["post"] == "lighthouse"
    assert len(told["quotes"][0]["sha256"]) == 64


def test_a_quote_that_changed_breaks_it_and_the_place_is_named(assistant: Assistant, tmp_path: Path) -> None:
    receipt = Receipt.of(assistant.ask(QUESTION))
    changed = [{**POSTS[0], "text": str(POSTS[0]["text"]).replace("1874", "1875")}, *POSTS[1:]]
    build_small(tmp_path / "later", changed)
    later = Assistant(tmp_path / "later", encoder=WordHashEncoder(), weights=plain_weights())
    with pytest.raises(ReceiptBroken, match="post lighthouse, characters 0 to"):
        receipt.answer(later.index)


def test_what_changed_elsewhere_only_leaves_that_passage_out(assistant: Assistant, tmp_path: Path) -> None:
    answer = assistant.ask(QUESTION)
    others = [{**post, "text": f"New. {post['text']}"} for post in POSTS[1:]]
    build_small(tmp_path / "later", [POSTS[0], *others])
    later = Assistant(tmp_path / "later", encoder=WordHashEncoder(), weights=plain_weights())
    again = Receipt.of(answer).answer(later.index)
    assert [(one.quote, one.start) for one in again.citations] == [(one.quote, one.start) for one in answer.citations]
    assert {passage.post.id for passage in again.passages} == {"lighthouse"}
    assert len(again.passages) < len(answer.passages)


def test_what_a_language_model_wrote_comes_back_with_its_marks(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    statements = (Statement(start=0, end=9, supported=False, support=0.2),)
    segments = (*statement_segments("", "Ingrid di", statements[0]), Segment("d."))
    update = {"segments": segments, "written_by": "a model", "statements": statements}
    written = Answer.model_validate({**dict(answer), **update})
    again = Receipt.model_validate_json(Receipt.of(written).model_dump_json()).answer(assistant.index)
    assert again == _without_evidence(written)


def test_a_receipt_with_a_marker_of_no_citation_gives_no_answer(assistant: Assistant) -> None:
    receipt = Receipt.of(assistant.ask(QUESTION))
    stray = Statement(start=0, end=10, markers=("[9]",), supported=True, support=1)
    with pytest.raises(ValidationError, match=r"no citation has the marker \[9\]"):
        receipt.model_copy(update={"text": "Ingrid did [9]", "statements": (stray,)}).answer(assistant.index)


def test_a_marker_is_a_number_in_brackets() -> None:
    with pytest.raises(ValidationError, match="marker"):
        QuotedSpan(post="a", start=0, end=1, sha256="", score=1, marker='"><script>')
