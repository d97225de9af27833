"""Files that are each as published, and yet do not belong together, are noticed when they are opened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import IndexCorrupt
from index.layout import LAYOUT
from index.reader import Index
from index.storage.generation import Manifest, Pointer, current_folder, point_to, read_manifest


def _forge(root: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest, and everything that proves it unchanged."""
    path = current_folder(root) / LAYOUT.manifest
    told = json.loads(path.read_bytes())
    change(told)
    content = json.dumps(told).encode()
    path.write_bytes(content)
    point_to(root, Pointer(1, hashlib.sha256(content).hexdigest()))


def _manifest(root: Path) -> Manifest:
    return read_manifest(current_folder(root))


def test_a_generation_knows_what_its_own_chunks_must_find(small_index: Path) -> None:
    manifest = _manifest(small_index)
    assert [probe.row for probe in manifest.probes] == [0, manifest.chunks // 2, manifest.chunks - 1]
    assert all(probe.rows[0] == probe.row for probe in manifest.probes)


def test_a_search_that_finds_something_else_is_refused(small_index: Path) -> None:
    def swap(told: dict[str, Any]) -> None:
        told["probes"][0]["rows"] = [10**6]

    _forge(small_index, swap)
    with pytest.raises(IndexCorrupt, match=r"chunk 0 found 1000000 when this was built, now \(0, .*qa build"):
        Index.open(small_index)


@pytest.mark.parametrize("field", ["chunks", "sentences"])
def test_counts_that_are_not_the_manifests_are_refused(small_index: Path, field: str) -> None:
    def add_one(told: dict[str, Any]) -> None:
        told[field] += 1

    _forge(small_index, add_one)
    with pytest.raises(IndexCorrupt, match=r"counts are not those of the manifest in .*qa build"):
        Index.open(small_index)
