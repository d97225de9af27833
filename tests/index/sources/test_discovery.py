"""Which files of a source are read, once each, and why the others are not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import CorpusError
from index.records import Document, SetAside
from index.sources.discovery import find_documents

Written = Callable[[str, str | bytes], Document]


def names(*sources: Path) -> list[str]:
    return [item.name for item in find_documents(sources) if isinstance(item, Document)]


def reasons(*sources: Path) -> dict[str, str]:
    """Reason by file name."""
    return {Path(item.origin).name: item.reason for item in find_documents(sources) if isinstance(item, SetAside)}


def test_a_folder_is_walked_in_sorted_order_with_names_relative_to_it(tmp_path: Path, written: Written) -> None:
    for name in ("b.md", "a/z.txt", "a/b/c.jsonl", "c.PDF"):
        written(name, "x")
    assert names(tmp_path) == ["a/b/c.jsonl", "a/z.txt", "b.md", "c.PDF"]


def test_a_file_as_source_goes_by_its_own_name(written: Written) -> None:
    assert names(written("deep/down/a.md", "x").path) == ["a.md"]


def test_hidden_names_are_skipped(tmp_path: Path, written: Written) -> None:
    written(".git/a.md", "x")
    written(".hidden.md", "x")
    assert list(find_documents([tmp_path])) == []


def test_a_file_reached_twice_is_read_once(tmp_path: Path, written: Written) -> None:
    path = written("folder/a.md", "x").path
    (tmp_path / "folder/link.md").symlink_to(path)
    os.link(path, tmp_path / "folder/same.md")
    assert names(tmp_path, tmp_path / "folder", path) == ["folder/a.md"]


def test_a_missing_source_is_an_error_before_anything_is_read(tmp_path: Path, written: Written) -> None:
    written("a.md", "x")
    with pytest.raises(CorpusError, match=r"no such file or folder in .*gone.*Check the path"):
        next(find_documents([tmp_path, tmp_path / "gone"]))


def test_links_that_leave_the_folder_are_set_aside(tmp_path: Path, written: Written) -> None:
    written("outside/secret.md", "x")
    inside = written("inside/a.md", "x").path.parent
    (inside / "file.md").symlink_to(tmp_path / "outside/secret.md")
    (inside / "folder").symlink_to(tmp_path / "outside")
    (inside / "up.md").symlink_to("../outside/secret.md")
    assert names(inside) == ["a.md"]
    by_name = reasons(inside)
    assert set(by_name) == {"file.md", "folder", "up.md"}
    assert all("leaves the folder" in reason for reason in by_name.values())


def test_a_folder_whose_name_begins_like_the_source_is_still_outside(tmp_path: Path, written: Written) -> None:
    written("posts-private/a.md", "x")
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/link.md").symlink_to(tmp_path / "posts-private/a.md")
    assert names(tmp_path / "posts") == []


def test_link_loops_are_set_aside(tmp_path: Path, written: Written) -> None:
    written("a/b/c.md", "x")
    (tmp_path / "a/b/loop").symlink_to(tmp_path / "a")
    (tmp_path / "self.md").symlink_to("self.md")
    assert names(tmp_path) == ["a/b/c.md"]
    by_name = reasons(tmp_path)
    assert "loop" in by_name["loop"]
    assert "symbolic links" in by_name["self.md"]


def test_a_dangling_link_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("gone.md")
    assert "leads nowhere" in reasons(tmp_path)["a.md"]


def test_links_inside_the_folder_are_followed(tmp_path: Path, written: Written) -> None:
    written("posts/.data/a.md", "x")  # as a mounted Kubernetes ConfigMap looks
    (tmp_path / "posts/a.md").symlink_to(".data/a.md")
    assert names(tmp_path / "posts") == ["a.md"]


def test_many_links_to_each_other_do_not_multiply_the_walk(tmp_path: Path, written: Written) -> None:
    for level in range(30):
        written(f"{level:02}/{level}.md", "x")
    for level in range(29):
        for way in "ab":
            (tmp_path / f"{level:02}/{way}").symlink_to(tmp_path / f"{level + 1:02}")
    assert len(names(tmp_path)) == 30


def test_pipes_are_set_aside_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "pipe" in reasons(tmp_path)["pipe.md"]
    assert "pipe" in reasons(tmp_path / "pipe.md")["pipe.md"]


def test_a_device_as_source_is_set_aside() -> None:
    assert "device" in reasons(Path("/dev/zero"))["zero"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_cannot_be_listed_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    assert "cannot be listed" in reasons(tmp_path)["closed"]


def test_a_name_of_invalid_bytes_can_still_be_stored(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text("x")
    assert names(tmp_path) == ["caf\ufffd.md"]


def test_other_peoples_code_and_what_the_setting_names_are_passed_over(tmp_path: Path, written: Written) -> None:
    for name in ("node_modules/a/README.md", "vendor/b.md", "x-1.0.dist-info/c.md", "notes/_private/d.md", "e.md"):
        written(name, "x")
    assert names(tmp_path) == ["e.md", "notes/_private/d.md"]
    left = [item.name for item in find_documents([tmp_path / "notes"], ["_private"]) if isinstance(item, Document)]
    assert left == []
