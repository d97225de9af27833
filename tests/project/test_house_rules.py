"""The one-way street, read off the source."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"torch", "sentence_transformers", "transformers"}


def _files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imports(nodes: Iterator[ast.AST]) -> set[str]:
    """The top-level names that nodes import."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found.add((node.module or "").split(".")[0])
    return found


def _all_imports(path: Path) -> set[str]:
    return _imports(ast.walk(ast.parse(path.read_bytes())))


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _outside_functions(child)


def _named(paths: list[Path]) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in paths}


def test_the_offline_half_never_imports_the_online_half() -> None:
    assert _named([path for path in _files("index") if _all_imports(path) & {"qa", "app", "gradio"}]) == set()


def test_only_the_web_part_imports_gradio() -> None:
    found = _named([path for path in (*_files("qa"), *_files("benchmarks")) if "gradio" in _all_imports(path)])
    assert all(name.startswith("qa/web/") for name in found)


def test_only_the_reference_encoder_imports_torch_when_imported() -> None:
    found = [
        path
        for path in (*_files("index"), *_files("qa"))
        if _imports(_outside_functions(ast.parse(path.read_bytes()))) & HEAVY
    ]
    assert _named(found) == {"index/encoders/sentence_transformer.py"}


def test_nothing_imports_pickle() -> None:
    found = [path for path in (*_files("index"), *_files("qa")) if _all_imports(path) & {"pickle", "joblib", "dill"}]
    assert _named(found) == set()


def test_importing_both_halves_loads_neither_torch_nor_gradio() -> None:
    check = "import sys, index, qa; print({'torch', 'gradio', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_the_tests_are_kept_from_the_network() -> None:
    address = ("192.0.2.1", 80)
    with socket.socket() as made:
        with pytest.raises(AssertionError, match=r"asked the network for \('192\.0\.2\.1', 80\)"):
            made.connect(address)
        with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
            made.connect_ex(address)
    with pytest.raises(AssertionError, match=r"huggingface\.co"):
        socket.create_connection(("huggingface.co", 443))


def test_this_machine_may_be_reached_from_tests() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert socket.getaddrinfo("localhost", 80)
