"""What an evaluation counts as right, on posts of a few words."""

from __future__ import annotations

from collections.abc import Callable
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.records import Post
from qa.evaluate import evaluate
from qa.evaluation import Evaluation, Row
from qa.gold import GoldQuestion, GoldSet
from qa.matching import Span, normalised, overlap_by_half, places_of
from qa.records import Answer, Citation, Passage
from qa.report import from_json, table, to_json

Make = Callable[..., object]
BODY = "Ana built the boat. Ben sailed it to “Crete”. Nobody saw the boat again."


@pytest.fixture
def boat(make_post: Callable[..., Post]) -> Post:
    return make_post("boat", BODY, "The  Boat")


@pytest.fixture
def other(make_post: Callable[..., Post]) -> Post:
    return make_post("other", "Ana built the boat. A copy elsewhere.", "Another post")


def _gold(**fields: object) -> GoldQuestion:
    given = {"id": "g", "question": "Q?", "post_ids": ("boat",), **fields}
    return GoldQuestion.model_validate(given)


def _judged(assistant: object, *questions: GoldQuestion) -> Evaluation:
    return evaluate(assistant, GoldSet(name="set", questions=questions))  # type: ignore[arg-type]


def test_posts_are_ranked_by_their_first_passage(
    boat: Post, other: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [
        make_passage(other, "Ana built the boat."),
        make_passage(other, "A copy elsewhere."),
        make_passage(boat, "Nobody saw the boat again."),
    ]
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), _gold()).rows
    assert (row.post_rank, row.passage_rank) == (2, 3)
    assert row.measures["post recall@1"] == 0
    assert row.measures["post MRR@10"] == 1 / 2
    assert row.measures["passage MRR@10"] == 1 / 3
    assert row.measures["post nDCG@10"] == pytest.approx(1 / log2(3))
    assert row.measures["passage nDCG@10"] == pytest.approx(1 / log2(4))


def test_a_post_that_a_passage_also_stands_in_is_ranked_after_its_own(
    boat: Post, other: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    shared = make_passage(other, "Ana built the boat.").model_copy(update={"also_in": (boat,)})
    (row,) = _judged(make_assistant({}, {"Q?": [shared]}), _gold()).rows
    assert row.post_rank == 2


def test_a_gold_title_matches_whatever_its_spaces_and_case_and_is_met_once(
    boat: Post, make_post: Callable[..., Post], make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    again = make_post("boat-again", BODY, "the boat")
    ranking = [make_passage(post, "Ana built the boat.") for post in (boat, again)]
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), _gold(post_ids=(), posts=("THE BOAT",))).rows
    assert row.measures["post recall@5"] == 1
    assert row.measures["post nDCG@10"] == 1


def test_grades_are_the_gains_of_ndcg(
    boat: Post, other: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(boat, BODY), make_passage(other, "A copy elsewhere.")]
    gold = _gold(post_ids=("boat", "other"), grades={"boat": 1, "other": 2, "else": 0})
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), gold).rows
    assert row.measures["post nDCG@10"] == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))
    assert row.measures["post recall@1"] == 1 / 2


def test_a_passage_is_relevant_where_it_touches_a_gold_quote(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(boat, "Ana built the boat."), make_passage(boat, "Ben sailed it")]
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), _gold(quotes=('it to "Crete"',))).rows
    assert (row.post_rank, row.passage_rank) == (1, 2)


def test_without_quotes_a_passage_is_relevant_where_it_holds_an_answer(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(boat, "Ana built the boat."), make_passage(boat, "Ben sailed it to “Crete”.")]
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), _gold(answers=('"CRETE"',))).rows
    assert row.passage_rank == 2
    assert "quote@1" not in row.measures


def test_any_one_quote_is_enough_for_a_full_passage_ranking(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(boat, "Ana built the boat."), make_passage(boat, "Nobody saw the boat again.")]
    (row,) = _judged(
        make_assistant({}, {"Q?": ranking}), _gold(quotes=("Nobody saw", "Ana built", "Ben sailed"))
    ).rows
    assert row.measures["passage nDCG@10"] == row.measures["passage recall@1"] == 1


def test_citations_come_first_then_the_best_sentence_of_each_passage_by_turns(
    boat: Post,
    other: Post,
    make_passage: Callable[..., Passage],
    make_answer: Callable[..., Answer],
    make_assistant: Make,
) -> None:
    ranking = [
        make_passage(boat, BODY, "Ana built the boat.", "Nobody saw the boat again."),
        make_passage(other, other.body, "A copy elsewhere."),
    ]
    answer = make_answer("Q?", "Ben sailed it to “Crete”. [1]", [(boat, "Ben sailed it to “Crete”.")])
    (row,) = _judged(make_assistant({"Q?": answer}, {"Q?": ranking}), _gold(quotes=("Nobody saw",))).rows
    offered = [each.quote for each in row.candidates]
    assert offered == [
        "Ben sailed it to “Crete”.",
        "Ana built the boat.",
        "A copy elsewhere.",
        "Nobody saw the boat again.",
    ]
    assert [row.measures[f"quote@{k}"] for k in (1, 3, 5)] == [0, 0, 1]


