"""Packages that are installed for one test only: a module and its entry points on `sys.path`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest


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
    monkeypatch.syspath_prepend(str(folder))
