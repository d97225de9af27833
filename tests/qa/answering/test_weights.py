"""The fitted numbers as data."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from qa.answering.confidence import CONFIDENCE_FEATURES
from qa.answering.weights import PASSAGE_FEATURES, BetaCalibration, Linear, Weights, default_weights, save_weights
from qa.records import SentenceFeatures
from tests.stand_ins import plain_weights


def test_a_feature_without_a_weight_counts_nothing() -> None:
    linear = Linear(weights={"similarity": 2.0, "pairs": -1.0, "author": 5.0}, intercept=0.5)
    assert linear(SentenceFeatures(similarity=3.0, pairs=1.0, length=9.0)) == 0.5 + 6.0 - 1.0


def test_a_weight_of_an_unknown_feature_is_an_error() -> None:
    with pytest.raises(AttributeError, match="gone"):
        Linear(weights={"gone": 5.0})(SentenceFeatures())


def test_a_calibration_without_a_shift_and_with_slopes_of_one_changes_nothing() -> None:
    assert [BetaCalibration()(odds) for odds in (-40.0, -1.0, 0.0, 3.0, 800.0)] == pytest.approx(
        [-40.0, -1.0, 0.0, 3.0, 800.0]
    )


def test_the_calibration_is_kulls() -> None:
    chance = 0.8
    odds = math.log(chance / (1 - chance))
    expected = 0.3 + 1.5 * math.log(chance) - 0.5 * math.log(1 - chance)
    assert BetaCalibration(low=1.5, high=0.5, shift=0.3)(odds) == pytest.approx(expected)


def test_a_calibration_that_would_reverse_the_order_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        BetaCalibration(low=-0.1)


def test_weights_are_saved_and_read_back(tmp_path: Path) -> None:
    save_weights(plain_weights(), tmp_path / "weights.json")
    assert Weights.model_validate_json((tmp_path / "weights.json").read_bytes()) == plain_weights()


def test_the_packages_weights_name_only_known_features() -> None:
    weights = default_weights()
    assert set(weights.passage.weights) <= set(PASSAGE_FEATURES)
    assert set(weights.sentence.weights) <= set(SentenceFeatures._fields)
    assert set(weights.confidence.weights) <= set(CONFIDENCE_FEATURES)


def test_a_threshold_beyond_a_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 1"):
        plain_weights(threshold=1.5)
