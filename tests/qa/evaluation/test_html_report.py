"""The report page: self-contained, escaped, with every missed question."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from qa.evaluation.compare import compare
from qa.evaluation.html_report import html_report, reasons_missed
from qa.evaluation.results import Evaluation, Quoted, Row, TopPassage
from qa.evaluation.tables import to_json

EVIL = "<script>alert('x')</script>\"&"
VOID = {"meta"}


class Balance(HTMLParser):
    """Checks that elements are closed in order and gathers the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an opened element."""
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last opened element, which must be this one."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def _row(**fields: object) -> Row:
    given: dict[str, object] = {
        "id": "g1",
        "question": f"Who {EVIL}?",
        "kind": EVIL,
        "answerable": True,
        "gold_posts": (f"Title {EVIL}",),
        "gold_quotes": (f"Quote {EVIL}",),
        "answered": True,
        "confidence": 0.25,
        "answer": f"Answer {EVIL}",
        "candidates": (
            Quoted(post_id="p", title=EVIL, start=0, end=4, quote=f"Offered {EVIL}", proven=True, right=False),
        ),
        "passages": (
            TopPassage(
                post_id="p",
                title=f"Found {EVIL}",
                text=EVIL,
                score=1.5,
                features={f"dense {EVIL}": 0.125},
                relevant=False,
            ),
        ),
        "post_rank": 4,
        "passage_rank": 7,
        "measures": {"post recall@1": 0.0, "quote@1": 0.0, "decision": 1.0},
        "milliseconds": 12.0,
    }
    return Row.model_validate(given | fields)


def _page(*rows: Row) -> tuple[str, Balance]:
    page = html_report(Evaluation(gold=f"set {EVIL}", rows=rows))
    parsed = Balance()
    parsed.feed(page)
    return page, parsed


def test_every_element_is_closed_in_order() -> None:
    assert _page(_row())[1].open == []


def test_no_script_runs_and_nothing_is_fetched() -> None:
    page, parsed = _page(_row())
    assert parsed.seen.isdisjoint({"script", "link", "img", "iframe", "object", "base"})
    assert not re.search(r"https?:|//|url\(|@import|\bsrc=|\bhref=|\bon\w+=", page)
    assert "default-src 'none'" in page


def test_what_comes_from_posts_and_questions_is_text_on_the_page() -> None:
    _, parsed = _page(_row())
    pieces = ("Who", "Answer", "Quote", "Title", "Offered", "Found", "dense", "set")
    for piece in pieces:
        assert f"{piece} {EVIL}" in parsed.text


def test_a_missed_question_shows_what_was_retrieved_instead_and_every_feature() -> None:
    _, parsed = _page(_row())
    for piece in ("first gold post at rank 4", "the first quote is not a gold quote", "0.125", "1.500"):
        assert piece in parsed.text
    assert "1 of 1 questions" in parsed.text


def test_a_question_answered_right_is_not_among_the_missed() -> None:
    right = _row(post_rank=1, correct=True, measures={"quote@1": 1.0, "decision": 1.0})
    assert reasons_missed(right) == []
    assert "0 of 1 questions" in _page(right)[1].text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"answered": False}, "refused, though the corpus answers it"),
        ({"answerable": False}, "answered, though the corpus does not answer it"),
        ({"post_rank": None}, "first gold post not among the ranked passages"),
        ({"error": "too long"}, "refused as input: too long"),
        ({"measures": {"answer@1": 0.0}}, "the first quote holds no gold answer"),
        ({"measures": {"answer hit": 0.0}}, "no gold answer in the answer's text"),
        ({"unplaced_quotes": ("gone",)}, "a gold quote is not in the gold post"),
    ],
)
def test_the_reasons_of_a_miss_are_in_plain_words(fields: dict[str, object], told: str) -> None:
    assert told in reasons_missed(_row(**fields))


def test_a_rightly_refused_question_is_no_miss() -> None:
    assert reasons_missed(_row(answerable=False, answered=False)) == []


def test_the_page_follows_the_screen_light_or_dark() -> None:
    assert "prefers-color-scheme: dark" in _page(_row())[0]


def test_the_charts_name_what_they_show() -> None:
    page, _ = _page(_row(), _row(id="g2", passage_rank=None))
    for name in (
        "Rank of the first relevant passage",
        "Risk at coverage",
        "Reliability",
        "Time of one answer",
    ):
        assert f'aria-label="{name}"' in page
    assert "median 12.0 ms" in page
    assert "p95 12.0 ms" in page


def test_a_comparison_shows_both_answers_and_the_verdict() -> None:
    old = Evaluation(gold="set", rows=tuple(_row(id=f"g{n}", measures={"quote@1": 1.0}) for n in range(6)))
    new_rows = tuple(_row(id=f"g{n}", measures={"quote@1": 0.0}, answer="New <b>") for n in range(6))
    new = Evaluation(gold="set", rows=new_rows)
    parsed = Balance()
    parsed.feed(html_report(new, compare(to_json(old), new)))
    for piece in ("A significant loss", f"Answer {EVIL}", "New <b>", "quote@1 1 → 0", "Lost: 6"):
        assert piece in parsed.text


@pytest.mark.parametrize("count", [1, 2, 201, 450])
def test_a_page_of_any_number_of_questions_is_drawn(count: int) -> None:
    rows = [_row(id=f"g{n}", confidence=n / count, milliseconds=float(n)) for n in range(count)]
    assert _page(*rows)[1].open == []


def test_the_page_shows_where_answers_are_lost_and_every_question_there() -> None:
    right = Quoted(post_id="p", title="T", start=0, end=4, quote="Word", proven=True, right=True)
    rows = (
        _row(passage_rank=2, kind="list"),
        _row(id="g2", citations=(right,), kind="list"),
        _row(id="g3", answerable=False, kind="near-miss"),
    )
    _, parsed = _page(*rows)
    for piece in ("found but not chosen: 1 of 2", "answered: 1 of 2", "passage 2 · quote none", "answer: 1 of 1"):
        assert piece in parsed.text
    assert "Σ over bins of confidence" in parsed.text
