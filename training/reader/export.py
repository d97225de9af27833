"""A run's averaged weights as the package: `python -m training.reader.export --run FOLDER --version 1.0.0`.

Writes `model.onnx` (8-bit, by the encoders' own exporter), the head and the facts with every SHA-256 into
`packages/postqa-reader/postqa_reader`, and says how far 8 bits move the scores.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save, save_file

from index.encoders.installed.loading import default_model_folder
from index.encoders.onnx.export import export
from index.encoders.onnx.export_format import MODEL_FILE, WEIGHTS_FILE
from index.encoders.onnx.model_config import ModelFolder, read_model_folder
from index.files import file_sha256
from qa.reading.reader import FACTS_FILE, HEAD_FILE, TOKENIZER_FILE, Reader, ReaderFacts
from qa.reading.windows import Window, cut_windows
from training.reader.data import load_data
from training.reader.measure import sample
from training.reader.model import ReaderModel, new_model
from training.reader.run import CHECKPOINT, read
from training.reader.shelf import Question, StoredPassage
from training.reader.tokens import Tokens

PACKAGE = Path(__file__).resolve().parents[2] / "packages/postqa-reader/postqa_reader"
_NAME = "postqa-reader"
_LARGEST = 30 * 10**6  # bytes of the model
_TRIED = 40  # questions that both forms read


def averaged_model(checkpoint: Path) -> ReaderModel:
    """The averaged weights of a run, ready to read with, in float32."""
    model = new_model(default_model_folder(), 0.0)
    model.load_state_dict(torch.load(checkpoint, weights_only=True)["average"])
    model.in_bfloat16 = False
    return model.eval()


def export_reader(model: ReaderModel, version: str, target: Path, shape: ModelFolder) -> ReaderFacts:
    """Write a reader's files into a folder.

    Args:
        model: The trained model.
        version: Of the package.
        target: The folder.
        shape: The sentence encoder that the model started from: its shape and tokenizer are the reader's.

    Raises:
        ValueError: The model is larger than a package should carry.
        EncoderUnsupported: 8 bits lose too much of it.
    """
    target.mkdir(parents=True, exist_ok=True)
    _write_layers(model, target, shape)
    size = (target / MODEL_FILE).stat().st_size
    if size > _LARGEST:
        raise ValueError(f"{target / MODEL_FILE} has {size:,} bytes, more than {_LARGEST:,}")
    head = {"product": model.product, "null": model.null, "null_bias": model.null_bias.reshape(1)}
    (target / HEAD_FILE).write_bytes(save({name: value.detach().contiguous() for name, value in head.items()}))
    facts = ReaderFacts(
        name=_NAME,
        version=version,
        files={name: file_sha256(target / name) for name in (MODEL_FILE, HEAD_FILE)},
        tokenizer=file_sha256(shape.path / TOKENIZER_FILE),
    )
    (target / FACTS_FILE).write_text(facts.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return facts


def _write_layers(model: ReaderModel, target: Path, shape: ModelFolder) -> None:
    """Everything below the head, in 8 bits."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tensors = {name: value.contiguous() for name, value in model.encoder.state_dict().items()}
        save_file(tensors, folder / WEIGHTS_FILE)
        shutil.copyfile(shape.path / TOKENIZER_FILE, folder / TOKENIZER_FILE)
        export(replace(shape, path=folder), file_sha256(folder / WEIGHTS_FILE), folder)
        shutil.copyfile(folder / MODEL_FILE, target / MODEL_FILE)


def disagreement(
    model: ReaderModel, reader: Reader, questions: list[Question], passages: dict[str, StoredPassage]
) -> tuple[float, float]:
    """Mean absolute difference of the scores of both forms, and their correlation."""
    ours, theirs = [], []
    for question, windows in _tried(questions, passages):
        inputs = reader.inputs(question, windows)
        ours += [score for scores in read(model, inputs) for score in scores]
        theirs += [float(score) for window in reader.read(question, windows) for score in window.scores]
    return float(np.mean(np.abs(np.subtract(ours, theirs)))), float(np.corrcoef(ours, theirs)[0, 1])


def _tried(questions: list[Question], passages: dict[str, StoredPassage]) -> Iterator[tuple[str, list[Window]]]:
    tokens = Tokens(default_model_folder())
    for question in sample(questions, _TRIED):
        keys = [*question.gold, *(candidate.key for candidate in question.retrieved[:3])]
        stored = [passages[key] for key in keys]
        yield (
            question.question,
            [window for passage in stored for window in cut_windows(passage.context, passage.units, tokens.ids)],
        )


def main() -> None:
    """Export the run that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, default=PACKAGE)
    parser.add_argument("--shelves", type=Path, help="to compare both forms on questions that are held out")
    options = parser.parse_args()
    model = averaged_model(options.run / CHECKPOINT)
    facts = export_reader(model, options.version, options.out, read_model_folder(default_model_folder()))
    print(facts.model_dump_json(indent=1))
    if options.shelves:
        data = load_data(options.shelves, frozenset())
        questions = [question for held_out in data.held_out.values() for question in held_out]
        reader = Reader(options.out, default_model_folder() / TOKENIZER_FILE)
        distance, correlation = disagreement(model, reader, questions, data.passages)
        print(f"8 bits move a score by {distance:.3f} in the mean; correlation {correlation:.4f}")


if __name__ == "__main__":
    main()
