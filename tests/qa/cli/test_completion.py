"""Completion of the command line: by the shells' protocol, in a real bash, without loading an index."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
START = "import sys; sys.argv = ['qa', *sys.argv[1:]]; from qa.cli.main import main; main()"
HEAVY = ("faiss", "onnxruntime", "torch", "gradio", "scipy", "openai", "qa.assistant", "index.building.build")


def _ran(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


def _completed(*words: str, shell: str = "bash", index: Path | None = None) -> list[str]:
    """What is proposed for the last of some words."""
    line = {"COMP_WORDS": "\n".join(("qa", *words)), "COMP_CWORD": str(len(words))}
    asked = {**line, "_QA_COMPLETE": f"complete_{shell}", "QA_INDEX": str(index or "/nowhere")}
    return [proposed for proposed in _ran(START, **asked).splitlines() if proposed]


@pytest.mark.slow
def test_commands_and_their_options_are_completed() -> None:
    assert _completed("ver") == ["verify"]
    assert {"ask", "search", "chat", "gold"} <= set(_completed(""))
    assert _completed("gold", "") == ["suggest"]
    assert _completed("ask", "Who?", "--exp") == ["--explain"]


@pytest.mark.slow
def test_ids_authors_and_publishers_come_from_the_index(small_index: Path) -> None:
    assert _completed("ask", "--post", "fer", index=small_index) == ["ferry", "ferry-notice"]
    assert _completed("ask", "--author", "", index=small_index) == [r"Mara\ Quill", r"Tomas\ Reed"]
    assert _completed("search", "x", "--publisher", "Co", index=small_index) == [r"Coast\ Letters"]
    assert _completed("ask", "--index", str(small_index), "--post", "b") == ["bees"]


def test_without_an_index_nothing_is_proposed(tmp_path: Path) -> None:
    assert _completed("ask", "--post", "b") == []
    (tmp_path / "CURRENT").write_text("nonsense", encoding="utf-8")
    assert _completed("ask", "--author", "", index=tmp_path) == []


def test_completing_loads_nothing_heavy(small_index: Path) -> None:
    code = (
        f"{START.removesuffix('main()')}\ntry:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set(sys.modules) & set({HEAVY})))"
    )
    line = {"COMP_WORDS": "qa\nask\n--post\nfer", "COMP_CWORD": "3", "_QA_COMPLETE": "complete_bash"}
    assert _ran(code, QA_INDEX=str(small_index), **line).splitlines() == ["ferry", "ferry-notice", "[]"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_with_the_script_that_the_command_shows(small_index: Path, tmp_path: Path) -> None:
    command = tmp_path / "qa"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{START}" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    shown = subprocess.run(
        [command, "--show-completion", "bash"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
    )  # fmt: skip
    typed = 'COMP_WORDS=(qa ask --author Tom); COMP_CWORD=3; _qa_completion qa; printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{shown.stdout}\n{typed}"], cwd=ROOT, capture_output=True, text=True, check=True,
        timeout=60, env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "QA_INDEX": str(small_index)},
    )  # fmt: skip
    assert done.stdout == "Tomas\\ Reed\n"


def test_the_packages_names_are_loaded_when_they_are_asked_for() -> None:
    code = (
        "import sys, index, qa; print('faiss' in sys.modules); import index.building.build; from index import build; "
        "print(callable(index.build), index.build is build, {'build', 'open'} <= set(dir(index)), "
        "{'ask', 'Assistant'} <= set(dir(qa)), callable(qa.ask), hasattr(qa, 'nothing'))"
    )
    assert _ran(code).split() == "False True True True True True False".split()
