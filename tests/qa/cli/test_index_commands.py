"""The commands over an index folder's generations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.core
import typer.main
from typer.testing import CliRunner

from index.reader import Index
from qa.cli.main import app
from tests.stand_ins import POSTS, build_small

RUN = CliRunner()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An index with two generations, the second of one post."""
    build_small(tmp_path / "index")
    build_small(tmp_path / "index", POSTS[:1])
    return tmp_path / "index"


def test_generations_are_listed_newest_first_with_the_current_one_marked(root: Path) -> None:
    listed = RUN.invoke(app, ["generations", "--index", str(root)])
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [["*", "2"], ["1", f"{len(POSTS)}"]]
    told = json.loads(RUN.invoke(app, ["generations", "--index", str(root), "--json"]).stdout)
    assert [(one["number"], one["current"]) for one in told] == [(2, True), (1, False)]


def test_a_rollback_serves_the_generation_before(root: Path) -> None:
    assert RUN.invoke(app, ["rollback", "--index", str(root)]).stdout == "now serving generation 1\n"
    opened = Index.open(root)
    assert opened.manifest.generation == 1
    opened.close()


def test_a_sound_folder_is_said_to_be_sound(root: Path) -> None:
    checked = RUN.invoke(app, ["verify", str(root)])
    assert checked.exit_code == 0
    assert "2 generation(s)" in checked.stdout


@pytest.mark.parametrize(
    "name", ["posts.sqlite", "passages.npy", "chunk-posts.npy", "lexical/terms.npy", "manifest.json"]
)
def test_what_is_wrong_is_said_with_the_files_name(root: Path, name: str) -> None:
    path = root / "gen-000002" / name
    path.write_bytes(path.read_bytes()[:-1])
    checked = RUN.invoke(app, ["verify", str(root)])
    assert checked.exit_code == 3
    assert name in checked.stderr


def test_a_pointer_that_names_nothing_is_said(root: Path) -> None:
    (root / "CURRENT").write_text("none")
    checked = RUN.invoke(app, ["verify", str(root)])
    assert checked.exit_code == 3
    assert "CURRENT" in checked.stderr


WITHOUT_INDEX = {"compare", "encoder add", "encoder list", "encoder use", "feedback list", "follow", "user add"}


def _commands(group: typer.core.TyperGroup, path: str = "") -> Iterator[tuple[str, typer.core.TyperCommand]]:
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from _commands(command, f"{path}{name} ")
        elif isinstance(command, typer.core.TyperCommand):
            yield f"{path}{name}", command


def test_every_command_that_works_with_an_index_takes_it_by_one_option() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    without = {name for name, command in _commands(group) if not any("--index" in each.opts for each in command.params)}
    assert without == WITHOUT_INDEX


def test_the_folder_to_verify_may_be_named_either_way_and_not_twice(root: Path) -> None:
    verified = [RUN.invoke(app, ["verify", *words, str(root)]) for words in ([], ["--index"])]
    assert [(each.exit_code, each.stdout) for each in verified] == [(0, verified[0].stdout)] * 2
    assert RUN.invoke(app, ["verify", str(root), "--index", str(root)]).exit_code == 2
