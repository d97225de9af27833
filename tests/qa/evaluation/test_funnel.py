"""Where questions are lost on the way from the passages to what is shown."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest

from index.records import Post
from qa.answer import Level
from qa.answering.examination import Examination
from qa.evaluation.compare import REFUSALS
from qa.evaluation.definitions import FORMULAS, formulas
from qa.evaluation.funnel import LEVELS, OUTCOMES, STEPS, funnels, outcome
from qa.evaluation.gold import GoldSet, joined
from qa.evaluation.results import Evaluation, Quoted, Row
from qa.evaluation.runner import evaluate
from qa.evaluation.tables import refusal_figures, table, to_csv, to_json
from qa.records import Citation


def _quoted(*, right: bool, sentence_right: bool | None = None) -> Quoted:
    sentence = right if sentence_right is None else sentence_right
    return Quoted(
        post_id="p", title="T", start=0, end=4, quote="Word", proven=True, right=right, sentence_right=sentence
    )


def _row(**fields: object) -> Row:
    given: dict[str, object] = {
        "id": "g1",
        "question": "Who built it?",
        "kind": "factoid",
        "answerable": True,
        "answered": True,
        "confidence": 0.5,
        "answer": "Ana.",
    }
    return Row.model_validate(given | fields)


WRONG, RIGHT = (_quoted(right=False),), (_quoted(right=False), _quoted(right=True))
REFUSED: dict[str, object] = {"answered": False, "level": Level.REFUSAL}


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        ({"citations": WRONG}, "not found"),
        ({"citations": WRONG, "passage_rank": 9}, "not found"),
        ({"citations": WRONG, "passage_rank": 8}, "found but not chosen"),
        (REFUSED | {"passage_rank": 1}, "found but not chosen"),
        (REFUSED | {"passage_rank": 1, "held_back": RIGHT}, "chosen but refused"),
        ({"citations": RIGHT, "passage_rank": 9}, "answered"),
        ({"citations": RIGHT, "passage_rank": 1, "level": Level.NEAREST}, "answered"),
        ({"answerable": False, "level": Level.NEAREST}, "nearest"),
        ({"answerable": False} | REFUSED, "refused"),
    ],
)
def test_a_question_ends_at_one_place(fields: dict[str, object], ends: str) -> None:
    row = _row(**fields)
    assert outcome(row) == ends
    assert sum(step.reached(row) for step in LEVELS) == 1
    assert sum(step.reached(row) for step in OUTCOMES) == 1


def test_only_three_quotes_count() -> None:
    assert _row(citations=(*WRONG * 3, *RIGHT)).quote_rank is None
    assert _row(citations=(*WRONG * 2, _quoted(right=True))).quote_rank == 3


def test_steps_are_counted_in_all_by_kind_and_by_gold_set() -> None:
    rows = (
        _row(id="a", citations=RIGHT, passage_rank=2, post_passage_rank=1, gold="north"),
        _row(id="b", citations=WRONG, passage_rank=20, post_passage_rank=9, kind="list", gold="south"),
        _row(id="c", answerable=False, kind="near-miss", level=Level.NEAREST, gold="south"),
    )
    steps, outcomes, unanswerable = funnels(Evaluation(gold="set", rows=rows))
    assert [[counts.group for counts in section] for section in steps.sections] == [
        ["all"],
        ["factoid", "list"],
        ["north", "south"],
    ]
    assert steps.cells[0] == [
        ("all", "2", "1 (50%)", "1 (50%)", "1 (50%)", "0 (0%)", "2 (100%)", "0 (0%)", "0 (0%)"),
    ]
    assert steps.cells[1][0] == ("factoid", "1", "1", "1", "1", "0", "1", "0", "0")
    assert {name: [row.id for row in rows] for name, rows in outcomes.questions.items()} == {
        "not found": ["b"],
        "found but not chosen": [],
        "chosen but refused": [],
        "answered": ["a"],
    }
    assert unanswerable.cells[0] == [("all", "1", "0 (0%)", "1 (100%)", "0 (0%)")]


def test_the_lists_name_what_each_step_loses_and_what_ends_where() -> None:
    rows = (_row(id="a", citations=RIGHT, passage_rank=2, post_rank=1), _row(id="b", **REFUSED))
    steps, outcomes = funnels(Evaluation(gold="set", rows=rows))
    assert {name: [row.id for row in rows] for name, rows in steps.lists.items()} == {
        "without post in 8": ["b"],
        "without passage in 8": ["b"],
        "without quote in 3": ["b"],
        "without quote first": ["a", "b"],
        "answer": ["a"],
        "refused": ["b"],
    }
    assert list(outcomes.lists) == ["not found", "answered"]


def test_a_set_without_unanswerable_questions_has_no_table_of_them() -> None:
    assert [funnel.steps for funnel in funnels(Evaluation(gold="set", rows=(_row(),)))] == [STEPS, OUTCOMES]


def test_the_printed_tables_explain_each_column_once() -> None:
    text = table(Evaluation(gold="set", rows=(_row(), _row(id="u", answerable=False))))
    for step in (*STEPS, *OUTCOMES):
        assert text.count(f"  {step.name}: {step.meaning[:40]}") == 1


def test_json_holds_the_counts_and_the_questions_of_each_step() -> None:
    rows = (_row(citations=RIGHT, passage_rank=1), _row(id="g2", citations=WRONG, passage_rank=1))
    outcomes = to_json(Evaluation(gold="set", rows=rows))["funnel"][1]
    assert outcomes["counts"][0] == {
        "group": "all",
        "asked": 2,
        "not found": 0,
        "found but not chosen": 1,
        "chosen but refused": 0,
        "answered": 1,
    }
    assert outcomes["questions"]["found but not chosen"] == ["g2"]


def test_csv_holds_a_line_per_question_whose_columns_add_up_to_the_table() -> None:
    rows = (
        _row(citations=RIGHT, passage_rank=1, post_rank=1, question='Who, "Ana"?'),
        _row(id="g2", answerable=False, question="=1+1"),
    )
    first, second = csv.DictReader(io.StringIO(to_csv(Evaluation(gold="set", rows=rows))))
    assert (first["gold"], first["question"], first["outcome"]) == ("set", 'Who, "Ana"?', "answered")
    assert [first[step.name] for step in STEPS] == ["1", "1", "1", "0", "1", "0", "0"]
    assert (first["quote_rank"], second["quote_rank"], second["outcome"]) == ("2", "", "answer")
    assert second["question"] == "'=1+1"  # no formula for a spreadsheet


def test_what_a_refusal_held_back_counts_as_chosen(boat: Post, make: SimpleNamespace) -> None:
    class HoldsBack:
        def examine(self, question: str, k: int) -> Examination:
            refusal = make.answer(question, answered=False, confidence=0.1)
            quotes = make.answer(question, cites=[(boat, "Nobody saw the boat again.")]).citations
            return Examination(refusal, (make.passage(boat, boat.body, "Ana built the boat."),), quotes)

    (row,) = make.judged(HoldsBack(), make.gold(quotes=("Nobody saw the boat",))).rows
    assert (row.citations, [quote.right for quote in row.held_back]) == ((), [True])
    assert outcome(row) == "chosen but refused"
    assert row.correct
    assert row.measures["quote@1"] == 0  # which falls back to the best sentence of each passage


def test_a_quote_is_right_where_its_answering_sentence_is_not(boat: Post, make: SimpleNamespace) -> None:
    whole = make.answer("Q?", cites=[(boat, "Ana built the boat. Ben sailed it to “Crete”.")])
    (cited,) = whole.citations
    for sentence, right in (("Ana built the boat.", 0), ("Ben sailed it to “Crete”.", 1)):
        start = boat.body.index(sentence)
        focus = {"start": start, "end": start + len(sentence), "quote": sentence}
        citation = Citation.model_validate(cited.model_dump() | {"focus": focus})
        answer = whole.model_copy(update={"citations": (citation,)})
        (row,) = make.judged(make.assistant({"Q?": answer}, {}), make.gold(quotes=("Ben sailed it",))).rows
        assert (row.measures["quote@1"], row.measures["sentence@1"]) == (1, right)
        assert row.citations[0].sentence == sentence


def test_the_first_passage_of_the_right_post_counts_also_where_another_post_holds_the_same(
    boat: Post, other: Post, make: SimpleNamespace
) -> None:
    ranking = [make.passage(other, "A copy"), make.passage(other, "Ana built").model_copy(update={"also_in": (boat,)})]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold()).rows
    assert row.post_passage_rank == 2


def test_several_gold_sets_are_asked_as_one_and_stay_apart(make: SimpleNamespace) -> None:
    sets = [GoldSet(name=name, questions=(make.gold(),), sha256=name, dropped=1) for name in ("north", "south")]
    both = joined(sets)
    assert (both.name, both.dropped, len(both.sha256)) == ("north + south", 2, 64)
    result = evaluate(make.assistant({}, {}), both)
    assert [(row.gold, row.id) for row in result.rows] == [("north", "g"), ("south", "g")]
    assert joined(sets[:1]) is sets[0]


def test_a_run_of_an_earlier_version_is_read_as_far_as_it_tells() -> None:
    row = _row(candidates=[{key: value for key, value in RIGHT[1].model_dump().items() if "sentence" not in key}])
    assert (row.level, row.quote_rank, row.sentence_rank) == (Level.ANSWER, 1, 1)
    assert _row(answered=False).level is Level.REFUSAL
    assert _row(post_rank=3).post_passage_rank == 3


def test_every_figure_has_a_formula() -> None:
    quotes = _row(measures=dict.fromkeys(["post recall@1", "quote@3", "sentence@5", "answer hit", "decision"], 1.0))
    overall = Evaluation(gold="set", rows=(quotes,)).overall
    shares, errors = refusal_figures(overall.refusals)
    told = formulas([*overall.measures, *dict(shares), *dict(errors)])
    assert list(told)[:3] == ["post recall@k", "quote@k", "sentence@k"]
    assert set(told) <= set(FORMULAS)
    assert set(REFUSALS) <= set(FORMULAS)
