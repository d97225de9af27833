"""Disks that are really full: the builder says which path and how many bytes, and the old generation is served."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.storage.generation import current_folder
from tests.faults.bench import ALL, Bench
from tests.stand_ins import build_small

pytestmark = pytest.mark.faults

PAGE = 4096


def _must_name_the_disk(bench: Bench, code: int, message: str) -> None:
    assert code == 3, message
    assert str(bench.root) in message
    assert "bytes free" in message
    assert bench.edition()[1] is False


def _largest(root: Path) -> int:
    return max(path.stat().st_size for path in current_folder(root).rglob("*") if path.is_file())


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.6, 0.9, 0.99])
def test_a_file_that_may_not_grow_is_an_error_and_the_old_generation_is_served(bench: Bench, share: float) -> None:
    ended = bench.build(room=int(_largest(bench.root) * share))
    _must_name_the_disk(bench, ended.code, ended.message)
    bench.must_go_on()


def test_down_to_the_last_byte(bench: Bench) -> None:
    second = bench.root.with_name("elsewhere")
    elsewhere = replace(bench, root=second)
    assert elsewhere.build().code == 0
    needed = _largest(second)
    for room in range(needed - (64 if ALL else 3), needed):
        ended = bench.build(room=room)
        assert ended.code in (0, 3), ended.message  # the store may do with less than it takes with room to spare
        if ended.code == 3:
            assert "bytes free" in ended.message
        build_small(bench.root)
    assert bench.build(room=needed).code == 0


@pytest.fixture
def tmpfs(tmp_path: Path) -> Iterator[Path]:
    """An empty file system of its own, whose size can be changed."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.skip(f"this user may not mount: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)  # an index that was open keeps its maps


def _resized(place: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


def test_a_disk_of_any_size_is_enough_or_is_said_to_be_full(bench: Bench, tmpfs: Path) -> None:
    """From the room the first generation takes, page by page, up to where the second fits beside it."""
    root = tmpfs / "index"
    shutil.copytree(bench.root, root)
    full = replace(bench, root=root)
    disk = os.statvfs(tmpfs)
    taken = (disk.f_blocks - disk.f_bfree) * disk.f_frsize
    codes = []
    for pages in range(1, 400, 1 if ALL else 16):
        _resized(tmpfs, taken + pages * PAGE)
        ended = full.build()
        codes.append(ended.code)
        if ended.code == 0:
            break
        _must_name_the_disk(full, ended.code, ended.message)
    assert codes[-1] == 0
    assert codes.count(3) == len(codes) - 1 > 0
    assert full.edition()[1]
