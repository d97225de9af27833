"""What is imported is declared, and every dependency's purpose is stated in docs/guide.md."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from thin_requirements import REQUIRE_TORCH, thin_requirements

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
BROUGHT = {"torch": "sentence-transformers", "transformers": "sentence-transformers", "gradio-client": "gradio"}
"""Packages that are imported only where the one that requires them is."""
NOT_IMPORTED = {
    "itsdangerous",  # starlette signs its sessions with it
    "python-multipart",  # starlette reads forms with it
    "lxml-html-clean",  # trafilatura needs it
}
OWN = {"index", "qa", "app", "benchmarks", "tests", "training", "thin_requirements", "postqa_reader"}
"""What this project is made of; the last is trained and packed here, and may be missing."""


def _names(requirements: Iterable[str]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


def _imported(*patterns: str) -> set[str]:
    """The distributions that files import from."""
    modules: set[str] = set()
    for path in (path for pattern in patterns for path in ROOT.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                modules.add((node.module or "").partition(".")[0])
    distributions = packages_distributions()
    external = modules - set(sys.stdlib_module_names) - OWN
    names = {canonicalize_name(distributions.get(module, [module])[0]) for module in external}
    return {BROUGHT.get(name, name) for name in names}


def test_what_the_project_imports_is_declared() -> None:
    declared = _names(PROJECT["dependencies"])
    optional = _names([*EXTRAS["llm"], *EXTRAS["mcp"], *EXTRAS["multilingual"]])
    imported = _imported("index/**/*.py", "qa/**/*.py", "app.py")
    assert imported - declared - optional == set()
    assert declared - imported == NOT_IMPORTED


def test_what_tests_and_benchmarks_import_is_declared() -> None:
    declared = _names([*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)])
    imported = _imported(
        "tests/**/*.py", "benchmarks/*.py", "training/**/*.py"
    )  # the peers have an environment of their own
    assert imported - declared == set()


def test_what_internals_are_relied_on_of_has_an_upper_bound() -> None:
    bounded = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"] if "<" in line}
    assert {"gradio", "onnxruntime", "tokenizers", "faiss-cpu", "sentence-transformers"} <= bounded


def test_every_version_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(line.partition("==")[0]) for line in lines if "==" in line}
    used = [*PROJECT["dependencies"], *EXTRAS["test"], *EXTRAS["llm"], *EXTRAS["mcp"], *EXTRAS["multilingual"]]
    assert _names(used) - pinned == set()


def test_the_guide_says_what_each_dependency_is_for() -> None:
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    section = guide.partition("## What each dependency is for\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^- `([\w.-]+)`: \S.*\.$", section, re.M)
    assert sorted(map(canonicalize_name, lines)) == sorted(_names(PROJECT["dependencies"]))


def test_a_thin_installation_does_not_require_torch() -> None:
    required: set[str] = set()
    waiting = [Requirement(line) for line in thin_requirements(["mcp", "llm"])]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in required:
            continue
        required.add(name)
        try:
            lines = requires(name) or []
        except PackageNotFoundError:  # for another system, or an extra that is not installed here
            continue
        inner = [Requirement(line) for line in lines]
        waiting += [each for each in inner if each.marker is None or each.marker.evaluate({"extra": ""})]
    assert required & {"torch", "transformers", *REQUIRE_TORCH} == set()


@pytest.mark.parametrize("package", REQUIRE_TORCH)
def test_what_a_thin_installation_leaves_out_is_a_dependency(package: str) -> None:
    assert package in _names(PROJECT["dependencies"])
