"""The reader at work, with a tiny model of random numbers and, where marked, with the real one."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from index.encoders.onnx.model_config import read_model_folder
from index.errors import ReaderError
from index.records import SentenceKind
from qa.reading.reader import FACTS_FILE, HEAD_FILE, TOKENIZER_FILE, Reader, load_reader
from qa.reading.windows import Span
from tests.tiny_readers import save_base
from training.reader.export import export_reader
from training.reader.model import new_model
from training.reader.run import read


def _spans(*sentences: str) -> tuple[Span, ...]:
    ends = list(accumulate(len(sentence) + 1 for sentence in sentences))
    return tuple(
        Span(end - len(sentence) - 1, end - 1, SentenceKind.SENTENCE, sentence)
        for sentence, end in zip(sentences, ends, strict=True)
    )


SPANS = _spans("The oak costs red.", "The elm grows blue.")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def folder(base: Path, tmp_path: Path) -> Path:
    model = new_model(base, 0.0).eval()
    export_reader(model, "1.2.3", tmp_path, read_model_folder(base))
    return tmp_path


def test_every_unit_gets_a_score_close_to_that_of_the_float_model(folder: Path, base: Path) -> None:
    reader = Reader(folder, base / TOKENIZER_FILE)
    windows = reader.windows("Trees", (), SPANS)
    (found,) = reader.read("What is the price of the oak?", windows)
    model = new_model(base, 0.0).eval()
    model.in_bfloat16 = False
    (expected,) = read(model, reader.inputs("What is the price of the oak?", windows))
    assert found.scores.shape == (2,)
    assert np.abs(found.scores - expected).max() < 0.5


def test_a_window_reads_the_same_whatever_is_read_beside_it(folder: Path, base: Path) -> None:
    reader = Reader(folder, base / TOKENIZER_FILE)
    one = reader.windows("Trees", (), SPANS)
    other = reader.windows("Fir", ("Height",), _spans("The fir weighs green."))
    alone, together = reader.read("a price ?", one), reader.read("a price ?", [*other, *one])
    assert np.array_equal(alone[0].logits, together[1].logits)
    assert alone[0].null == together[1].null


def test_windows_of_a_passage_are_kept(folder: Path, base: Path) -> None:
    reader = Reader(folder, base / TOKENIZER_FILE)
    assert reader.windows("Trees", (), SPANS) is reader.windows("Trees", (), SPANS)
    assert [unit.text for unit in reader.windows("Trees", (), SPANS)[0].units] == [span.text for span in SPANS]


def test_changed_weights_are_refused(folder: Path, base: Path) -> None:
    (folder / HEAD_FILE).write_bytes((folder / HEAD_FILE).read_bytes()[:-1] + b"x")
    reader = Reader(folder, base / TOKENIZER_FILE)
    with pytest.raises(ReaderError, match="not as published"):
        reader.read("a price ?", reader.windows("Trees", (), SPANS))


def test_another_tokenizer_is_refused(folder: Path, base: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes((base / TOKENIZER_FILE).read_bytes() + b" ")
    with pytest.raises(ReaderError, match="another tokenizer"):
        Reader(folder, other).verify()


def test_a_folder_without_facts_is_refused(folder: Path, base: Path) -> None:
    (folder / FACTS_FILE).unlink()
    with pytest.raises(ReaderError, match="cannot be opened"):
        Reader(folder, base / TOKENIZER_FILE).verify()


def test_nothing_is_read_before_the_first_window(tmp_path: Path) -> None:
    Reader(tmp_path / "nowhere", tmp_path / "nothing")


@pytest.mark.model
def test_the_packaged_reader_prefers_the_sentence_that_answers() -> None:
    pytest.importorskip("postqa_reader")
    reader = load_reader()
    spans = _spans(
        "The mill was built in 1911 by two brothers.",
        "It grinds rye and wheat.",
        "Visitors pay four euros, children nothing.",
        "The roof was mended last year.",
    )
    windows = reader.windows("The old mill", (), spans)
    priced = reader.read("How much does it cost to visit the mill?", windows)[0].scores
    owned = reader.read("Who owns the mill today?", windows)[0].scores
    assert int(np.argmax(priced)) == 2
    assert priced.max() > owned.max()
