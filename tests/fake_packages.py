"""Packages that are installed for one test only: a module and its entry points on `sys.path`."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

_GUIDE = Path(__file__).parents[1] / "docs" / "extending.md"


def install_package(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str, entry_points: Mapping[str, Mapping[str, str]]
) -> None:
    """Install a package of one module.

    Args:
        folder: Where the module and its metadata are written; it is put on `sys.path`.
        name: The package's name, and the module's.
        source: The module's code.
        entry_points: By group and name, `module:attribute`.
    """
    metadata = folder / f"{name}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    groups = (
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in names.items()) for group, names in entry_points.items()
    )
    (metadata / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    monkeypatch.delitem(sys.modules, name, raising=False)  # another test may have used the name
    monkeypatch.syspath_prepend(str(folder))


def install_example(section: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install the package that a section of docs/extending.md shows; gives its code.

    Args:
        section: The section's title.
        folder: Where it is written.
    """
    text = _GUIDE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    source, project = (re.search(rf"```{language}\n(.*?)```", text, re.S) for language in ("python", "toml"))
    assert source
    assert project
    declared = tomllib.loads(project[1])["project"]
    install_package(folder, monkeypatch, declared["name"].replace("-", "_"), source[1], declared["entry-points"])
    return source[1]
