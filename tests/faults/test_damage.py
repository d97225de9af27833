"""Files changed behind the index's back: named before anything is opened, and an older generation serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import IndexCorrupt
from index.layout import LAYOUT
from index.reader import Index
from index.search.structures import Structures
from index.settings import VectorSettings
from index.storage.generation import current_folder
from index.storage.locks import IN_USE
from tests.faults.bench import ALL
from tests.stand_ins import POSTS, build_small

pytestmark = pytest.mark.faults

FLIPS = 200 if ALL else 5


def _files(folder: Path) -> list[Path]:
    """Every file of a generation that carries something."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != IN_USE)


def _damages(sound: bytes) -> list[bytes]:
    """Truncated at 0, 1, half and all but one byte; longer by one; one bit flipped, here and there."""
    size = len(sound)
    found = [sound[:length] for length in (0, 1, size // 2, size - 1)] + [sound + b"\0"]
    for at in range(0, size, max(1, size // FLIPS)):
        flipped = bytearray(sound)
        flipped[at] ^= 1 << (at % 8)
        found.append(bytes(flipped))
    return found


def test_every_damage_to_every_file_is_found_before_one_is_opened(
    small_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened_too_early(folder: Path, settings: VectorSettings) -> Structures:
        pytest.fail(f"{folder} was opened before it was checked with {settings}")

    monkeypatch.setattr(Structures, "open", opened_too_early)
    for path in _files(current_folder(small_index)):
        sound = path.read_bytes()
        for damaged in _damages(sound):
            path.write_bytes(damaged)
            with pytest.raises(IndexCorrupt, match=rf"{path.name}.*qa build"):
                Index.open(small_index)
        path.unlink()
        with pytest.raises(IndexCorrupt, match=rf"{path.name}.*qa build"):
            Index.open(small_index)
        path.write_bytes(sound)
    monkeypatch.undo()
    Index.open(small_index).close()


@pytest.mark.filterwarnings("ignore:.*serving gen-000001")
def test_every_file_swapped_with_another_generations_is_found_and_the_older_one_serves(small_index: Path) -> None:
    posts = [{**post, "text": f"{post['text']} A second edition."} for post in POSTS]
    build_small(small_index, posts)
    new, old = current_folder(small_index), small_index / LAYOUT.generation.format(number=1)
    swapped = 0
    for path in _files(new):
        sound, other = path.read_bytes(), old / path.relative_to(new)
        if other.read_bytes() == sound:
            continue
        swapped += 1
        path.write_bytes(other.read_bytes())
        opened = Index.open(small_index)
        assert opened.manifest.generation == 1
        assert path.name in (opened.degraded or "")
        opened.close()
        path.write_bytes(sound)
    assert swapped >= 6
    opened = Index.open(small_index)
    assert (opened.manifest.generation, opened.degraded) == (2, None)
    opened.close()
