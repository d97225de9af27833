"""The index folder: one step publishes, and nothing changed on the way is ever read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import index
from index.errors import IndexCorrupt, IndexMissing, IndexUnwritten
from index.layout import LAYOUT
from index.reader import Index
from index.storage.generation import current_folder, current_number, next_number
from index.storage.locks import IN_USE
from tests.stand_ins import POSTS, build_small


def _ids(root: Path) -> list[str]:
    opened = Index.open(root)
    ids = [post.id for post in opened.posts()]
    opened.close()
    return ids


def test_a_published_index_is_one_folder_that_current_names(small_index: Path) -> None:
    assert sorted(path.name for path in small_index.iterdir()) == ["CURRENT", "gen-000001", "write.lock"]
    manifest = hashlib.sha256((small_index / "gen-000001" / "manifest.json").read_bytes()).hexdigest()
    assert (small_index / "CURRENT").read_text() == f"1 {manifest}\n"
    assert current_number(small_index) == 1
    assert _ids(small_index) == [post["id"] for post in POSTS]


def test_the_manifest_records_every_other_file_of_its_folder(small_index: Path) -> None:
    folder = current_folder(small_index)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads((folder / LAYOUT.manifest).read_bytes())
    assert set(manifest["files"]) == files - {LAYOUT.manifest, IN_USE}
    assert all(record["size"] == (folder / name).stat().st_size for name, record in manifest["files"].items())


def test_no_file_of_an_index_is_a_pickle(small_index: Path) -> None:
    suffixes = {path.suffix for path in current_folder(small_index).rglob("*") if path.is_file()}
    assert suffixes <= {".json", ".npy", ".faiss", ".sqlite", ""}
    assert (current_folder(small_index) / IN_USE).read_bytes() == b""


@pytest.mark.parametrize("garbage", [b"", b"[]", b"{", b"\xff\xfe", b'{"generation": 1}', b"null"])
def test_a_manifest_that_cannot_be_read_is_named(small_index: Path, garbage: bytes) -> None:
    (current_folder(small_index) / LAYOUT.manifest).write_bytes(garbage)
    with pytest.raises(IndexCorrupt, match=r"manifest cannot be read in .*manifest\.json"):
        Index.open(small_index)


def test_a_newer_format_is_refused_by_both_numbers(small_index: Path) -> None:
    path = current_folder(small_index) / LAYOUT.manifest
    manifest = json.loads(path.read_bytes())
    path.write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(IndexCorrupt, match=r"format 99, this program reads \d+.*qa build"):
        Index.open(small_index)


GARBAGE = [b"", b"\n", b"one", b"-1", b"1.5", b"\xff\x00", "١".encode(), b"99", b"9" * 200, b"../gen-000001"]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_with_garbage_in_current_the_newest_sound_generation_is_served_and_that_is_said(
    small_index: Path, garbage: bytes
) -> None:
    (small_index / "CURRENT").write_bytes(garbage)
    with pytest.warns(UserWarning, match=r"serving gen-000001, .*CURRENT .*qa build"):
        opened = Index.open(small_index)
    assert opened.degraded is not None
    assert [post.id for post in opened.posts()] == [post["id"] for post in POSTS]
    opened.close()


@pytest.mark.parametrize("garbage", GARBAGE)
def test_with_garbage_in_current_and_no_sound_generation_the_error_names_it(small_index: Path, garbage: bytes) -> None:
    (small_index / "CURRENT").write_bytes(garbage)
    (small_index / "gen-000001" / LAYOUT.store).unlink()
    with pytest.raises(IndexCorrupt, match=r"CURRENT .*qa build"):
        Index.open(small_index)


def test_a_damaged_generation_gives_way_to_the_sound_one_before_it(small_index: Path) -> None:
    build_small(small_index, POSTS[:1])
    path = small_index / "gen-000002" / LAYOUT.vectors
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.warns(UserWarning, match=r"serving gen-000001, .*not as it was published in .*passages\.npy"):
        opened = Index.open(small_index)
    assert opened.manifest.generation == 1
    opened.close()


def test_a_manifest_of_another_generation_is_not_taken_for_this_one(small_index: Path) -> None:
    first = (small_index / "gen-000001" / LAYOUT.manifest).read_bytes()
    build_small(small_index, POSTS[:1])
    (small_index / "gen-000002" / LAYOUT.manifest).write_bytes(first)
    with pytest.warns(UserWarning, match=r"serving gen-000001, .*not the one that was published"):
        Index.open(small_index).close()


def test_a_generation_that_is_read_is_not_removed(small_index: Path) -> None:
    opened = Index.open(small_index)
    for _ in range(3):
        build_small(small_index)
    assert (small_index / "gen-000001").is_dir()
    opened.close()
    build_small(small_index)
    assert not (small_index / "gen-000001").exists()


def test_a_read_only_folder_answers(small_index: Path) -> None:
    paths = [small_index, *small_index.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert _ids(small_index) == [post["id"] for post in POSTS]
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.parametrize("garbage", GARBAGE)
def test_the_remedy_for_garbage_in_current_works(small_index: Path, garbage: bytes) -> None:
    (small_index / "CURRENT").write_bytes(garbage)
    build_small(small_index, POSTS[:1])
    assert _ids(small_index) == ["lighthouse"]


def test_a_folder_that_is_no_index_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"not an index in .*qa build PATH --index"):
        Index.open(tmp_path)


def test_a_folder_that_is_not_there_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"no index yet in .*qa build PATH --index .*nowhere"):
        Index.open(tmp_path / "nowhere")


def test_a_file_in_the_place_of_an_index_is_refused_by_reader_and_builder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("text")
    with pytest.raises(IndexMissing, match="not an index"):
        Index.open(path)
    with pytest.raises(IndexMissing, match="the index path is a file"):
        build_small(path)
    assert path.read_text() == "text"


def test_the_default_folder_is_the_one_the_environment_names(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_INDEX", str(small_index))
    opened = index.open()
    assert opened.root == small_index
    opened.close()


def test_a_rebuild_keeps_its_parent_and_removes_what_is_older(small_index: Path) -> None:
    for _ in range(3):
        build_small(small_index)
    assert sorted(path.name for path in small_index.iterdir()) == [
        "CURRENT",
        "gen-000003",
        "gen-000004",
        "write.lock",
    ]
    opened = Index.open(small_index)
    assert (opened.manifest.generation, opened.manifest.parent) == (4, 3)
    opened.close()


def test_the_number_of_a_crashed_build_is_not_used_again(small_index: Path) -> None:
    (small_index / "gen-000007").mkdir()
    (small_index / "gen-junk").mkdir()
    assert next_number(small_index) == 8
    assert build_small(small_index).generation == 8


def test_a_crash_before_current_is_replaced_keeps_the_old_generation(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Path, target: Path) -> Path:
        raise OSError(f"no power while replacing {target.name} by {self.name}")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(IndexUnwritten, match=r"replacing CURRENT by \.CURRENT\..*\.tmp"):
            build_small(small_index, POSTS[:1])
    assert _ids(small_index) == [post["id"] for post in POSTS]
    report = build_small(small_index, POSTS[:2])
    assert report.generation == 3
    assert _ids(small_index) == ["lighthouse", "bees"]


def test_a_crash_before_the_folder_is_renamed_keeps_the_old_generation(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Path, target: Path) -> Path:
        raise OSError(f"no power while renaming {self.name} to {target.name}")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", crash)
        with pytest.raises(IndexUnwritten, match="to gen-000002"):
            build_small(small_index, POSTS[:1])
    assert sorted(path.name for path in small_index.iterdir()) == ["CURRENT", "gen-000001", "write.lock"]
    assert _ids(small_index) == [post["id"] for post in POSTS]


def test_an_opened_index_answers_on_after_rebuilds_have_removed_its_folder(small_index: Path) -> None:
    opened = Index.open(small_index)
    for _ in range(3):
        build_small(small_index, POSTS[:1])
    assert [post.id for post in opened.posts()] == [post["id"] for post in POSTS]
    assert opened.structures.nearest.search(opened.structures.vectors[0], 1)[0].tolist() == [0]
    opened.close()


def test_a_changed_manifest_is_not_served_for_want_of_another(small_index: Path) -> None:
    path = current_folder(small_index) / LAYOUT.manifest
    path.write_bytes(path.read_bytes() + b"\n")  # every file is as it says, only it is not what was published
    with pytest.raises(IndexCorrupt, match=r"not the one that was published in .*manifest\.json"):
        Index.open(small_index)
