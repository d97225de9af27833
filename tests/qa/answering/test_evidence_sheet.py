"""A sheet in a link: every character of its quotes is compared again with the posts, and what changed is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.reader import Index
from qa import Answer, Assistant
from qa.answering.evidence_sheet import SheetBroken, Standing, proofs, sheet_of, sheet_token
from qa.web.sheet import sheet_html
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

QUESTION = "Who built the lighthouse on Gull Rock?"


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


def _token(answer: Answer) -> str:
    token = sheet_token(answer)
    assert token is not None
    return token


def test_an_answer_still_stands(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    sheet = sheet_of(_token(answer))
    assert [quote.text for quote in sheet.quotes] == [citation.quote for citation in answer.citations]
    proven = list(proofs(sheet, assistant.index))
    assert {proof.standing for proof in proven} == {Standing.STANDS}
    page = sheet_html(sheet, proven, 1)
    assert "Still stands&#58; every character" in page
    assert "<mark>Ingrid Holm built the lighthouse" in page


@pytest.mark.parametrize(
    ("was", "now", "standing", "told"),
    [
        ("Ingrid", "First of all. Ingrid", Standing.MOVED, "elsewhere in the post"),
        ("1874", "1875", Standing.CHANGED, "It was"),
    ],
)
def test_what_moved_or_changed_is_told(
    assistant: Assistant, tmp_path: Path, was: str, now: str, standing: Standing, told: str
) -> None:
    sheet = sheet_of(_token(assistant.ask(QUESTION)))
    build_small(tmp_path / "later", [{**POSTS[0], "text": str(POSTS[0]["text"]).replace(was, now, 1)}, *POSTS[1:]])
    later = Index.open(tmp_path / "later")
    proven = list(proofs(sheet, later))
    assert proven[0].standing is standing
    page = sheet_html(sheet, proven, 2)
    assert told in page
    if standing is Standing.CHANGED:
        assert "1874" in page
        assert "1875" in page
    later.close()


def test_a_post_that_is_gone_is_told(assistant: Assistant, tmp_path: Path) -> None:
    sheet = sheet_of(_token(assistant.ask(QUESTION)))
    build_small(tmp_path / "later", POSTS[1:])
    later = Index.open(tmp_path / "later")
    proven = list(proofs(sheet, later))
    assert proven[0].standing is Standing.GONE
    assert "no longer in the index" in sheet_html(sheet, proven, 2)
    later.close()


def test_a_refusal_has_no_sheet(assistant: Assistant) -> None:
    assert sheet_token(assistant.ask("Which planet has rings?")) is None


@pytest.mark.parametrize("token", ["", "x", "AAAA", "é", "eJwDAAAAAAE"])
def test_what_is_no_link_of_a_sheet_is_refused(token: str) -> None:
    with pytest.raises(SheetBroken, match="holds no evidence sheet"):
        sheet_of(token)