def test_a_place_offered_twice_is_one_candidate(
    boat: Post,
    make_passage: Callable[..., Passage],
    make_answer: Callable[..., Answer],
    make_assistant: Make,
) -> None:
    ranking = [make_passage(boat, BODY, "Ana built the boat.")] * 2
    answer = make_answer("Q?", "Ana built the boat. [1]", [(boat, "Ana built the boat.")])
    (row,) = _judged(make_assistant({"Q?": answer}, {"Q?": ranking}), _gold()).rows
    assert len(row.candidates) == 1


def test_a_right_sentence_in_a_post_not_asked_for_is_no_hit(
    other: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(other, other.body, "Ana built the boat.")]
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), _gold(quotes=("Ana built the boat.",))).rows
    assert row.measures["quote@5"] == 0


def test_half_of_the_shorter_place_is_the_least_overlap() -> None:
    assert overlap_by_half(Span(0, 4), Span(2, 40))
    assert not overlap_by_half(Span(0, 5), Span(3, 40))
    assert not overlap_by_half(Span(0, 4), Span(4, 8))


def test_a_quote_is_found_verbatim_at_every_place_first() -> None:
    assert places_of("a b", "a b, A  B, a b") == (Span(0, 3), Span(11, 14))


def test_a_quote_is_found_across_spaces_case_and_typographic_quotes_at_its_source_place() -> None:
    body = "She said:\n “It’s\n a   boat” twice."
    (place,) = places_of('"it\'s a boat"', body)
    assert body[place.start : place.end] == "“It’s\n a   boat”"
    assert places_of("a ship", body) == ()


@given(st.text(alphabet=st.sampled_from("aB ß\n\u00a0“’—İ.")), st.text(max_size=3))
def test_every_piece_of_a_body_is_found_in_it(piece: str, around: str) -> None:
    if normalised(piece):
        assert places_of(piece.strip(), around + piece + around)


def test_a_gold_answer_counts_only_in_the_text_of_an_answer(
    boat: Post, make_answer: Callable[..., Answer], make_assistant: Make
) -> None:
    said = make_answer("Q?", "ben  sailed it [1]", [(boat, "Ben sailed it")])
    refused = make_answer("R?", "Nothing about Ben.", answered=False)
    gold = (_gold(answers=("Ben",)), _gold(id="h", question="R?", answers=("Ben",)))
    hit, miss = _judged(make_assistant({"Q?": said, "R?": refused}, {}), *gold).rows
    assert (hit.measures["answer hit"], miss.measures["answer hit"]) == (1, 0)


def test_a_marker_is_no_answer(boat: Post, make_answer: Callable[..., Answer], make_assistant: Make) -> None:
    said = make_answer("Q?", "Ben sailed it [1]", [(boat, "Ben sailed it")])
    (row,) = _judged(make_assistant({"Q?": said}, {}), _gold(answers=("1",))).rows
    assert row.measures["answer hit"] == 0


def test_a_citation_that_the_post_does_not_hold_is_counted_as_unproven(
    boat: Post, make_answer: Callable[..., Answer], make_assistant: Make
) -> None:
    forged = Citation.model_construct(marker="[1]", quote="Ben sank it", start=20, end=31, post=boat)
    answer = make_answer("Q?", "Ben sank it [1]").model_copy(update={"citations": (forged,)})
    overall = _judged(make_assistant({"Q?": answer}, {}), _gold()).overall
    assert (overall.citations, overall.proven) == (1, 0)


def test_a_question_without_any_result_counts_as_a_miss_everywhere(make_assistant: Make) -> None:
    (row,) = _judged(make_assistant({}, {}), _gold(quotes=("Ana",), answers=("Ana",))).rows
    assert set(row.measures.values()) == {0.0}
    assert (row.post_rank, row.passage_rank, row.correct) == (None, None, False)


def test_a_question_refused_as_input_is_a_miss_even_when_nothing_answers_it(make_assistant: Make) -> None:
    class Strict:
        def ask(self, question: str) -> Answer:
            raise QuestionError("the question is too long")

        def search(self, question: str, k: int) -> list[Passage]:
            return []

    result = _judged(Strict(), _gold(), _gold(id="u", answerable=False, post_ids=()))
    assert [row.measures["decision"] for row in result.rows] == [0, 0]
    assert "too long" in result.rows[0].error
    assert result.overall.refusals.precision is None


