"""The 8-bit encoder: near the float one, one text at a time, and without torch."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest

from index.encoders import Encodable, Encoder, Vectors
from index.encoders.installed.loading import default_model_folder, load_encoder
from index.encoders.onnx.bert_graph import bert_graph, operators
from index.encoders.onnx.export import read_weights
from index.encoders.onnx.export_format import FACTS_FILE, INPUT, MODEL_FILE, OUTPUT, WEIGHTS_FILE, ExportFacts
from index.encoders.onnx.model_config import read_model_folder
from index.encoders.onnx.session import open_session
from index.encoders.protocol import FLOAT, INT8
from index.errors import EncoderUnsupported
from index.files import cache_folder
from index.settings import DEFAULT_ENCODER
from tests.tiny_models import Shape, save_tiny

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[4]
TEXT = "Ingrid Holm built the lighthouse. It stood on Gull Rock, far from the pier."
SENTENCES = ((0, 33), (34, 75))
TITLE = "The lighthouse"
TEXTS = (
    TEXT,
    "Bees.",
    "?",
    "灯塔 👩‍👧 naïve İstanbul",
    "The ferry leaves the pier at noon and crosses the sound in forty minutes, wind and tide permitting.",
    "word " * 400,
    "A virus killed half of the colonies in 2016; 31 kilograms of honey were left in the north meadow.",
)
UNFUSED = {"MatMul", "Softmax", "Erf", "Pow", "Sqrt", "ReduceMean", "Gemm", "DynamicQuantizeLinear", "MatMulInteger"}
"""Operators of attention, GELU, layer norm and quantised products that are not fused."""


def _passage(text: str = TEXT, context: str = TITLE, sentences: tuple[tuple[int, int], ...] = SENTENCES) -> Encodable:
    return Encodable(context, text, sentences)


def _cosines(one: Vectors, other: Vectors) -> Vectors:
    return np.asarray((one * other).sum(axis=1))


def _exported(name: str) -> Path:
    weights = load_encoder(name, INT8).identity.weights
    for facts in (cache_folder() / "encoders").glob(f"*/{FACTS_FILE}"):
        if ExportFacts.model_validate_json(facts.read_bytes()).weights == weights:
            return facts.parent
    raise AssertionError(f"no export of {name}")


def test_the_8_bit_encoder_is_the_default(fast_encoder: Encoder) -> None:
    assert load_encoder() is load_encoder(backend=INT8)
    assert fast_encoder.identity.backend == INT8


def test_identities_differ_by_the_backend_alone(fast_encoder: Encoder, real_encoder: Encoder) -> None:
    assert fast_encoder.identity.model_copy(update={"backend": FLOAT}) == real_encoder.identity


def test_every_operator_that_can_be_fused_is(fast_encoder: Encoder) -> None:
    folder = _exported(DEFAULT_ENCODER)
    counts = operators(onnx.load(str(folder / MODEL_FILE)))
    assert (counts["MultiHeadAttention"], counts["FastGelu"], counts["DynamicQuantizeMatMul"]) == (6, 6, 24)
    assert counts["LayerNormalization"] == 13
    assert set(counts) & UNFUSED == set()
    facts = ExportFacts.model_validate_json((folder / FACTS_FILE).read_bytes())
    assert facts.operators == counts
    assert facts.cosine > 0.997


def test_the_graph_in_floating_point_is_the_model_itself(real_encoder: Encoder, fast_encoder: Encoder) -> None:
    model = read_model_folder(default_model_folder())
    graph = bert_graph(read_weights(model.path / WEIGHTS_FILE), model, None)
    session = open_session(graph.SerializeToString())
    tokenizer = fast_encoder._tokenizer  # type: ignore[attr-defined]
    for text in (TEXT, "Bees.", "word " * 200):
        tokens = session.run([OUTPUT], {INPUT: np.array([tokenizer.encode(text).ids])})[0][0]
        mean = tokens.mean(axis=0)
        expected = real_encoder.encode_query([text])[0]
        assert np.abs(mean / np.linalg.norm(mean) - expected).max() < 2e-6


def test_vectors_are_near_the_float_models(fast_encoder: Encoder, real_encoder: Encoder) -> None:
    questions = _cosines(fast_encoder.encode_query(TEXTS), real_encoder.encode_query(TEXTS))
    assert questions.mean() > 0.996
    assert questions.min() > 0.98  # of a question mark alone
    passages = [_passage(text, sentences=((0, len(text) // 2), (len(text) // 2, len(text)))) for text in TEXTS]
    fast, reference = fast_encoder.encode_document(passages), real_encoder.encode_document(passages)
    assert _cosines(fast.passages, reference.passages).min() > 0.99
    assert fast.sentences.shape == (2 * len(TEXTS), 384)
    assert _cosines(fast.sentences, reference.sentences).min() > 0.98


def test_a_text_has_the_same_vector_alone_and_among_others(fast_encoder: Encoder) -> None:
    passages = [_passage(text, sentences=((0, 3),)) for text in TEXTS]
    together = fast_encoder.encode_document(passages)
    for row, passage in enumerate(passages):
        alone = fast_encoder.encode_document([passage])
        assert np.array_equal(alone.passages[0], together.passages[row])
        assert np.array_equal(alone.sentences[0], together.sentences[row])
    assert np.array_equal(fast_encoder.encode_query(TEXTS)[2], fast_encoder.encode_query(TEXTS[2:3])[0])


def test_eight_threads_get_the_vectors_of_one(fast_encoder: Encoder) -> None:
    passage = fast_encoder.encode_document([_passage()])
    question = fast_encoder.encode_query([TEXT])

    def work(turn: int) -> bool:
        if turn % 2:
            return np.array_equal(fast_encoder.encode_query([TEXT]), question)
        again = fast_encoder.encode_document([_passage()])
        return np.array_equal(again.passages, passage.passages) and np.array_equal(again.sentences, passage.sentences)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(64)))


def test_tokens_and_limits_are_those_of_the_float_encoder(fast_encoder: Encoder, real_encoder: Encoder) -> None:
    for text in TEXTS:
        assert fast_encoder.token_spans(text) == real_encoder.token_spans(text)
        assert fast_encoder.read_span(_passage(text)) == real_encoder.read_span(_passage(text))
    assert fast_encoder.read_span(_passage("word " * 400)) < 5 * 400


def test_what_lies_beyond_the_token_limit_is_not_read(fast_encoder: Encoder) -> None:
    long = "word " * 400
    cut = long[: fast_encoder.read_span(_passage(long))]
    vectors = fast_encoder.encode_document([_passage(cut, sentences=()), _passage(long, sentences=())]).passages
    assert np.array_equal(vectors[0], vectors[1])


def test_sentences_beyond_the_limit_and_without_tokens_have_unit_vectors_too(fast_encoder: Encoder) -> None:
    spans = ((0, 10), (1500, 1900), (1990, 1999))
    vectors = fast_encoder.encode_document(
        [_passage("word " * 400, sentences=spans), _passage("\u200b", sentences=((0, 1),))]
    )
    assert vectors.sentences.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors.sentences, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(fast_encoder: Encoder) -> None:
    assert fast_encoder.encode_query([]).shape == (0, 384)
    vectors = fast_encoder.encode_document([])
    assert vectors.passages.shape == vectors.sentences.shape == (0, 384)


@pytest.mark.parametrize(
    "shape",
    [
        Shape(),
        Shape(pooling="cls"),
        Shape(lower_case=True),
        Shape(family="roberta"),
        Shape(hidden=24, inner=40, heads=3, layers=3),
    ],
    ids=str,
)
def test_models_of_every_known_kind_come_out_as_in_floating_point(tmp_path: Path, shape: Shape) -> None:
    folder = str(save_tiny(tmp_path, shape))
    fast, reference = load_encoder(folder, INT8), load_encoder(folder, FLOAT)
    assert fast.identity.model_copy(update={"backend": FLOAT}) == reference.identity
    assert (fast.identity.query_prompt, fast.identity.document_prompt) == ("query: ", "passage: ")
    assert _cosines(fast.encode_query(TEXTS), reference.encode_query(TEXTS)).min() > 0.99
    passages = [_passage(text) for text in TEXTS]
    ours, theirs = fast.encode_document(passages), reference.encode_document(passages)
    assert _cosines(ours.passages, theirs.passages).min() > 0.99
    assert _cosines(ours.sentences, theirs.sentences).min() > 0.98
    assert [fast.read_span(passage) for passage in passages] == [reference.read_span(passage) for passage in passages]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (Shape(family="distilbert"), r"its model_type .*seen: distilbert"),
        (Shape(activation="relu"), r"its hidden_act .*seen: relu"),
        (Shape(pooling="max"), r"its pooling .*seen: max"),
        (Shape(dense=True), r"its modules .*Dense"),
    ],
    ids=str,
)
def test_an_unknown_kind_of_model_is_read_in_floating_point_with_one_warning(
    tmp_path: Path, shape: Shape, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = str(save_tiny(tmp_path, shape))
    encoder = load_encoder(folder)
    assert encoder.identity.backend == FLOAT
    load_encoder(folder).encode_query([TEXT])
    (line,) = (record.getMessage() for record in caplog.records if record.name == "postqa")
    assert "\n" not in line
    assert "float encoder is used" in line
    assert folder in line
    with pytest.raises(EncoderUnsupported, match=rf"{reason}.*QA_BACKEND=float"):
        load_encoder(folder, INT8)


def test_neither_torch_nor_transformers_is_loaded_by_a_cached_export(fast_encoder: Encoder) -> None:
    check = (
        "import sys\n"
        "from index.encoders import Encodable\n"
        "from index.encoders.installed.loading import load_encoder\n"
        "encoder = load_encoder()\n"
        "encoder.encode_query(['Who?'])\n"
        "encoder.encode_document([Encodable('', 'Ingrid Holm did.', ((0, 16),))])\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'safetensors', 'huggingface_hub'}\n"
        "print(type(encoder).__name__, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("OnnxEncoder []", "")


def test_sums_of_products_are_exact_on_this_processor(record_property: Callable[[str, object], None]) -> None:
    from index.encoders.onnx.quantize import quantised_columns

    draw = np.random.default_rng(3)
    for inputs in (30, 384, 1536):
        rounded, _ = quantised_columns(draw.normal(size=(inputs, 64)).astype(np.float32))
        wide = rounded.astype(np.int64)
        pairs = wide.reshape(-1, 2, 64)
        for sign in (1, -1):  # even if every input were the largest byte, two products fit into 16 bits
            assert 255 * np.maximum(sign * pairs, 0).sum(axis=1).max() <= 2**15 - 1
        bits = np.ceil(np.log2(np.abs(wide).max(axis=0)))
        record_property(f"bits used with {inputs} inputs", float(bits.mean()))
        values = draw.integers(200, 256, size=(9, inputs)).astype(np.uint8)
        assert np.array_equal(_integer_product(values, rounded), values.astype(np.int64) @ wide)


def _integer_product(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    from onnx import TensorProto, helper, numpy_helper

    node = helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, values.shape)],
        [helper.make_tensor_value_info("y", TensorProto.INT32, None)],
        [numpy_helper.from_array(weights, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    return np.asarray(open_session(model.SerializeToString()).run(None, {"x": values})[0])
