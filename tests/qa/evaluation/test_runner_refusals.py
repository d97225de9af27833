"""How refusals and confidences are judged."""

from __future__ import annotations

from types import SimpleNamespace

from index.errors import QuestionError
from index.records import Post
from qa.answer import Answer
from qa.records import Passage


def test_a_question_refused_as_input_is_a_miss_even_when_nothing_answers_it(make: SimpleNamespace) -> None:
    class Strict:
        def quote(self, question: str) -> Answer:
            raise QuestionError("the question is too long")

        def search(self, question: str, k: int) -> list[Passage]:
            return []

    result = make.judged(Strict(), make.gold(), make.gold(id="u", answerable=False, post_ids=()))
    assert [row.measures["decision"] for row in result.rows] == [0, 0]
    assert "too long" in result.rows[0].error
    assert result.overall.refusals.precision is None


def test_refusals_are_judged_over_all_questions(make: SimpleNamespace) -> None:
    questions, answers = [], {}
    # answerable, answered, confidence: two right decisions of four.
    cases = [(True, True, 0.9), (True, False, 0.4), (False, False, 0.1), (False, True, 0.6)]
    for number, (answerable, answered, confidence) in enumerate(cases):
        name = f"Q{number}?"
        answers[name] = make.answer(name, answered=answered, confidence=confidence)
        questions.append(
            make.gold(id=name, question=name, answerable=answerable, post_ids=("boat",) if answerable else ())
        )
    overall = make.judged(make.assistant(answers, {}), *questions).overall
    refusals = overall.refusals
    for figure in (refusals.precision, refusals.recall, refusals.answered_when_answerable):
        assert figure is not None
        assert (figure.mean, figure.n) == (1 / 2, 2)
    # Of the pairs (0.9, 0.4) × (0.1, 0.6) only 0.4 < 0.6 is in the wrong order.
    assert refusals.auroc is not None
    assert refusals.auroc.mean == 3 / 4
    assert overall.measures["decision"].mean == 2 / 4
    assert overall.measures["post recall@1"].n == 2


def test_confidence_is_compared_with_whether_the_first_candidate_is_right(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, boat.body, "Ana built the boat.")]
    answers = {"Q?": make.answer("Q?", confidence=0.75, answered=False)}
    right = make.judged(make.assistant(answers, {"Q?": ranking}), make.gold(quotes=("Ana built",)))
    wrong = make.judged(make.assistant(answers, {"Q?": ranking}), make.gold(quotes=("Nobody",)))
    bare = make.judged(make.assistant(answers, {"Q?": ranking}), make.gold())
    assert [each.rows[0].correct for each in (right, wrong, bare)] == [True, False, True]
    assert right.overall.refusals.brier == 1 / 16
    assert wrong.overall.refusals.calibration_error == 3 / 4
