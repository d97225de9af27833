"""Questions in another language than the posts: their centre, words that look alike, weights of their own."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import index
from index.encoders.installed.catalog import MULTILINGUAL
from index.encoders.protocol import EncoderIdentity
from index.settings import DEFAULT_ENCODER
from qa.answering.confidence import confidence_features
from qa.answering.retrieve import retrieve
from qa.answering.weights import Calibration, Linear, Weights, calibration_in, default_weights, save_calibration
from qa.assistant import Assistant
from qa.evaluation.calibrate import calibrate
from qa.evaluation.gold import GoldQuestion, GoldSet
from qa.question.cognates import Cognates, content_words, romanised
from qa.question.language_means import centred, typicality
from qa.question.query import Query, understand
from qa.settings import AskSettings
from tests.stand_ins import WordHashEncoder, plain_weights

ENCODER = WordHashEncoder()
SPANISH = "¿Quién construyó el faro de Gull Rock en 1874?"
QUOTE = "Ingrid Holm built the lighthouse on Gull Rock in 1874."
ENGLISH = "Who built the lighthouse on Gull Rock?"


def cognate_weights() -> Weights:
    """Weights by which only cognates count."""
    overlap = Linear(weights={"cognate_overlap": 1.0})
    return plain_weights().model_copy(update={"passage": overlap, "sentence": overlap})


def _cognates(*words: str) -> Cognates:
    return Cognates(words, lambda _: 1.0)


@pytest.mark.parametrize(
    ("asked", "term", "score"),
    [
        ("panthers", "panthers", 1.0),
        ("defensa", "defens", (2 * 5 / 11) ** 2),
        ("1874", "1874", 1.0),
        ("martin", "мартин", 1.0),
    ],
)
def test_names_numbers_and_cognates_match(asked: str, term: str, score: float) -> None:
    assert _cognates(asked).scores([term])[0, 0] == pytest.approx(score)


@pytest.mark.parametrize(
    ("asked", "term"), [("1874", "1875"), ("quien", "queen"), ("faro", "lighthous"), ("桥", "灯塔")]
)
def test_what_only_shares_a_letter_or_a_digit_does_not_match(asked: str, term: str) -> None:
    assert _cognates(asked).scores([term])[0, 0] == 0


def test_each_word_counts_by_its_best_match_and_the_terms_weight() -> None:
    cognates = Cognates(["gull", "rock", "faro"], lambda term: 0.5 if term == "gull" else 1.0)
    assert cognates.overlap(["gull", "rock", "rocks"]) == pytest.approx((0.5 + 1 + 0) / 3)
    assert cognates.overlap([]) == Cognates([], lambda _: 1.0).overlap(["gull"]) == 0


def test_cyrillic_and_greek_names_are_read_in_latin_letters() -> None:
    assert (romanised("варшава"), romanised("ωμεγα"), romanised("gull"), romanised("桥")) == (
        "varshava",
        "omega",
        "gull",
        "桥",
    )


def test_stop_words_are_no_content_words() -> None:
    assert content_words(SPANISH, "es") == ["construyo", "faro", "gull", "rock", "1874"]


def test_a_question_moves_away_from_its_languages_mean() -> None:
    vector = ENCODER.encode_query([SPANISH])[0]
    moved = centred(vector, "es", ENCODER, 0.5)
    assert float(np.linalg.norm(moved)) == pytest.approx(1)
    centre = ENCODER.encode_query(["¿Cuánto dura el viaje?"])[0]
    assert float(moved @ centre) < float(vector @ centre)


def test_a_language_without_typical_questions_and_no_share_leave_it_as_it_is() -> None:
    vector = ENCODER.encode_query([SPANISH])[0]
    assert centred(vector, "eo", ENCODER, 0.5) is vector
    assert centred(vector, "es", ENCODER, 0.0) is vector
    assert typicality(vector, "eo", ENCODER) == 0


def test_every_language_has_as_many_typical_questions() -> None:
    from qa.question.language_means import _typical_questions

    counts = {language: len(set(questions)) for language, questions in _typical_questions().items()}
    assert set(counts.values()) == {10}
    assert {"en", "es", "de", "ru", "ar", "zh", "ja", "th", "hi", "fr"} <= counts.keys()


def _query(question: str, root: Path, centring: float = 0.0) -> Query:
    return understand(question, ENCODER, index.open(root).terms, centring)


def test_only_a_question_in_another_language_is_centred_and_ranked_by_those_weights(small_index: Path) -> None:
    foreign = plain_weights(threshold=0.25)
    weights = plain_weights().model_copy(update={"foreign": foreign, "centring": 0.5})
    asked, plain = _query(SPANISH, small_index, 0.5), _query(ENGLISH, small_index, 0.5)
    assert weights.of(asked) is foreign
    assert weights.of(plain) is weights
    assert plain_weights().of(asked) == plain_weights()
    assert not np.allclose(asked.vector, _query(SPANISH, small_index).vector)
    assert np.allclose(plain.vector, _query(ENGLISH, small_index).vector)
    assert asked.typicality > 0
    assert plain.typicality == 0


def test_cognate_overlap_is_computed_where_it_has_a_weight(small_index: Path) -> None:
    opened = index.open(small_index)
    weights = cognate_weights()
    query = _query(SPANISH, small_index)
    found = retrieve(query, opened, weights, AskSettings(), 2)
    assert found[0].post.id == "lighthouse"
    assert found[0].features.cognate_overlap == found[0].score > 0
    assert "Gull Rock in 1874" in found[0].evidence[0].text
    without = retrieve(query, opened, plain_weights(), AskSettings(), 2)
    assert all(passage.features.cognate_overlap == 0 for passage in without)


def test_the_best_of_two_neighbouring_sentences_is_a_feature(small_index: Path) -> None:
    opened = index.open(small_index)
    for passage in retrieve(_query(ENGLISH, small_index), opened, plain_weights(), AskSettings(), 3):
        similarities = [one.features.similarity for one in sorted(passage.evidence, key=lambda one: one.start)]
        pairs = [(one + other) / 2 for one, other in pairwise(similarities)]
        assert passage.features.pair == pytest.approx(max(pairs, default=similarities[0]))


def test_a_single_passage_stands_out_and_missing_names_are_found_by_their_spelling(small_index: Path) -> None:
    opened = index.open(small_index)
    query = _query("¿Vivió Ingrid Holme con Zebulon?", small_index)
    passages = retrieve(query, opened, plain_weights(), AskSettings(), 3)
    features = confidence_features(query, passages[:1])
    assert features
    assert (features.margin, features.next_margin) == (1.0, 1.0)
    features = confidence_features(query, passages)
    assert features
    assert -1 <= features.margin <= features.next_margin <= 1
    if passages[0].post.id == "lighthouse":
        assert features.names_without_cognate == pytest.approx(1 / 3)


def test_each_encoder_has_its_weights_and_only_the_multilingual_one_those_for_other_languages() -> None:
    assert default_weights() == default_weights(DEFAULT_ENCODER) == default_weights("a folder of the user's")
    multilingual = default_weights(MULTILINGUAL)
    assert default_weights().foreign is None
    assert multilingual.foreign is not None
    assert multilingual.centring > 0
    assert multilingual.provenance["encoder"] == multilingual.foreign.provenance["encoder"] == MULTILINGUAL


def test_a_calibration_on_foreign_questions_is_for_such_alone(tmp_path: Path) -> None:
    identity = EncoderIdentity(name=MULTILINGUAL, weights="00", dimension=8, token_limit=512)
    fitted = Linear(weights={"dense": 1.0}, intercept=-2.0)
    save_calibration(Calibration(encoder=identity, confidence=fitted, threshold=0.2, foreign=True), tmp_path)
    weights = default_weights(MULTILINGUAL).calibrated(calibration_in(tmp_path, identity))
    assert weights.confidence == default_weights(MULTILINGUAL).confidence
    assert weights.foreign is not None
    assert (weights.foreign.confidence, weights.foreign.threshold) == (fitted, 0.2)


def test_questions_of_the_kind_that_most_are_of_are_calibrated_on(small_index: Path) -> None:
    gold = [
        GoldQuestion(
            id=f"q{at}", question=text, answerable=True, posts=("The lighthouse on Gull Rock",), quotes=(QUOTE,)
        )
        for at, text in enumerate(
            [f"¿Quién construyó el faro número {at} de Gull Rock?" for at in range(12)] + [ENGLISH]
        )
    ]
    weights: Weights = plain_weights().model_copy(update={"foreign": cognate_weights()})
    with Assistant(small_index, encoder=ENCODER, weights=weights) as assistant:
        found, _ = calibrate(assistant, GoldSet(name="gold", questions=tuple(gold)), 9.0)
    assert found.foreign
    assert found.provenance["trials"] == "24"
