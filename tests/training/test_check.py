"""Figures of an exported reader, and the gold questions that it is measured on."""

from __future__ import annotations

import json

import pytest

from tests.stand_ins import WordHashEncoder
from training.reader.check import both, by_origin, table
from training.reader.gold_shelf import gold_shelf
from training.reader.measure import Measured, Scored
from training.reader.shelf import Question, Shelf


def _measured(source: str, score: float, *, answerable: bool = True, confidence: float = 0.5) -> Measured:
    question = Question("q", source, "Why?", {}, answerable=answerable, confidence=confidence)
    return Measured(question, (Scored(score, 0.0, answerable),), None)


def test_sources_of_one_origin_are_measured_together() -> None:
    held_out = {name: [_measured(name, 1.0)] for name in ("covid-qa", "selqa-dev", "tech-uv")}
    assert {origin: values["questions"] for origin, values in by_origin(held_out).items()} == {"people": 2, "rules": 1}


def test_the_confidence_separates_what_the_reader_scores_the_same() -> None:
    measured = [_measured("til", 1.0, confidence=0.9), _measured("til", 1.0, answerable=False, confidence=0.2)]
    assert both(measured) == 1.0


def test_a_figure_that_a_set_lacks_is_a_dash() -> None:
    (row,) = table({"til": {"questions": 40, "found": 0.925}}).splitlines()[2:]
    assert row.startswith("| til | 40 | 0.925 | - |")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("gold")
    (folder / "posts").mkdir()
    for name, text in (("The mill", "It grinds rye.\n\nVisitors pay\nfour euros."), ("The ferry", "It carries cars.")):
        (folder / f"posts/{name}.md").write_text(f"# {name}\n\n{text}\n")
    mill = {
        "question": "What do visitors of the mill pay?",
        "posts": ["The mill"],
        "quotes": ["Visitors pay four euros"],
    }
    nothing = {"question": "Who painted the ferry?", "posts": []}
    lines = [{"id": "g1", "answerable": True, "kind": "factoid", **mill}]
    lines += [{"id": "g2", "answerable": False, "kind": "near-miss", **nothing}]
    (folder / "gold.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return gold_shelf("village", folder / "posts", folder / "gold.jsonl", folder / "index", WordHashEncoder())


def test_the_units_of_a_gold_quote_are_found_whatever_its_line_breaks(shelf: Shelf) -> None:
    gold = shelf.questions[0].gold
    texts = [shelf.passages[key].units[place].text for key, places in gold.items() for place in places]
    assert texts == ["Visitors pay four euros."]


def test_a_question_that_nothing_answers_keeps_what_was_ranked(shelf: Shelf) -> None:
    question = shelf.questions[1]
    assert not question.answerable
    assert question.gold == {}
    assert {candidate.key for candidate in question.retrieved} <= set(shelf.passages)
    assert all(key.startswith("village:") for key in shelf.passages)
