"""Files written in one step, and locked."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from index.files import locked, write_file


def test_a_file_gets_its_content_and_nothing_else_is_left(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        write_file(tmp_path / "file", content)
        assert (tmp_path / "file").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_failed_write_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> None:
        raise OSError(f"no room for {path.name}")

    write_file(tmp_path / "file", b"first")
    monkeypatch.setattr("index.files.sync", fail)
    with pytest.raises(OSError, match="no room for"):
        write_file(tmp_path / "file", b"second")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first"]


def test_a_file_that_is_not_to_be_replaced_stays(tmp_path: Path) -> None:
    write_file(tmp_path / "file", b"first", replace=False)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "file", b"second", replace=False)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first"]


def test_a_private_file_is_private(tmp_path: Path) -> None:
    write_file(tmp_path / "file", b"secret", mode=0o600)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_lock_is_held_by_one_and_free_afterwards(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"), pytest.raises(BlockingIOError), locked(tmp_path / "lock", wait=False):
        pass
    with locked(tmp_path / "lock", wait=False):
        pass
