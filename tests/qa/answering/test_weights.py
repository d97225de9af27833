"""The fitted numbers as data."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from qa.answering.confidence import CONFIDENCE_SIGNALS
from qa.answering.features import PASSAGE_SIGNALS, SENTENCE_SIGNALS
from qa.answering.weights import Bend, Linear, Weights, default_weights, save_weights
from tests.stand_ins import plain_weights


def test_a_weighted_sum_counts_missing_signals_and_weights_as_nothing() -> None:
    linear = Linear(weights={"a": 2.0, "b": -1.0, "gone": 5.0}, intercept=0.5)
    assert linear({"a": 3.0, "b": 1.0, "unweighted": 9.0}) == 0.5 + 6.0 - 1.0


def test_a_bend_without_a_shift_and_with_slopes_of_one_changes_nothing() -> None:
    assert [Bend()(odds) for odds in (-40.0, -1.0, 0.0, 3.0, 800.0)] == pytest.approx([-40.0, -1.0, 0.0, 3.0, 800.0])


def test_a_bend_is_beta_calibration() -> None:
    chance = 0.8
    odds = math.log(chance / (1 - chance))
    expected = 0.3 + 1.5 * math.log(chance) - 0.5 * math.log(1 - chance)
    assert Bend(low=1.5, high=0.5, shift=0.3)(odds) == pytest.approx(expected)


def test_a_bend_that_would_turn_the_order_round_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        Bend(low=-0.1)


def test_weights_are_saved_and_read_back(tmp_path: Path) -> None:
    save_weights(plain_weights(), tmp_path / "weights.json")
    assert Weights.model_validate_json((tmp_path / "weights.json").read_bytes()) == plain_weights()


def test_the_packages_weights_weigh_only_signals_that_there_are() -> None:
    weights = default_weights()
    assert set(weights.passage.weights) <= set(PASSAGE_SIGNALS)
    assert set(weights.sentence.weights) <= set(SENTENCE_SIGNALS)
    assert set(weights.confidence.weights) <= set(CONFIDENCE_SIGNALS)


def test_a_threshold_beyond_a_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 1"):
        plain_weights(threshold=1.5)
