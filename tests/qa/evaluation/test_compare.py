"""Two evaluations of the same questions, and whether a loss is more than chance."""

from __future__ import annotations

import pytest

from qa.answer import Level
from qa.evaluation.compare import compare, comparison_table
from qa.evaluation.results import Evaluation, EvaluationError, Row
from qa.evaluation.tables import from_json, to_json


def _row(number: int, quote: float, answer: str = "said", more: dict[str, float] | None = None) -> Row:
    return Row(
        id=f"g{number}",
        question=f"Question {number}?",
        kind="factoid",
        answerable=True,
        answered=True,
        confidence=0.5,
        answer=answer,
        measures={"quote@1": quote, "decision": 1.0} | (more or {}),
    )


def _evaluation(values: list[float], answer: str = "said", *, sha256: str = "a") -> Evaluation:
    rows = tuple(_row(number, value, answer) for number, value in enumerate(values))
    return Evaluation(gold="set", sha256=sha256, rows=rows)


def test_wins_losses_and_ties_are_counted_by_question() -> None:
    comparison = compare(to_json(_evaluation([1, 1, 0, 0])), _evaluation([1, 0, 1, 1]))
    quote = next(each for each in comparison.contrasts if each.measure == "quote@1")
    assert (quote.wins, quote.losses, quote.ties) == (2, 1, 1)
    assert quote.difference == 1 / 4
    # Sums of ±1 ±1 ±1 are never below 1 in size.
    assert quote.p == 1


def test_six_losses_and_no_win_are_a_significant_loss() -> None:
    comparison = compare(to_json(_evaluation([1] * 6)), _evaluation([0] * 6))
    assert comparison.contrasts[0].p == 2 / 64
    assert comparison.significant_loss


def test_five_losses_and_no_win_may_be_chance() -> None:
    comparison = compare(to_json(_evaluation([1] * 5)), _evaluation([0] * 5))
    assert comparison.contrasts[0].p == 2 / 32
    assert not comparison.significant_loss


def test_a_significant_gain_is_no_loss() -> None:
    assert not compare(to_json(_evaluation([0] * 6)), _evaluation([1] * 6)).significant_loss


def test_a_loss_on_another_measure_than_a_headline_does_not_count() -> None:
    old, new = (
        Evaluation(gold="set", rows=tuple(_row(n, 1, more={"quote@5": value}) for n in range(9)))
        for value in (1.0, 0.0)
    )
    comparison = compare(to_json(old), new)
    assert any(each.significant_loss for each in comparison.contrasts)
    assert not comparison.significant_loss


def test_an_evaluation_against_itself_changes_nothing() -> None:
    same = _evaluation([1, 0, 1])
    comparison = compare(to_json(same), same)
    assert comparison.changes == ()
    assert {each.p for each in comparison.contrasts} == {1.0}


def test_lost_and_won_questions_come_with_both_answers() -> None:
    comparison = compare(to_json(_evaluation([1, 0], "before [1]")), _evaluation([0, 1], "after [1]"))
    (lost,), (won,) = comparison.lost, comparison.won
    assert (lost.id, lost.moved, lost.old_answer) == ("g0", {"quote@1": (1, 0)}, "before [1]")
    assert (won.id, won.new_answer) == ("g1", "after [1]")
    text = comparison_table(comparison)
    for piece in ("Lost: 1", "Won: 1", "before [1]", "after [1]", "quote@1 1 → 0", "No significant loss"):
        assert piece in text


def test_a_question_that_won_here_and_lost_there_is_among_the_lost() -> None:
    old = Evaluation(gold="set", rows=(_row(0, 1, more={"quote@3": 0.0}),))
    new = Evaluation(gold="set", rows=(_row(0, 0, more={"quote@3": 1.0}),))
    comparison = compare(to_json(old), new)
    assert (len(comparison.lost), len(comparison.won)) == (1, 0)


