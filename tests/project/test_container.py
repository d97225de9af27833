"""The container's recipe, as far as it can be checked without an engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.qa.server.clients import StartServer
from thin_requirements import REQUIRE_TORCH, thin_requirements

ROOT = Path(__file__).resolve().parents[2]
RECIPE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = [line for line in RECIPE.splitlines() if line.strip() and not line.startswith("#")]
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


def _of(word: str) -> list[str]:
    return [line.removeprefix(word).strip() for line in LINES if line.startswith(f"{word} ")]


def test_everything_that_is_copied_is_there_and_not_left_out() -> None:
    copied = [source for line in _of("COPY") for source in line.split()[:-1]]
    assert copied
    for source in copied:
        assert (ROOT / source).exists()
        assert source not in IGNORED


def test_what_is_installed_is_pinned_and_the_extras_exist() -> None:
    (install,) = (line for line in _of("RUN") if "pip install" in line)
    script, *commands = install.split(" && ")
    assert all("-c constraints.txt" in command for command in commands)
    written = re.fullmatch(r"python thin_requirements\.py (?P<extras>[\w ]+) > thin\.txt", script.strip())
    assert written
    assert thin_requirements(written["extras"].split())


def test_what_is_left_out_is_installed_without_what_it_requires_or_not_at_all() -> None:
    (install,) = (line for line in _of("RUN") if "pip install" in line)
    without_dependencies = install.split("--no-deps")[1].split()
    carried = [name for name in REQUIRE_TORCH if name != "sentence-transformers"]
    assert without_dependencies == [".", "./packages/postqa-reader", *carried]


def test_it_runs_as_nobody_in_particular_and_does_not_let_strangers_in_unasked() -> None:
    at = LINES.index("USER postqa")
    assert [line for line in LINES[at:] if line.startswith("RUN")] == []
    settings = dict(pair.split("=") for line in _of("ENV") for pair in line.split())
    assert settings["QA_HOST"] == "0.0.0.0"  # noqa: S104  # refused without a login
    assert not {"QA_NO_AUTH", "QA_USERS_FILE"} & set(settings)


def test_the_command_it_starts_is_there() -> None:
    (command,) = _of("CMD")
    assert (ROOT / json.loads(command)[1]).is_file()


@pytest.mark.parametrize("lives", [True, False])
@pytest.mark.slow
def test_the_health_check_tells_a_server_that_lives_from_one_that_does_not(
    start_server: StartServer, lives: bool
) -> None:
    client = start_server()
    if not lives:
        client.server.close()
    (check,) = _of("HEALTHCHECK")
    _, *rest = json.loads(check[check.index("[") :])
    port = client.server.address.rstrip("/").rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, *rest], check=False, capture_output=True, env={**os.environ, "QA_PORT": port}
    )
    assert (done.returncode == 0) is lives
