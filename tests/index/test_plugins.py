"""Extension points: built-in objects by name, then those of installed packages."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import index.plugins
from index.errors import PluginError
from index.plugins import ExtensionPoint
from tests.fake_packages import install_package

POINT = ExtensionPoint("postqa.examples", {"built-in": "collections:Counter"})


def test_the_example_in_the_documentation_runs() -> None:
    assert doctest.testmod(index.plugins).failed == 0


def test_an_installed_package_adds_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_package(tmp_path, monkeypatch, "toy_added", "VALUE = 7", {POINT.group: {"toy": "toy_added:VALUE"}})
    assert POINT.load("toy") == 7
    assert POINT.origins() == {"built-in": "", "toy": "toy_added 1.0"}


def test_a_package_cannot_replace_a_built_in_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_package(tmp_path, monkeypatch, "toy_same", "VALUE = 7", {POINT.group: {"built-in": "toy_same:VALUE"}})
    assert POINT.load("built-in") is not None
    assert POINT.load("built-in") != 7
    assert POINT.origins() == {"built-in": ""}


def test_a_built_in_name_does_not_search_the_installed_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.plugins, "entry_points", lambda **_: pytest.fail("searched"))
    assert POINT.load("built-in") is not None


def test_a_package_that_cannot_be_imported_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_package(tmp_path, monkeypatch, "toy_broken", "1 / 0", {POINT.group: {"toy": "toy_broken:VALUE"}})
    with pytest.raises(PluginError, match=r"'toy' of toy_broken 1\.0 cannot be imported.*division by zero"):
        POINT.load("toy")


def test_a_name_that_two_packages_register_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("toy_one", "toy_two"):
        install_package(tmp_path / name, monkeypatch, name, "", {POINT.group: {"toy": f"{name}:VALUE"}})
    with pytest.raises(PluginError, match=r"several packages.*seen: toy.*toy_(one|two) 1\.0 and toy_"):
        POINT.load("toy")
