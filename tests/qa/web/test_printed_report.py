"""The report of an evaluation on paper: what is folded on the screen is printed."""

from __future__ import annotations

import base64
from pathlib import Path

import pypdfium2
import pytest
from selenium import webdriver

from qa.evaluation.compare import compare
from qa.evaluation.definitions import FORMULAS
from qa.evaluation.html_report import html_report
from qa.evaluation.results import Evaluation, Quoted, Row
from qa.evaluation.tables import to_json


def _evaluation(answer: str, right: float) -> Evaluation:
    offered = Quoted(post_id="p", title="Post", start=0, end=4, quote="Offered quote", proven=True, right=False)
    rows = [
        Row(
            id=f"g{number}", question="Who?", kind="factoid", answerable=True, answered=True, confidence=0.5,
            answer=answer, candidates=(offered,), measures={"quote@1": right},
        )
        for number in range(3)
    ]  # fmt: skip
    return Evaluation(gold="set", rows=tuple(rows))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report with a comparison; every question is missed."""
    old, new = _evaluation("Old answer", 0.0), _evaluation("New answer", 1.0)
    path = tmp_path / "report.html"
    path.write_text(html_report(new, compare(to_json(old), new)), encoding="utf-8")
    return path


def test_what_is_folded_is_printed(browser: webdriver.Chrome, report: Path) -> None:
    browser.get(report.as_uri())
    folded = browser.find_elements("css selector", "details:not([open])")
    assert folded
    assert not any("Offered quote" in each.text for each in folded)
    document = pypdfium2.PdfDocument(base64.b64decode(browser.print_page()))
    printed = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    for text in ("Offered quote", "Old answer", FORMULAS["quote@k"][:40], FORMULAS["answer when answerable"]):
        assert text in printed
