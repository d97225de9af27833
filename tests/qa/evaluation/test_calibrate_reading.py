"""The thresholds of questions that are read, moved to a user's own questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import GoldError, SettingsError
from qa.answer import Level
from qa.answering.reread import ReadingWeights, reading_weights
from qa.answering.weights import ReadingThresholds, save_calibration
from qa.assistant import Assistant
from qa.evaluation.calibrate import calibrate
from qa.evaluation.calibrate_reading import ReadingCalibration, Targets, calibrate_reading, fit_thresholds
from qa.evaluation.gold import GoldQuestion, GoldSet
from qa.evaluation.results import Evaluation, Row, summarise
from qa.evaluation.runner import evaluate
from qa.settings import AskSettings, ReaderMode
from tests.qa.answering.test_reread import PlantedReader
from tests.qa.evaluation.test_calibrate import ASKED
from tests.stand_ins import WordHashEncoder

WEIGHTS = reading_weights().model_copy(update={"answer": 0.5, "nearest": 0.5})
GOLD = GoldSet(
    name="island",
    questions=(
        *(
            GoldQuestion(id=f"q{number}", question=question, post_ids=(post,), quotes=(quote,))
            for number, (question, post, quote) in enumerate(ASKED)
        ),
        *(
            GoldQuestion(id=f"u{number}", question=f"Which bank prints zloty number {number}?", answerable=False)
            for number in range(10)
        ),
    ),
)


def _row(confidence: float, *, correct: bool, answerable: bool = True, **fields: object) -> Row:
    given = {"id": "g", "question": "Q?", "kind": "factoid", "answered": True, "answer": "", "read": True}
    stated = {"confidence": confidence, "correct": correct, "answerable": answerable}
    return Row.model_validate(given | stated | fields)


def _rows(count: int = 100) -> list[Row]:
    """Confidences spread evenly: the upper half is right, the rest wrong, and the lowest quarter unanswerable."""
    return [
        _row(confidence, correct=confidence > 0.5, answerable=confidence > 0.25)
        for confidence in ((number + 0.5) / count for number in range(count))
    ]


def _calibrated(rows: list[Row], targets: Targets | None = None) -> ReadingCalibration:
    result = calibrate_reading(Evaluation(gold="own", rows=tuple(rows)), WEIGHTS, targets or Targets())
    assert result is not None
    return result


def test_the_threshold_of_an_answer_falls_until_the_precision_asked_for_is_reached() -> None:
    strict, loose = (fit_thresholds(_rows(), "w", Targets(precision=precision)) for precision in (0.95, 0.7))
    assert 0.4 < strict.answer < 0.7
    assert loose.answer < strict.answer - 0.1
    assert loose.weights == "w"


def test_the_nearest_are_shown_as_far_as_the_share_of_answerable_questions_asks_for() -> None:
    for shown in (1.0, 0.9, 0.5):
        thresholds = fit_thresholds(_rows(), "w", Targets(precision=0.99, shown=shown))
        answerable = [row for row in _rows() if row.answerable]
        kept = sum(row.confidence >= thresholds.nearest for row in answerable)
        assert kept == -int(-shown * len(answerable) // 1)  # the least whole number of at least this share


def test_an_answer_is_never_less_sure_than_the_nearest() -> None:
    thresholds = fit_thresholds([_row(0.5 + 0.01 * n, correct=True) for n in range(40)], "w", Targets(shown=0.1))
    assert thresholds.nearest == thresholds.answer


def test_few_questions_do_not_move_the_threshold_far() -> None:
    """The two most confident are wrong: no threshold has a precision of 0.85 on these rows themselves."""
    rows = [_row(0.95 - 0.01 * n, correct=n > 1) for n in range(10)] + [
        _row(0.05, correct=False, answerable=False) for _ in range(10)
    ]
    assert fit_thresholds(rows, "w", Targets()).answer < 0.95


def test_where_the_precision_cannot_be_reached_nothing_is_an_answer_and_that_is_said() -> None:
    result = _calibrated([_row((n + 0.5) / 200, correct=False) for n in range(200)])
    assert result.thresholds.answer == 1.0
    assert {row.level for row in result.fitted} <= {Level.NEAREST, Level.REFUSAL}
    assert "No threshold reaches the precision asked for" in result.text
    assert "no unanswerable question" in result.text


def test_held_out_figures_come_from_thresholds_that_were_fitted_without_the_question() -> None:
    result = _calibrated(_rows())
    assert sorted(row.confidence for row in result.held_out) == [row.confidence for row in _rows()]
    fold = [row for number, row in enumerate(_rows()) if number % 5 != 0]
    thresholds = fit_thresholds(fold, "w", Targets())
    expected = [row.confidence >= thresholds.nearest for row in _rows()[::5]]
    assert [row.answered for row in result.held_out[:20]] == expected


def test_questions_that_were_not_read_are_left_out_and_counted() -> None:
    result = _calibrated([*_rows(), _row(0.9, correct=True, read=False)])
    assert (len(result.fitted), result.unread) == (100, 1)
    assert "1 questions were not read" in result.text


def test_with_too_few_questions_read_the_thresholds_stay() -> None:
    rows = (*_rows(19), *(_row(0.9, correct=True, read=False) for _ in range(30)))
    assert calibrate_reading(Evaluation(gold="own", rows=rows), WEIGHTS, Targets()) is None


def test_a_generation_published_meanwhile_is_an_error() -> None:
    mixed = Evaluation(gold="own", rows=tuple(_rows()), generations=(1, 2))
    with pytest.raises(GoldError, match=r"built anew meanwhile.*1, 2.*Calibrate again"):
        calibrate_reading(mixed, WEIGHTS, Targets())


def _assistant(root: Path) -> Assistant:
    """With a reader that finds names of people, and nothing in questions about banks."""
    reader = PlantedReader(lambda text: 6.0 if any(word[0].isupper() for word in text.split()[1:]) else 2.0)
    return Assistant(root, encoder=WordHashEncoder(), settings=AskSettings(reader=ReaderMode.FAST), reader=reader)


def _figures(rows: tuple[Row, ...]) -> dict[str, object]:
    return summarise(rows).refusals.model_dump()


def test_the_assistant_shows_by_the_new_thresholds_what_the_calibration_said(small_index: Path) -> None:
    with _assistant(small_index) as assistant:
        before = evaluate(assistant, GOLD)
        result = calibrate_reading(before, assistant.snapshot.reading, Targets(precision=0.5, shown=0.8))
        assert result is not None
        fitted, _ = calibrate(assistant, GOLD, 1.0)
    assert _figures(result.now) == _figures(before.rows)
    path = save_calibration(fitted.model_copy(update={"reading": result.thresholds}), small_index)
    with _assistant(small_index) as calibrated:
        after = evaluate(calibrated, GOLD)
        assert calibrated.calibrated_on == "island"
        assert f"nearest from {result.thresholds.nearest:.3f}" in calibrated.reader_name
    assert [row.confidence for row in after.rows] == [row.confidence for row in before.rows]
    assert _figures(after.rows) == _figures(result.fitted)
    assert [row.level for row in after.rows] != [row.level for row in before.rows]
    path.unlink()  # which undoes it
    with _assistant(small_index) as undone:
        assert [row.level for row in evaluate(undone, GOLD).rows] == [row.level for row in before.rows]


def test_thresholds_of_other_weights_are_refused_where_something_is_read(small_index: Path) -> None:
    with _assistant(small_index) as assistant:
        fitted, _ = calibrate(assistant, GOLD, 1.0)
    other = ReadingThresholds(answer=0.5, nearest=0.1, weights="other")
    save_calibration(fitted.model_copy(update={"reading": other}), small_index)
    with pytest.raises(SettingsError, match=r"weights other, these are others.*Remove it, then run qa calibrate"):
        _assistant(small_index)
    with Assistant(small_index, encoder=WordHashEncoder()) as unread:
        assert unread.reader_name == "off"


def test_weights_of_a_calibration_keep_all_but_the_thresholds(small_index: Path) -> None:
    with _assistant(small_index) as assistant:
        fitted, _ = calibrate(assistant, GOLD, 1.0)
        moved = ReadingThresholds(answer=0.9, nearest=0.2, weights=reading_weights().fingerprint)
        calibrated: ReadingWeights = reading_weights().calibrated(fitted.model_copy(update={"reading": moved}))
        assert calibrated == reading_weights().model_copy(update={"answer": 0.9, "nearest": 0.2})
        assert reading_weights().calibrated(fitted) is reading_weights()
