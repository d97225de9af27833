"""The reference encoder: the right weights, the model's own vectors, nothing asked of the network."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

import index
from index.coverage import coverage
from index.encoders import Encodable, Encoder, Vectors
from index.encoders.installed.loading import (
    AUTO,
    DEFAULT_WEIGHTS,
    checked_weights,
    default_model_folder,
    load_encoder,
    open_encoder,
)
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.protocol import FLOAT, INT8
from index.errors import EncoderError
from index.settings import DEFAULT_ENCODER, BuildSettings
from tests.stand_ins import WordHashEncoder, write_posts

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
    """A small random model with prompts, a short limit, and the default model's tokenizer."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny")
    inner = folder / "inner"
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "cls", "sep", "unk", "mask")}
    vocabulary = str(default_model_folder() / "tokenizer.json")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=vocabulary, **special)
    tokenizer.save_pretrained(inner)
    sizes = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    BertModel(sizes).save_pretrained(inner)
    words = Transformer(str(inner), max_seq_length=48)
    model = SentenceTransformer(
        modules=[words, Pooling(16, "mean")],
        device="cpu",
        prompts={"query": "query: ", "document": "passage: "},
    )
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Encoder:
    """The small model in floating point."""
    return load_encoder(str(tiny_folder), FLOAT)


def test_the_default_model_has_the_official_weights(real_encoder: Encoder) -> None:
    assert checked_weights(DEFAULT_ENCODER, default_model_folder()) == DEFAULT_WEIGHTS
    identity = real_encoder.identity
    assert (identity.name, identity.weights) == (DEFAULT_ENCODER, DEFAULT_WEIGHTS)
    assert (identity.dimension, identity.token_limit) == (384, 256)
    assert (identity.query_prompt, identity.document_prompt) == ("", "")


def test_weights_that_differ_in_one_byte_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "model"
    shutil.copytree(default_model_folder(), copy)
    weights = copy / WEIGHTS_FILE
    weights.chmod(0o600)
    with weights.open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)[0]
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))
    monkeypatch.setattr("index.encoders.installed.loading.default_model_folder", lambda: copy)
    with pytest.raises(EncoderError, match=rf"not the expected ones in .*{WEIGHTS_FILE}.*Expected {DEFAULT_WEIGHTS}"):
        load_encoder()


def test_a_folder_with_pickled_weights_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(EncoderError, match=r"no model\.safetensors.*pickled ones are never loaded"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize("broken", [WEIGHTS_FILE, "config.json", "tokenizer.json", "modules.json"])
@pytest.mark.parametrize("backend", [AUTO, INT8, FLOAT])
def test_a_model_with_a_broken_file_is_an_error_that_names_its_folder(
    tmp_path: Path, tiny_folder: Path, broken: str, backend: str
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(tiny_folder, copy)
    assert (copy / broken).is_file()
    (copy / broken).write_bytes(b"broken")
    with pytest.raises(EncoderError, match=r"the model cannot be loaded in .*/model"):
        load_encoder(str(copy), backend)


def test_a_name_that_is_not_on_this_machine_is_refused_with_what_to_use() -> None:
    with pytest.raises(EncoderError, match=r"seen: someone/some-model.*all-MiniLM-L6-v2"):
        load_encoder("someone/some-model")


def test_the_same_name_gives_the_same_encoder(tiny_folder: Path) -> None:
    assert load_encoder(str(tiny_folder)) is load_encoder(str(tiny_folder))


def test_it_is_an_encoder_as_the_protocol_says(tiny: Encoder, hash_encoder: WordHashEncoder) -> None:
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
        inside = [at for at, (a, b) in enumerate(offsets) if b > a and start + shift <= a and b <= end + shift]
        mean = tokens[inside].mean(axis=0)
        expected.append(mean / np.linalg.norm(mean))
    found = real_encoder.encode_document([_passage()]).sentences
    assert np.abs(found - np.asarray(expected)).max() < 1e-5


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
    assert np.abs(together.passages - np.concatenate([one.passages for one in alone])).max() < 1e-5
    assert np.abs(together.sentences - np.concatenate([one.sentences for one in alone])).max() < 1e-5


def test_nothing_given_gives_no_rows(tiny: Encoder) -> None:
    assert tiny.encode_query([]).shape == (0, 16)
    vectors = tiny.encode_document([])
    assert vectors.passages.shape == vectors.sentences.shape == (0, 16)


def test_the_prompts_of_a_model_are_put_before_questions_and_passages(tiny: Encoder, tiny_folder: Path) -> None:
    assert (tiny.identity.query_prompt, tiny.identity.document_prompt) == ("query: ", "passage: ")
    library = SentenceTransformer(str(tiny_folder), device="cpu", local_files_only=True)
    question = _own_vectors(library, ["query: Who built it?"])
    assert np.abs(tiny.encode_query(["Who built it?"]) - question).max() < 1e-5
    passage = _own_vectors(library, [f"passage: {TITLE}. {TEXT}"])
    assert np.abs(tiny.encode_document([_passage()]).passages - passage).max() < 1e-5


def test_the_token_limit_of_a_model_is_known_and_what_lies_behind_it_is_not_read(tiny: Encoder) -> None:
    assert tiny.identity.token_limit == 48
    long = "word " * 100
    before = len(tiny.token_spans(f"passage: {TITLE}. "))
    read = 48 - 2 - before
    assert tiny.read_span(_passage(long)) == read * len("word ") - 1
    cut = _passage(long[: tiny.read_span(_passage(long))], sentences=())
    whole = _passage(long, sentences=())
    vectors = tiny.encode_document([cut, whole]).passages
    assert np.abs(vectors[0] - vectors[1]).max() < 1e-6


def test_tokens_are_counted_whole_with_their_places(real_encoder: Encoder) -> None:
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


@pytest.mark.parametrize("backend", [INT8, FLOAT])
def test_building_with_the_real_model_reads_every_token_and_asks_nothing_of_the_network(
    tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def note(*call: object, **named: object) -> None:
        asked.append((call, named))
        raise OSError("no network here")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, note)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, note)
    fresh = open_encoder(DEFAULT_ENCODER, default_model_folder(), backend)
    bodies = ["x" * 3_000, "漢字" * 150, "👩‍👩‍👧‍👦" * 200, f"{'qz' * 1_020} " + "the cat sat. " * 30, "a/b?c=d&" * 100]
    posts = [{"id": str(at), "title": "A long title " * 12, "text": body} for at, body in enumerate(bodies)]
    index.build([write_posts(tmp_path / "posts.jsonl", posts)], tmp_path / "index", encoder=fresh)
    opened = index.open(tmp_path / "index")
    opened.require(fresh)
    assert asked == []
    assert fresh.identity == load_encoder(backend=backend).identity
    assert coverage(opened, fresh).share == 1.0
    most = BuildSettings().chunks.max_tokens
    assert max(len(fresh.token_spans(chunk.text)) for chunk in opened.all_chunks()) <= most
    opened.close()
