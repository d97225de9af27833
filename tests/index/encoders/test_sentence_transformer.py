"""The reference encoder: the vectors of sentence-transformers, and sentences' vectors from the same forward pass."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from index.encoders import Encodable, Encoder, Vectors
from index.encoders.installed.loading import default_model_folder, load_encoder
from index.encoders.protocol import FLOAT
from tests.stand_ins import WordHashEncoder
from tests.tiny_models import Shape, save_tiny

pytestmark = pytest.mark.model

TEXT = "Ingrid Holm built the lighthouse. It stood on Gull Rock, far from the pier."
SENTENCES = ((0, 33), (34, 75))
TITLE = "The lighthouse"


def _passage(text: str = TEXT, context: str = TITLE, sentences: tuple[tuple[int, int], ...] = SENTENCES) -> Encodable:
    return Encodable(context, text, sentences)


def _own_vectors(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    return np.asarray(model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)


@pytest.fixture(scope="session")
def library_model() -> SentenceTransformer:
    """The default model as sentence-transformers itself uses it."""
    return SentenceTransformer(str(default_model_folder()), device="cpu", local_files_only=True)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random model with prompts and a short limit."""
    return save_tiny(tmp_path_factory.mktemp("tiny"), Shape(hidden=16, inner=16, layers=1, limit=48))


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Encoder:
    """The small model in floating point."""
    return load_encoder(str(tiny_folder), FLOAT)


def test_it_fulfils_the_protocol(tiny: Encoder, hash_encoder: WordHashEncoder) -> None:
    assert isinstance(tiny, Encoder)
    assert isinstance(hash_encoder, Encoder)


def test_vectors_are_those_of_sentence_transformers(real_encoder: Encoder, library_model: SentenceTransformer) -> None:
    texts = [TEXT, "Bees.", "word " * 400, "灯塔 👩‍👧 naïve", *(f"Number {n} of many." for n in range(9))]
    questions = real_encoder.encode_query(texts)
    assert questions.dtype == np.float32
    assert np.abs(questions - _own_vectors(library_model, texts)).max() < 1e-5
    passages = real_encoder.encode_document([_passage(text, sentences=()) for text in texts]).passages
    with_title = _own_vectors(library_model, [f"{TITLE}. {text}" for text in texts])
    assert np.abs(passages - with_title).max() < 1e-5


def test_a_sentences_vector_is_the_mean_of_its_tokens_as_they_stand_in_the_passage(
    real_encoder: Encoder, library_model: SentenceTransformer
) -> None:
    text = f"{TITLE}. {TEXT}"
    tokens = library_model.encode([text], output_value="token_embeddings", show_progress_bar=False)[0].numpy()
    offsets = library_model.tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    shift = len(TITLE) + 2
    expected = []
    for start, end in SENTENCES:
        inside = [row for row, (a, b) in enumerate(offsets) if b > a and start + shift <= a and b <= end + shift]
        mean = tokens[inside].mean(axis=0)
        expected.append(mean / np.linalg.norm(mean))
    vectors = real_encoder.encode_document([_passage()]).sentences
    assert np.abs(vectors - np.asarray(expected)).max() < 1e-5


def test_all_vectors_are_of_unit_length_also_for_sentences_beyond_the_limit(real_encoder: Encoder) -> None:
    long = "word " * 400
    spans = ((0, 10), (1500, 1900), (1990, 1999))
    vectors = real_encoder.encode_document(
        [_passage(), _passage(long, sentences=spans), _passage("\u200b", sentences=((0, 1),))]
    )
    assert vectors.passages.shape == (3, 384)
    assert vectors.sentences.shape == (6, 384)
    for rows in (vectors.passages, vectors.sentences, real_encoder.encode_query([TEXT, "?"])):
        assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)


def test_passages_come_back_in_their_order_however_they_are_batched(tiny: Encoder) -> None:
    passages = [_passage(f"{'word ' * (n * 7 % 23)}end {n}.", sentences=((0, 3),)) for n in range(30)]
    together = tiny.encode_document(passages)
    alone = [tiny.encode_document([passage]) for passage in passages]
    assert np.abs(together.passages - np.concatenate([vectors.passages for vectors in alone])).max() < 1e-5
    assert np.abs(together.sentences - np.concatenate([vectors.sentences for vectors in alone])).max() < 1e-5


def test_no_texts_give_no_rows(tiny: Encoder) -> None:
    assert tiny.encode_query([]).shape == (0, 16)
    vectors = tiny.encode_document([])
    assert vectors.passages.shape == vectors.sentences.shape == (0, 16)


def test_a_model_s_prompts_stand_before_questions_and_passages(tiny: Encoder, tiny_folder: Path) -> None:
    assert (tiny.identity.query_prompt, tiny.identity.document_prompt) == ("query: ", "passage: ")
    library = SentenceTransformer(str(tiny_folder), device="cpu", local_files_only=True)
    question = _own_vectors(library, ["query: Who built it?"])
    assert np.abs(tiny.encode_query(["Who built it?"]) - question).max() < 1e-5
    passage = _own_vectors(library, [f"passage: {TITLE}. {TEXT}"])
    assert np.abs(tiny.encode_document([_passage()]).passages - passage).max() < 1e-5


def test_what_lies_beyond_the_token_limit_is_not_read(tiny: Encoder) -> None:
    assert tiny.identity.token_limit == 48
    long = "word " * 100
    before = len(tiny.token_spans(f"passage: {TITLE}. "))
    read = 48 - 2 - before
    assert tiny.read_span(_passage(long)) == read * len("word ") - 1
    cut = _passage(long[: tiny.read_span(_passage(long))], sentences=())
    whole = _passage(long, sentences=())
    vectors = tiny.encode_document([cut, whole]).passages
    assert np.abs(vectors[0] - vectors[1]).max() < 1e-6


def test_tokens_are_counted_without_a_limit_and_with_their_offsets(real_encoder: Encoder) -> None:
    spans = real_encoder.token_spans(TEXT * 30)
    assert len(spans) > 256
    assert [TEXT[start:end] for start, end in spans[:5]] == ["Ingrid", "Holm", "built", "the", "lighthouse"]


def test_threads_that_share_an_encoder_do_not_cut_each_others_texts(tiny: Encoder) -> None:
    long = "word " * 200
    count, read = len(tiny.token_spans(long)), tiny.read_span(_passage(long))
    vector = tiny.encode_query([TEXT])

    def work(turn: int) -> tuple[int, int, bool]:
        same = bool(np.allclose(tiny.encode_query([TEXT]), vector, atol=1e-6)) if turn % 2 else True
        return len(tiny.token_spans(long)), tiny.read_span(_passage(long)), same

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(200))) == {(count, read, True)}
