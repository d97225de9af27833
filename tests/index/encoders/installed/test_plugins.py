"""Encoders of other packages: found by name, used for building and asking, and listed."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import index
import index.encoders.protocol
import index.plugins
from index.encoders import Encoder
from index.encoders.installed.catalog import ENCODERS
from index.encoders.installed.install import add_encoder
from index.encoders.installed.listing import known_encoders, use_encoder
from index.encoders.installed.loading import load_encoder
from index.errors import EncoderError, PluginError
from index.settings import BuildSettings, chosen_encoder
from qa.assistant import Assistant
from tests.fake_packages import install_example, install_package
from tests.stand_ins import POSTS, write_posts
from tests.tiny_models import save_tiny


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of this test's own."""
    monkeypatch.setenv("QA_DATA", str(tmp_path / "data"))


def _install(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str) -> None:
    """Install a package whose encoder has the package's name."""
    install_package(folder / "packages", monkeypatch, name, source, {ENCODERS.group: {name: f"{name}:load"}})


def test_the_example_in_the_protocol_is_an_encoder() -> None:
    assert doctest.testmod(index.encoders.protocol).failed == 0


def test_an_index_is_built_and_asked_with_the_encoder_of_the_guide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_example("Encoders", tmp_path / "packages", monkeypatch)
    encoder = load_encoder("trigrams")
    assert isinstance(encoder, Encoder)
    assert load_encoder("trigrams") is encoder
    index.build([write_posts(tmp_path / "posts.jsonl")], tmp_path / "index", settings=BuildSettings(encoder="trigrams"))
    with Assistant(tmp_path / "index") as assistant:
        assert assistant.encoder_name == "trigrams"
        assert assistant.search("Who built the lighthouse?", k=1)[0].post.id == POSTS[0]["id"]
        answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    assert all(each.post.body[each.start : each.end] == each.quote for each in answer.citations)


def test_it_is_listed_with_its_package_and_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_example("Encoders", tmp_path / "packages", monkeypatch)
    use_encoder("trigrams")
    assert chosen_encoder() == "trigrams"
    (listed,) = (encoder for encoder in known_encoders() if encoder.in_use)
    assert (listed.name, listed.origin, listed.where) == ("trigrams", "postqa_trigrams 1.0", None)


@pytest.mark.model
def test_a_plug_in_may_give_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = save_tiny(tmp_path)
    _install(tmp_path, monkeypatch, "toy_folder", f"from pathlib import Path\ndef load(): return Path({str(folder)!r})")
    identity = load_encoder("toy_folder").identity
    assert (identity.name, identity.backend, identity.dimension) == ("toy_folder", "onnx-int8", 32)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("1 / 0", r"cannot be imported.*division by zero"),
        ("load = 1", r"the plug-in '.*' fails.*not callable"),
        ("def load(): raise OSError('no room')", r"the plug-in '.*' fails.*no room"),
        ("def load(): return 'vectors'", r"gives another kind of object.*class 'str'"),
        (
            "from tests.stand_ins import WordHashEncoder as load",
            r"has another name in its identity.*seen: word-hash",
        ),
    ],
    ids=["import", "not-callable", "failing", "wrong-kind", "other-name"],
)
def test_a_plug_in_that_does_not_work_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, reason: str, request: pytest.FixtureRequest
) -> None:
    name = f"toy_encoder_{request.node.callspec.id.replace('-', '_')}"
    _install(tmp_path, monkeypatch, name, source)
    with pytest.raises(PluginError, match=reason):
        load_encoder(name)
    assert name in [encoder.name for encoder in known_encoders()]


def test_only_addable_encoders_can_be_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, monkeypatch, "toy_fixed", "def load(): ...")
    with pytest.raises(EncoderError, match=r"no encoder of this name to add.*toy_fixed"):
        add_encoder("toy_fixed")


@pytest.mark.model
def test_installed_packages_are_not_searched_for_built_in_names_and_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(save_tiny(tmp_path))
    monkeypatch.setattr(index.plugins, "entry_points", lambda **_: pytest.fail("searched"))
    assert load_encoder().identity.name == "all-MiniLM-L6-v2"
    assert load_encoder(folder).identity.name == folder
    with pytest.raises(EncoderError, match="not been added"):
        load_encoder("multilingual")
