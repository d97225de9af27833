"""An evaluation as a table and as JSON."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from index.records import Post
from qa.answer import Answer
from qa.evaluation.results import Row
from qa.evaluation.tables import from_json, table, to_json
from qa.records import Passage


def test_the_report_names_the_generation_the_encoder_the_reader_and_the_calibration(
    make: SimpleNamespace,
) -> None:
    class Named:
        encoder_name = "tiny"
        reader_name = "fast (0.1, weights 12ab)"
        calibrated_on = "gold/own.jsonl"

        def quote(self, question: str) -> Answer:
            answer: Answer = make.answer(question, generation=7)
            return answer

        def search(self, question: str, k: int) -> list[Passage]:
            return []

    result = make.judged(Named(), make.gold())
    assert (result.generations, result.encoder) == ((7,), "tiny")
    assert (result.reader, result.calibration) == ("fast (0.1, weights 12ab)", "gold/own.jsonl")
    stated = "index generation 7, encoder tiny, reader fast (0.1, weights 12ab), calibrated on gold/own.jsonl"
    assert result.setup == stated
    assert stated in " ".join(table(result).split())
    assert from_json(to_json(result)).setup == stated


def test_figures_are_given_per_kind_with_standard_errors_and_intervals(boat: Post, make: SimpleNamespace) -> None:
    ranking = {"Q?": [make.passage(boat, boat.body)]}
    questions = [
        make.gold(id=str(n), question=q, kind=k) for n, (q, k) in enumerate([("Q?", "a"), ("R?", "a"), ("Q?", "b")])
    ]
    result = make.judged(make.assistant({}, ranking), *questions)
    found = result.kinds["a"].measures["post recall@1"]
    # Values 1 and 0: deviation √(1/2), over √2.
    assert (found.mean, found.n) == (1 / 2, 2)
    assert found.standard_error == pytest.approx(1 / 2)
    assert (found.low, found.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    single = result.kinds["b"].measures["post recall@1"]
    assert (single.standard_error, single.high) == (None, 1)
    assert single.low == pytest.approx(0.2065, abs=1e-4)
    assert "0.500 0.09–0.91" in table(result) or ".09–.91" in table(result)


def test_a_kind_with_brackets_is_not_read_as_markup(make: SimpleNamespace) -> None:
    assert "[bold]odd" in table(make.judged(make.assistant({}, {}), make.gold(kind="[bold]odd")))


def test_json_gives_back_the_same_evaluation(boat: Post, make: SimpleNamespace) -> None:
    result = make.judged(
        make.assistant({}, {"Q?": [make.passage(boat, boat.body, "Ana built the boat.")]}), make.gold()
    )
    stored = to_json(result)
    assert stored["schema"] == 1
    assert stored["aggregates"]["measures"]["post recall@1"]["mean"] == 1
    assert isinstance(stored["rows"][0], dict)
    assert from_json(stored).rows == result.rows
    assert Row.model_validate(stored["rows"][0]) == result.rows[0]
