"""From data files to shelves, with the stand-in encoder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.reading.windows import Unit
from tests.stand_ins import WordHashEncoder
from training.reader.data import load_data
from training.reader.listing import MARKS, listing, written
from training.reader.prepare import answers, prepare
from training.reader.shelf import Shelf

PASSAGES = {
    "The mill": "The mill was built in 1911. It grinds rye.\n\nVisitors pay four euros.",
    "The ferry": "The ferry was built in 1950. It carries cars.\n\nPassengers pay two euros.",
    "The tower": "The tower has a clock. It strikes every hour.",
}


def _rows(name: str) -> list[dict[str, object]]:
    def row(title: str, question: str, answer: str = "") -> dict[str, object]:
        passage = PASSAGES[title]
        start = passage.find(answer)
        answers = [{"start": start, "end": start + len(answer)}] if answer else []
        fields = {"id": f"{name}-{title}-{len(question)}", "source": name, "question": question, "title": title}
        return {**fields, "passage": passage, "answers": answers, "near_miss": not answer, "level": "sentence"}

    return [
        row("The mill", "What do visitors pay at the mill?", "Visitors pay four euros."),
        row("The ferry", "When was the ferry built?", "The ferry was built in 1950."),
        row("The tower", "Who built the tower?"),
        {**row("The ferry", "How much is it?", "Passengers pay two euros."), "names_subject": False},
    ]


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for name in ("a-blog", "heldout-blog"):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in _rows(name)))
    out = tmp_path_factory.mktemp("shelves")
    prepare([folder], out, frozenset(), 0, WordHashEncoder())
    return out


def test_the_units_that_answer_are_found(shelves: Path) -> None:
    shelf = Shelf.load(shelves / "training-a-blog")
    gold = [shelf.passages[key].units[at].text for one in shelf.questions for key in one.gold for at in one.gold[key]]
    assert gold == ["Visitors pay four euros.", "The ferry was built in 1950.", "Passengers pay two euros."]
    assert [one.answerable for one in shelf.questions] == [True, True, False, True]


def test_negatives_for_training_are_of_other_posts(shelves: Path) -> None:
    shelf = Shelf.load(shelves / "training-a-blog")
    one = shelf.questions[0]
    own = {key.partition(":")[0] for key in one.gold}
    assert one.retrieved
    assert not own & {found.key.partition(":")[0] for found in one.retrieved}


def test_a_question_that_does_not_name_its_subject_has_no_negatives_of_other_posts(shelves: Path) -> None:
    asked = {one.question: one for one in Shelf.load(shelves / "training-a-blog").questions}
    assert asked["How much is it?"].retrieved == []


def test_what_is_measured_keeps_the_passage_that_answers(shelves: Path) -> None:
    shelf = Shelf.load(shelves / "held_out-heldout-blog")
    one = shelf.questions[0]
    assert set(one.gold) <= {found.key for found in one.retrieved}


def test_shelves_are_joined_by_their_use(shelves: Path) -> None:
    data = load_data(shelves, frozenset())
    assert {one.source for one in data.training} == {"a-blog"}
    assert set(data.held_out) == {"heldout-blog"}
    assert all(key in data.passages for one in data.training for key in one.gold)


@pytest.mark.parametrize(("span", "is_answer"), [((0, 10), True), ((8, 30), False), ((2, 4), True), ((10, 12), False)])
def test_a_unit_answers_where_it_shares_half_of_itself_or_of_the_answer(span: tuple[int, int], is_answer: bool) -> None:
    assert answers(Unit(0, 10, "text"), [span]) is is_answer


def test_the_listing_names_every_file_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "covid-qa.jsonl").write_text("{}\n{}\n")
    table = listing([tmp_path], frozenset())
    assert "| covid-qa.jsonl | 2 | people | Apache-2.0 (deepset-ai/COVID-QA) | training | 1 | `" in table


def test_a_document_without_the_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="lacks"):
        written("no marks here", "table", MARKS)
