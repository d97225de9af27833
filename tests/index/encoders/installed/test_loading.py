"""Loading an encoder by name or folder: the right weights, a backend, and nothing asked of the network."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

import index
from index.coverage import coverage
from index.encoders import Encoder
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
from tests.stand_ins import write_posts
from tests.tiny_models import save_tiny

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small random model."""
    return save_tiny(tmp_path_factory.mktemp("tiny"))


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
    tmp_path: Path, tiny: Path, broken: str, backend: str
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(tiny, copy)
    assert (copy / broken).is_file()
    (copy / broken).write_bytes(b"broken")
    with pytest.raises(EncoderError, match=r"the model cannot be loaded in .*/model"):
        load_encoder(str(copy), backend)


def test_a_name_that_is_not_on_this_machine_is_refused_with_what_to_use() -> None:
    with pytest.raises(EncoderError, match=r"seen: someone/some-model.*all-MiniLM-L6-v2"):
        load_encoder("someone/some-model")


def test_the_same_name_gives_the_same_object(tiny: Path) -> None:
    assert load_encoder(str(tiny)) is load_encoder(str(tiny))


@pytest.mark.parametrize("backend", [INT8, FLOAT])
def test_building_with_the_real_model_reads_every_token_and_asks_nothing_of_the_network(
    tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def refuse(*arguments: object, **options: object) -> None:
        calls.append((arguments, options))
        raise OSError("no network here")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    fresh = open_encoder(DEFAULT_ENCODER, default_model_folder(), backend)
    bodies = ["x" * 3_000, "漢字" * 150, "👩‍👩‍👧‍👦" * 200, f"{'qz' * 1_020} " + "the cat sat. " * 30, "a/b?c=d&" * 100]
    posts = [{"id": str(number), "title": "A long title " * 12, "text": body} for number, body in enumerate(bodies)]
    index.build([write_posts(tmp_path / "posts.jsonl", posts)], tmp_path / "index", encoder=fresh)
    opened = index.open(tmp_path / "index")
    opened.require(fresh)
    assert calls == []
    assert fresh.identity == load_encoder(backend=backend).identity
    assert coverage(opened, fresh).share == 1.0
    limit = BuildSettings().chunks.max_tokens
    assert max(len(fresh.token_spans(chunk.text)) for chunk in opened.all_chunks()) <= limit
    opened.close()