def test_refusals_are_judged_over_all_questions(
    boat: Post, make_answer: Callable[..., Answer], make_assistant: Make
) -> None:
    questions, answers = [], {}
    # answerable, answered, confidence: two right decisions of four.
    cases = [(True, True, 0.9), (True, False, 0.4), (False, False, 0.1), (False, True, 0.6)]
    for number, (answerable, answered, confidence) in enumerate(cases):
        name = f"Q{number}?"
        answers[name] = make_answer(name, answered=answered, confidence=confidence)
        questions.append(
            _gold(id=name, question=name, answerable=answerable, post_ids=("boat",) if answerable else ())
        )
    overall = _judged(make_assistant(answers, {}), *questions).overall
    refusals = overall.refusals
    for figure in (refusals.precision, refusals.recall, refusals.answered_when_answerable):
        assert figure is not None
        assert (figure.mean, figure.n) == (1 / 2, 2)
    assert refusals.refused_when_unanswerable == refusals.recall
    # Of the pairs (0.9, 0.4) × (0.1, 0.6) only 0.4 < 0.6 is in the wrong order.
    assert refusals.auroc is not None
    assert refusals.auroc.mean == 3 / 4
    assert overall.measures["decision"].mean == 2 / 4
    assert overall.measures["post recall@1"].n == 2


def test_confidence_is_held_against_the_first_candidate_being_right(
    boat: Post,
    make_passage: Callable[..., Passage],
    make_answer: Callable[..., Answer],
    make_assistant: Make,
) -> None:
    ranking = [make_passage(boat, BODY, "Ana built the boat.")]
    answers = {"Q?": make_answer("Q?", confidence=0.75, answered=False)}
    right = _judged(make_assistant(answers, {"Q?": ranking}), _gold(quotes=("Ana built",)))
    wrong = _judged(make_assistant(answers, {"Q?": ranking}), _gold(quotes=("Nobody",)))
    bare = _judged(make_assistant(answers, {"Q?": ranking}), _gold())
    assert [each.rows[0].correct for each in (right, wrong, bare)] == [True, False, True]
    assert right.overall.refusals.brier == 1 / 16
    assert wrong.overall.refusals.calibration_error == 3 / 4


def test_a_gold_quote_that_the_gold_post_does_not_hold_is_told(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(boat, BODY)]
    result = _judged(make_assistant({}, {"Q?": ranking}), _gold(quotes=("Ana built", "Zoe swam")))
    assert result.rows[0].unplaced_quotes == ("Zoe swam",)
    assert "does not stand in the gold post" in table(result)


def test_a_signal_without_a_finite_value_is_left_out(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = [make_passage(boat, BODY, dense=0.5, lexical=float("-inf"))]
    (row,) = _judged(make_assistant({}, {"Q?": ranking}), _gold()).rows
    assert row.passages[0].signals == {"dense": 0.5}


def test_a_passage_is_shown_by_its_first_200_characters(
    make_post: Callable[..., Post], make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    long = make_post("long", "word " * 100)
    (row,) = _judged(make_assistant({}, {"Q?": [make_passage(long, long.body)]}), _gold()).rows
    assert len(row.passages[0].text) == 200


def test_progress_is_told_after_every_question(make_assistant: Make) -> None:
    told: list[tuple[int, int]] = []
    gold = GoldSet(name="set", questions=(_gold(), _gold(id="h", question="H?")))
    assistant = make_assistant({}, {})
    evaluate(assistant, gold, progress=lambda done, total: told.append((done, total)))  # type: ignore[arg-type]
    assert told == [(1, 2), (2, 2)]
    assert assistant.searched == [("Q?", 100), ("H?", 100)]  # type: ignore[attr-defined]


def test_the_report_names_the_generation_and_the_encoder_where_they_are_offered(
    make_answer: Callable[..., Answer],
) -> None:
    class Named:
        encoder_name = "tiny"

        def ask(self, question: str) -> Answer:
            return make_answer(question, generation=7)

        def search(self, question: str, k: int) -> list[Passage]:
            return []

    result = _judged(Named(), _gold())
    assert (result.generations, result.encoder) == ((7,), "tiny")
    assert "index generation 7, encoder tiny" in table(result)


def test_figures_are_given_per_kind_with_standard_errors(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    ranking = {"Q?": [make_passage(boat, BODY)]}
    questions = [
        _gold(id=str(n), question=q, kind=k)
        for n, (q, k) in enumerate([("Q?", "a"), ("R?", "a"), ("Q?", "b")])
    ]
    result = _judged(make_assistant({}, ranking), *questions)
    found = result.kinds["a"].measures["post recall@1"]
    # Values 1 and 0: deviation √(1/2), over √2.
    assert (found.mean, found.n) == (1 / 2, 2)
    assert found.standard_error == pytest.approx(1 / 2)
    assert result.kinds["b"].measures["post recall@1"].standard_error is None


def test_a_kind_with_brackets_is_shown_as_it_is(make_assistant: Make) -> None:
    assert "[bold]odd" in table(_judged(make_assistant({}, {}), _gold(kind="[bold]odd")))


def test_json_gives_back_the_same_evaluation(
    boat: Post, make_passage: Callable[..., Passage], make_assistant: Make
) -> None:
    result = _judged(make_assistant({}, {"Q?": [make_passage(boat, BODY, "Ana built the boat.")]}), _gold())
    stored = to_json(result)
    assert stored["schema"] == 1
    assert stored["aggregates"]["measures"]["post recall@1"]["mean"] == 1
    assert isinstance(stored["rows"][0], dict)
    assert from_json(stored).rows == result.rows
    assert Row.model_validate(stored["rows"][0]) == result.rows[0]