def test_the_order_of_the_questions_does_not_matter() -> None:
    old = _evaluation([1, 0, 1])
    new = old.model_copy(update={"rows": tuple(reversed(old.rows))})
    assert compare(to_json(old), new).changes == ()


def test_other_questions_are_an_error_that_names_both_sets() -> None:
    old = _evaluation([1, 1])
    new = Evaluation(gold="another", rows=old.rows[:1])
    with pytest.raises(EvaluationError, match=r"set \(2\) and another \(1\).*g1.*Question 1\?"):
        compare(to_json(old), new)


def test_the_same_id_with_another_text_is_another_question() -> None:
    old = _evaluation([1])
    new = Evaluation(gold="set", rows=(old.rows[0].model_copy(update={"question": "Else?"}),))
    with pytest.raises(EvaluationError, match="different questions"):
        compare(to_json(old), new)


def test_a_comparison_states_what_was_asked_on_both_sides() -> None:
    old, new = (_evaluation([1]).model_copy(update={"reader": reader}) for reader in ("off", "fast"))
    text = comparison_table(compare(to_json(old), new))
    assert "old: set, index generation unknown, reader off\n" in text
    assert "new: set, index generation unknown, reader fast\n" in text


def test_a_changed_gold_file_is_reported() -> None:
    comparison = compare(to_json(_evaluation([1])), _evaluation([1], sha256="b"))
    assert "gold files differ" in comparison_table(comparison)


def test_the_parts_of_the_fingerprint_that_changed_are_named_and_no_others() -> None:
    old = _evaluation([1]).model_copy(update={"fingerprint": {"version": "0.1", "weights": "aa"}})
    new = old.model_copy(update={"fingerprint": {"version": "0.1", "weights": "bb", "corpus": "3 posts"}})
    comparison = compare(to_json(old), new)
    assert comparison.changed_setup == {"weights": ("aa", "bb"), "corpus": (None, "3 posts")}
    text = comparison_table(comparison)
    assert "changed: weights: aa → bb\nchanged: corpus: not stated → 3 posts\n" in text
    assert "changed: nothing that the runs state" in comparison_table(compare(to_json(new), new))


def test_refusals_are_compared_and_their_loss_counts() -> None:
    refused = [
        _row(number, 1).model_copy(update={"answerable": False, "answered": False, "level": Level.REFUSAL})
        for number in range(6)
    ]
    shown = [row.model_copy(update={"answered": True, "level": Level.ANSWER}) for row in refused]
    old, new = (Evaluation(gold="set", rows=tuple(rows)) for rows in (refused, shown))
    comparison = compare(to_json(old), new)
    losses = [each.measure for each in comparison.contrasts if each.significant_loss]
    assert losses == ["refused when unanswerable", "no answer when unanswerable"]
    assert comparison.significant_loss
    assert [change.moved_text for change in comparison.otherwise] == ["refusal → answer"] * 6
    assert "Shown otherwise: 6" in comparison_table(comparison)


def test_the_smallest_loss_that_could_count_is_stated() -> None:
    few, many = (compare(to_json(_evaluation([1] * n)), _evaluation([1] * n)).contrasts[0] for n in (5, 40))
    assert (few.least_loss, few.cells[-1]) == (None, "none")
    assert (many.least_loss, many.cells[-1]) == (6 / 40, "-0.150")


@pytest.mark.parametrize("stored", [{}, {"schema": 2}, [], {"schema": 1, "gold": {}}, {"schema": 1}])
def test_what_is_no_stored_evaluation_is_refused_with_the_file_and_a_remedy(
    stored: dict[str, object],
) -> None:
    with pytest.raises(EvaluationError, match=r"old\.json.*qa eval GOLD --json"):
        from_json(stored, where="old.json")


def test_a_stored_evaluation_without_rows_is_refused() -> None:
    stored = to_json(_evaluation([1])) | {"rows": []}
    with pytest.raises(EvaluationError):
        from_json(stored)
