"""Exported models in the cache: made once, checked each time, replaced when damaged, by any number of processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoders import Encodable, Encoder
from index.encoders.installed import loading
from index.encoders.installed.loading import load_encoder, open_encoder
from index.encoders.onnx.cache import cached_export, is_intact
from index.encoders.onnx.cpu import slow_in_bytes, usable_cores
from index.encoders.onnx.encoder import OnnxEncoder
from index.encoders.onnx.export_format import FACTS_FILE, MODEL_FILE
from index.encoders.protocol import FLOAT, INT8
from index.encoders.warn_once import warn_once
from index.errors import EncoderError, EncoderUnsupported, SettingsError
from index.files import cache_folder, file_sha256, remembered_sha256
from tests.tiny_models import save_tiny

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny(tmp_path_factory.mktemp("tiny"), seed=11))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _entry(cache: Path) -> Path:
    (folder,) = (path for path in (cache / "encoders").iterdir() if path.is_dir())
    return folder


def _opened(folder: str) -> Encoder:
    """The 8-bit encoder of a folder, opened anew."""
    return open_encoder(folder, Path(folder), INT8)


def test_a_model_is_exported_once(cache: Path, tiny: str) -> None:
    vector = _opened(tiny).encode_query(["Who?"])
    made = {path.name: path.stat().st_mtime_ns for path in _entry(cache).iterdir()}
    assert {MODEL_FILE, FACTS_FILE} < set(made)
    assert np.array_equal(_opened(tiny).encode_query(["Who?"]), vector)
    assert {path.name: path.stat().st_mtime_ns for path in _entry(cache).iterdir()} == made


@pytest.mark.parametrize("damage", ["a bit", "half", "empty", "no model", "no checksums", "broken checksums"])
def test_a_damaged_export_is_replaced(cache: Path, tiny: str, damage: str) -> None:
    vector = _opened(tiny).encode_query(["Who?"])
    folder = _entry(cache)
    whole = (folder / MODEL_FILE).read_bytes()
    damaged = {"a bit": bytes([whole[0] ^ 1]) + whole[1:], "half": whole[: len(whole) // 2], "empty": b""}
    if damage in damaged:
        (folder / MODEL_FILE).write_bytes(damaged[damage])
    elif damage == "no model":
        (folder / MODEL_FILE).unlink()
    elif damage == "no checksums":
        (folder / "sha256.json").unlink()
    else:
        (folder / "sha256.json").write_text('{"files": {}}')
    assert not is_intact(folder)
    assert np.array_equal(_opened(tiny).encode_query(["Who?"]), vector)
    assert _entry(cache) == folder
    assert is_intact(folder)
    assert (folder / MODEL_FILE).read_bytes() == whole


def test_processes_may_export_at_the_same_time(cache: Path, tiny: str) -> None:
    code = (
        "import sys\n"
        "from index.encoders.installed.loading import load_encoder\n"
        "print(load_encoder(sys.argv[1], 'onnx-int8').encode_query(['Who?']).tobytes().hex())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, tiny], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    outputs = [process.communicate() for process in started]
    assert [error for _, error in outputs] == [b""] * 3
    assert len({output for output, _ in outputs}) == 1
    assert outputs[0][0]
    assert is_intact(_entry(cache))
    assert [path.name for path in (cache / "encoders").iterdir() if path.is_dir()] == [_entry(cache).name]


def test_an_export_that_fails_leaves_nothing_behind(cache: Path) -> None:
    def fail(target: Path) -> None:
        (target / MODEL_FILE).write_bytes(b"half")
        raise EncoderUnsupported("no")

    with pytest.raises(EncoderUnsupported), cached_export("key", fail):
        pass
    assert list((cache / "encoders").iterdir()) == []


def test_an_intact_export_that_another_process_has_made_meanwhile_is_kept(cache: Path) -> None:
    def make(text: str) -> None:
        with cached_export("key", lambda target: _write(target, text)):
            pass

    def _write(target: Path, text: str) -> None:
        if text == "second":  # while this one is still at work, the first is done
            make("first")
        (target / MODEL_FILE).write_text(text)

    make("second")
    assert (cache / "encoders" / "key" / MODEL_FILE).read_text() == "first"


def test_without_a_writable_cache_the_model_is_exported_for_this_process(
    tmp_path: Path, tiny: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("QA_CACHE", str(tmp_path / "file"))
    warn_once.cache_clear()
    encoder = _opened(tiny)
    assert encoder.encode_query(["Who?"]).shape == (1, 32)
    assert any("for this process only" in record.getMessage() for record in caplog.records)


def test_the_folder_is_the_users_cache_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("QA_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder().name == "postqa"
    monkeypatch.setenv("QA_CACHE", "elsewhere")
    assert cache_folder() == Path("elsewhere")


def test_a_hash_is_remembered_until_the_file_changes(cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    first = remembered_sha256(path)
    assert first == file_sha256(path)
    (note,) = (cache / "weights").iterdir()
    note.write_text("0" * 64)
    assert remembered_sha256(path) == "0" * 64
    note.write_text("damaged")
    assert remembered_sha256(path) == first
    before = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # same size and date: the time of change differs
    assert remembered_sha256(path) == file_sha256(path) != first


def test_other_weights_have_another_export(cache: Path, tiny: str, tmp_path: Path) -> None:
    _opened(tiny)
    other = save_tiny(tmp_path / "other", seed=12)
    first, second = _opened(tiny), _opened(str(other))
    assert len([path for path in (cache / "encoders").iterdir() if path.is_dir()]) == 2
    assert first.identity.weights != second.identity.weights
    assert not np.allclose(first.encode_query(["Who?"]), second.encode_query(["Who?"]))


@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_a_missing_package_is_named(cache: Path, tiny: str, missing: str) -> None:
    code = (
        "import sys\n"
        "sys.modules[sys.argv[2]] = None\n"
        "from index.encoders.installed.loading import load_encoder\n"
        "from index.errors import EncoderUnsupported\n"
        "try:\n"
        "    load_encoder(sys.argv[1], 'onnx-int8')\n"
        "except EncoderUnsupported as error:\n"
        "    print(error)"
    )
    command = [sys.executable, "-c", code, tiny, missing]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "needs a package that is not installed" in done.stdout
    assert f"import of {missing} halted" in done.stdout
    assert "QA_BACKEND=float" in done.stdout


def test_a_model_that_loses_too_much_in_8_bits_is_read_in_floating_point(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("index.encoders.onnx.export._MIN_COSINE", 1.01)  # no model comes so near
    warn_once.cache_clear()
    assert load_encoder(str(save_tiny(tmp_path))).identity.backend == FLOAT
    assert any("8 bits lose too much" in record.getMessage() for record in caplog.records)


def test_the_backend_can_be_set(tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_BACKEND", "float")
    assert load_encoder(tiny).identity.backend == FLOAT
    assert load_encoder(tiny, INT8).identity.backend == INT8  # an index's own backend comes before the setting
    monkeypatch.setenv("QA_BACKEND", "int4")
    with pytest.raises(SettingsError, match=r"unknown backend in QA_BACKEND \(seen: int4\).*onnx-int8"):
        load_encoder(tiny)
    monkeypatch.delenv("QA_BACKEND")
    with pytest.raises(SettingsError, match=r"unknown backend in backend"):
        load_encoder(tiny, "fast")


def test_a_processor_without_fast_8_bit_products_uses_the_float_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loading, "slow_in_bytes", lambda: "the processor has no avx2")
    warn_once.cache_clear()
    folder = str(save_tiny(tmp_path))
    assert load_encoder(folder).identity.backend == FLOAT
    assert any("no avx2" in record.getMessage() for record in caplog.records)
    assert isinstance(load_encoder(folder, INT8), OnnxEncoder)  # slower, but an index built elsewhere opens


def test_the_processors_features_are_read_off_the_system(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nflags\t\t: fpu sse4_2 avx avx2 fma\n")
    assert slow_in_bytes(cpuinfo, "x86_64") == ""
    cpuinfo.write_text("processor\t: 0\nflags\t\t: fpu sse4_2 avx\n")
    assert slow_in_bytes(cpuinfo, "x86_64") == "the processor has no avx2"
    cpuinfo.write_text("processor\t: 0\nFeatures\t: fp asimd asimddp\n")
    assert slow_in_bytes(cpuinfo, "aarch64") == ""
    assert slow_in_bytes(tmp_path / "nothing", "x86_64") == ""  # unknown: taken as fast
    assert usable_cores() >= 1


def test_a_folder_without_a_tokenizer_file_is_an_encoder_error(cache: Path, tiny: str, tmp_path: Path) -> None:
    copy = tmp_path / "model"
    shutil.copytree(tiny, copy)
    (copy / "tokenizer.json").unlink()
    with pytest.raises(EncoderUnsupported, match=r"no tokenizer\.json"):
        _opened(str(copy))
    (copy / "modules.json").unlink()
    with pytest.raises(EncoderError, match=r"no modules\.json"):
        _opened(str(copy))


def test_workers_change_nothing_in_the_vectors(fast_encoder: Encoder) -> None:
    passages = [Encodable("", f"{'word ' * (n * 7 % 23)}end {n}.", ((0, 3),)) for n in range(30)]
    together = fast_encoder.encode_document(passages)
    alone = [fast_encoder.encode_document([passage]).passages for passage in passages]
    assert np.array_equal(together.passages, np.concatenate(alone))
