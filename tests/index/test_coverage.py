"""Does the encoder read the whole corpus?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.coverage import coverage
from index.reader import Index
from index.records import Chunk
from tests.stand_ins import POSTS, WordHashEncoder, build_small


@pytest.fixture
def opened(small_index: Path) -> Iterator[Index]:
    """The small index, opened."""
    reader = Index.open(small_index)
    yield reader
    reader.close()


def test_a_normal_index_is_read_to_the_last_token(opened: Index, hash_encoder: WordHashEncoder) -> None:
    found = coverage(opened, hash_encoder)
    tokens = sum(len(hash_encoder.token_spans(post.body)) for post in opened.posts())
    assert (found.posts, found.chunks) == (len(POSTS), opened.manifest.chunks)
    assert (found.tokens, found.read, found.share, found.unread) == (tokens, tokens, 1.0, ())


@pytest.mark.parametrize("text", ["x" * 9_000, "lamp " * 3_000, "a-b_c/" * 900, "漢" * 900, "👩‍👧" * 900])
def test_words_that_chunks_part_count_as_read(tmp_path: Path, text: str, hash_encoder: WordHashEncoder) -> None:
    build_small(tmp_path / "index", [{"id": "a", "title": "T", "text": f"It begins. {text} It ends."}])
    opened = Index.open(tmp_path / "index")
    assert coverage(opened, hash_encoder).share == 1.0
    opened.close()


def test_an_encoder_that_reads_less_is_caught_by_what_it_leaves_out(opened: Index) -> None:
    found = coverage(opened, WordHashEncoder(token_limit=20))
    assert 0 < found.read < found.tokens
    assert found.share == found.read / found.tokens < 1
    for stretch in found.unread:
        post = opened.post(stretch.post_id)
        assert post is not None
        assert post.body[stretch.start : stretch.end] == stretch.text != ""


def test_a_token_whose_middle_no_chunk_holds_counts_as_unread(
    tmp_path: Path, hash_encoder: WordHashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_small(tmp_path / "index", [{"id": "a", "title": "T", "text": "x" * 170_000}])
    opened = Index.open(tmp_path / "index")
    first, _, last = opened.all_chunks()
    assert coverage(opened, hash_encoder).read == 1
    monkeypatch.setattr(opened, "all_chunks", lambda: iter([first, last]))
    assert coverage(opened, hash_encoder).read == 0
    opened.close()


def test_a_stretch_that_no_chunk_holds_is_caught_and_shown(
    opened: Index, hash_encoder: WordHashEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks: list[Chunk] = list(opened.all_chunks())
    left_out = next(chunk for chunk in chunks if "paraffin" in chunk.text)
    monkeypatch.setattr(opened, "all_chunks", lambda: iter([chunk for chunk in chunks if chunk != left_out]))
    found = coverage(opened, hash_encoder)
    assert found.share < 1
    assert "paraffin" in [stretch.text for stretch in found.unread]
    assert {stretch.post_id for stretch in found.unread} == {left_out.post_id}
