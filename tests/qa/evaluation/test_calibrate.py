"""The confidence fitted on a user's own questions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import GoldError, SettingsError
from qa.answering.confidence import CONFIDENCE_FEATURES, ConfidenceFeatures
from qa.answering.weights import CALIBRATION_FILE, BetaCalibration, Linear, Weights, default_weights, save_calibration
from qa.assistant import Assistant
from qa.evaluation import metrics
from qa.evaluation.calibrate import Trial, calibrate, confidences, fit_confidence, run_trial, without_answer
from qa.evaluation.gold import GoldQuestion, GoldSet
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

ASKED = [
    ("Who built the lighthouse on Gull Rock?", "lighthouse", "Ingrid Holm built the lighthouse on Gull Rock in 1874."),
    ("What did the storms wreck?", "lighthouse", "Storms had wrecked eleven ships there."),
    ("What oil did the lamp burn at first?", "lighthouse", "The lamp burned whale oil at first."),
    ("What replaced it in 1902?", "lighthouse", "This was costly, so paraffin replaced it in 1902."),
    ("What does the keeper sell in summer?", "lighthouse", "The keeper sells honey in summer."),
    ("Where do island bees gather nectar?", "bees", "The island bees gather nectar from heather."),
    ("What does their honey taste of?", "bees", "Their honey tastes of smoke."),
    ("What did the harbour wall give in 2020?", "bees", "| Harbour wall | 18 | 2020 |"),
    ("What killed half of the colonies?", "bees", "A virus killed half of the colonies in 2016."),
    ("When does the ferry leave the pier?", "ferry", "The ferry leaves the pier at noon."),
    ("How fast does it cross the sound?", "ferry", "It crosses the sound in forty minutes."),
]
GOLD = GoldSet(
    name="island",
    questions=(
        *(
            GoldQuestion(id=f"q{number}", question=question, post_ids=(post,), quotes=(quote,))
            for number, (question, post, quote) in enumerate(ASKED)
        ),
        GoldQuestion(id="u1", question="Which bank prints zloty?", answerable=False, kind="unanswerable"),
        GoldQuestion(id="u2", question="Who paints the ferry?", answerable=False, kind="near-miss"),
    ),
)


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    """An assistant over the small index with the weights of the package."""
    with Assistant(small_index, encoder=WordHashEncoder()) as made:
        yield made


def _features(similarity: float) -> ConfidenceFeatures:
    return ConfidenceFeatures(similarity, *[0.0] * (len(CONFIDENCE_FEATURES) - 1))


def _trials(count: int) -> list[Trial]:
    """Trials that one feature tells apart."""
    return [
        Trial("answerable", _features(1.0 if right else -1.0), right, right)
        for right in (number % 2 == 0 for number in range(count))
    ]


def _fitted(found: list[Trial]) -> Weights:
    linear, beta = fit_confidence(found)
    return plain_weights().with_confidence(linear, beta)


def test_beta_calibration_corrects_an_overconfident_model() -> None:
    generator = np.random.default_rng(7)
    strengths = generator.normal(0.0, 3.0, 4_000)
    chance = 0.8 / (1 + np.exp(-2 * strengths))  # however strong the feature, a fifth is wrong
    right = generator.random(4_000) < chance
    found = [
        Trial("answerable" if is_right else "removed", _features(strength), is_right, True)
        for strength, is_right in zip(strengths, right.tolist(), strict=True)
    ]
    fitted = _fitted(found)
    straight = fitted.model_copy(update={"beta": BetaCalibration()})
    errors = [
        metrics.calibration_error(metrics.equal_width_bins(confidences(weights, found), right.tolist()))
        for weights in (fitted, straight)
    ]
    assert errors[0] < errors[1] / 2
    assert max(confidences(fitted, found)) < 0.9 < max(confidences(straight, found))


def test_a_calibration_is_written_beside_the_index_and_used_from_then_on(
    assistant: Assistant, small_index: Path
) -> None:
    found, figures = calibrate(assistant, GOLD, refusal_cost=3.0)
    assert found.threshold == 0.25  # a wrong answer costs 1, a refusal 3: answer from 1 / (1 + 3) on
    assert set(figures) == {"AUROC", "expected calibration error", "Brier"}
    assert all(0 <= value <= 1 for value in figures.values())
    assert not (small_index / CALIBRATION_FILE).exists()
    path = save_calibration(found, small_index)
    assert path == small_index / "calibration.json"
    assert json.loads(path.read_text())["threshold"] == 0.25
    with Assistant(small_index, encoder=WordHashEncoder()) as calibrated:
        assert (calibrated.snapshot.weights.threshold, calibrated.snapshot.weights.confidence) == (
            0.25,
            found.confidence,
        )
        assert calibrated.snapshot.weights.passage == default_weights().passage


def test_the_fitted_threshold_decides_what_is_answered(assistant: Assistant, small_index: Path) -> None:
    found, _ = calibrate(assistant, GOLD, refusal_cost=1.0)
    question = ASKED[0][0]
    for threshold, answered in ((0.0, True), (1.0, False)):
        save_calibration(found.model_copy(update={"threshold": threshold}), small_index)
        with Assistant(small_index, encoder=WordHashEncoder()) as calibrated:
            assert calibrated.ask(question).answered is answered


def test_a_calibration_says_where_it_comes_from(assistant: Assistant) -> None:
    found, _ = calibrate(assistant, GOLD, refusal_cost=1.0)
    assert found.encoder == assistant.snapshot.encoder.identity
    assert found.provenance["gold"] == "island"
    assert found.provenance["trials"] == "24"  # 11 answerable ones, each twice, and 2 others


def test_progress_is_reported_after_every_question_of_a_calibration(assistant: Assistant) -> None:
    told: list[tuple[int, int]] = []
    calibrate(assistant, GOLD, 1.0, lambda done, total: told.append((done, total)))
    assert told == [(done, 13) for done in range(1, 14)]


def test_a_calibration_for_another_encoder_is_refused_and_both_are_named(
    assistant: Assistant, small_index: Path
) -> None:
    found, _ = calibrate(assistant, GOLD, refusal_cost=1.0)
    other = WordHashEncoder(name="another-model").identity
    save_calibration(found.model_copy(update={"encoder": other}), small_index)
    with pytest.raises(SettingsError, match=r"fitted for another-model, .* read with word-hash.*qa calibrate"):
        Assistant(small_index, encoder=WordHashEncoder())


def test_a_calibration_that_cannot_be_read_is_refused_with_the_remedy(small_index: Path) -> None:
    (small_index / CALIBRATION_FILE).write_text('{"threshold": 7}', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"(?s)calibration cannot be read in .*calibration\.json.*Remove it"):
        Assistant(small_index, encoder=WordHashEncoder())


def test_too_few_questions_are_an_error_that_says_how_many(assistant: Assistant) -> None:
    few = GOLD.model_copy(update={"questions": GOLD.questions[:5]})
    with pytest.raises(GoldError, match=r"too little to calibrate on in island \(seen: 10 trials\).*at least 10"):
        calibrate(assistant, few, 1.0)


def test_trials_of_one_outcome_are_too_little(assistant: Assistant) -> None:
    never = tuple(
        GoldQuestion(id=f"u{number}", question=f"Which bank prints zloty {number}?", answerable=False)
        for number in range(30)
    )
    with pytest.raises(GoldError, match="too little to calibrate on"):
        calibrate(assistant, GoldSet(name="never", questions=never), 1.0)


def test_without_its_answer_a_question_has_no_right_trial(assistant: Assistant) -> None:
    question = GOLD.questions[0]
    kept = without_answer(assistant.index, question)
    assert 0 < int(kept.sum()) < len(kept)
    whole = run_trial(assistant.snapshot, assistant.settings, question, "answerable")
    removed = run_trial(assistant.snapshot, assistant.settings, question, "removed", allowed=kept)
    assert whole is not None
    assert whole.right
    assert removed is None or not (removed.right or removed.answerable)


def test_a_merged_duplicate_does_not_shift_which_answer_is_removed(tmp_path: Path) -> None:
    copy = dict(POSTS[0]) | {"id": "lighthouse-copy"}
    root = tmp_path / "with-duplicate"
    assert build_small(root, [POSTS[0], copy, *POSTS[1:]]).duplicates == 1
    with Assistant(root, encoder=WordHashEncoder()) as assistant:
        for question in (one for one in GOLD.questions if one.answerable):
            kept = without_answer(assistant.index, question)
            posts = {post.id for post, _ in assistant.index.chunks(np.flatnonzero(kept).tolist())}
            assert posts == {str(post["id"]) for post in POSTS} - set(question.post_ids)


def test_a_generation_published_meanwhile_does_not_mix_with_the_one_being_calibrated(
    assistant: Assistant, small_index: Path
) -> None:
    def publish_fewer_posts(done: int, _: int) -> None:
        if done == 1:
            build_small(small_index, POSTS[2:])

    expected = calibrate(assistant, GOLD, refusal_cost=1.0)
    generation = assistant.index.manifest.generation
    assert calibrate(assistant, GOLD, 1.0, publish_fewer_posts) == expected
    assert assistant.index.manifest.generation == generation + 1


def test_separable_trials_are_separated() -> None:
    found = _trials(40)
    sure = confidences(_fitted(found), found)
    assert min(chance for chance, one in zip(sure, found, strict=True) if one.right) > 0.7
    assert max(chance for chance, one in zip(sure, found, strict=True) if not one.right) < 0.3


def test_a_kind_that_counts_more_moves_the_level() -> None:
    found = [Trial(one.kind if one.right else "removed", _features(0.0), one.right, one.right) for one in _trials(40)]
    even, _ = fit_confidence(found)
    rare, _ = fit_confidence(found, {"removed": 0.1})
    assert even(_features(0.0)) == pytest.approx(0.0, abs=0.05)
    assert rare(_features(0.0)) == pytest.approx(np.log(10), abs=0.1)


def test_confidences_stay_between_0_and_1() -> None:
    found = _trials(2)
    for weight in (0.0, 1.0, 1e6):
        steep = Linear(weights={CONFIDENCE_FEATURES[0]: weight})
        high, low = confidences(plain_weights().model_copy(update={"confidence": steep}), found)
        assert 0 <= low <= high <= 1
        assert high + low == pytest.approx(1)
