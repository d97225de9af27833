"""What the README and the docs promise is there: commands, options, links and the example."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.core
import typer.main

import qa
from qa.cli.build_commands import sample_posts
from qa.cli.main import app, main

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```", re.M | re.S)
_OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")


def _blocks(text: str, language: str) -> list[str]:
    return [found["code"] for found in _BLOCK.finditer(text) if found["language"] == language]


def _commands(text: str) -> list[str]:
    """Every `qa …` of a page with the comment behind it: from its shell blocks, and between backticks."""
    lines = [part.strip() for block in _blocks(text, "sh") for line in block.splitlines() for part in line.split(";")]
    spoken = re.findall(r"`(qa [^`]+)`", _BLOCK.sub("", text))
    return [line for line in (*lines, *spoken) if line.startswith("qa ")]


COMMANDS = [(page, command) for page, text in TEXTS.items() for command in _commands(text)]


def _options(line: str) -> set[str]:
    """The options of the command that a line calls, subcommands followed."""
    command: Any = typer.main.get_command(app)  # typer's click is click's own or a copy, as its version goes
    for word in shlex.split(line, comments=True)[1:]:
        if not isinstance(command, typer.core.TyperGroup) or word.startswith("-"):
            break
        assert word in command.commands, f"there is no command {word!r}: {line}"
        command = command.commands[word]
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def test_the_guide_shows_every_daily_command() -> None:
    shown = {shlex.split(command, comments=True)[1] for page, command in COMMANDS if page == "docs/guide.md"}
    assert {"build", "ask", "search", "eval", "posts", "doctor", "chat"} <= shown


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_every_command_and_option_that_a_page_names_exists(page: str, line: str) -> None:
    quoted_away = re.sub(r"\"[^\"]*\"", "", line)
    assert set(_OPTION.findall(quoted_away)) - {"--help"} <= _options(line), page


@pytest.mark.parametrize("page", TEXTS)
def test_every_relative_link_points_to_a_file(page: str) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", TEXTS[page])
    files = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [file for file in files if not ((ROOT / page).parent / file).exists()] == []


@pytest.mark.parametrize("page", TEXTS)
def test_every_module_to_run_and_make_target_exists(page: str) -> None:
    for module in re.findall(r"python -m ([\w.]+)", TEXTS[page]):
        assert importlib.util.find_spec(module), module
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    named = re.findall(r"`make ([a-z]+)", TEXTS[page]) + re.findall(r"^make ([a-z]+)", TEXTS[page], re.M)
    assert set(named) <= set(targets)


def test_the_exit_codes_are_told_as_the_command_tells_them() -> None:
    told = GUIDE.partition("Exit codes:")[2].split(".")[0]
    assert {int(code) for code in re.findall(r"\b\d\b", told)} == {0, 1, 2, 3, 4, 5}


@pytest.mark.model
def test_the_python_example_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["qa", "build", str(sample_posts()), "--index", str(tmp_path / "my-index")])
    with pytest.raises(SystemExit) as left:
        main()
    assert int(left.value.code or 0) == 0
    capsys.readouterr()
    code = "\n".join(_blocks(README, "python"))
    assert code.count('"my-index"') == 1
    scope: dict[str, object] = {}
    exec(compile(code.replace('"my-index"', repr(str(tmp_path / "my-index"))), "README.md", "exec"), scope)  # noqa: S102  # our own page
    answer = scope["answer"]
    assert isinstance(answer, qa.Answer)
    assert answer.answered
    assert capsys.readouterr().out.startswith(answer.text)
