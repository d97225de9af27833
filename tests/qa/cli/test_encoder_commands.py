"""`qa encoder` and `--encoder`, by what they print and by their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import EncoderMismatch
from index.settings import DEFAULT_ENCODER, chosen_encoder
from qa.assistant import Assistant
from tests.qa.cli.test_main import _run
from tests.stand_ins import WordHashEncoder


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of this test's own."""
    monkeypatch.setenv("QA_DATA", str(tmp_path / "data"))


@pytest.mark.model
def test_the_list_marks_the_one_in_use_and_names_the_command_for_what_is_missing() -> None:
    ran = _run("encoder", "list")
    assert ran.code == 0
    assert "* all-MiniLM-L6-v2: 384 numbers a vector, 256 tokens" in ran.out
    assert "  multilingual: not on this machine (qa encoder add multilingual)" in ran.out
    rows = json.loads(_run("encoder", "list", "--json").out)
    assert [(row["name"], row["in_use"]) for row in rows] == [(DEFAULT_ENCODER, True), ("multilingual", False)]


def test_one_that_is_not_there_cannot_be_chosen(tmp_path: Path) -> None:
    ran = _run("encoder", "use", "multilingual")
    assert (ran.code, chosen_encoder()) == (3, DEFAULT_ENCODER)
    assert "qa encoder add multilingual" in ran.err
    assert _run("encoder", "use", str(tmp_path / "nowhere")).code == 3


@pytest.mark.model
def test_the_default_can_be_chosen_again() -> None:
    ran = _run("encoder", "use", DEFAULT_ENCODER)
    assert (ran.code, ran.out) == (0, f"later builds use {DEFAULT_ENCODER}\n")


def test_adding_from_two_places_at_once_is_a_wrong_use(tmp_path: Path) -> None:
    ran = _run("encoder", "add", "multilingual", "--from-hub", "--from", tmp_path)
    assert ran.code == 2


@pytest.mark.parametrize("command", [("ask", "Who?"), ("search", "Who?"), ("doctor",), ("chat", "--terminal")])
def test_another_encoder_than_the_index_s_is_named_with_the_remedy(small_index: Path, command: tuple[str, ...]) -> None:
    ran = _run(*command, "--index", small_index, "--encoder", DEFAULT_ENCODER)
    assert ran.code == 3
    assert "built with word-hash" in ran.err
    assert f"asked with {DEFAULT_ENCODER}" in ran.err
    assert f"qa build PATH --index {small_index} --encoder {DEFAULT_ENCODER}" in ran.err


def test_the_environment_s_encoder_is_held_against_the_index_in_python_too(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_ENCODER", DEFAULT_ENCODER)
    with pytest.raises(EncoderMismatch, match="Leave --encoder and QA_ENCODER away"):
        Assistant(small_index)
    with Assistant(small_index, encoder=WordHashEncoder()) as given:
        assert given.encoder_name == "word-hash"
