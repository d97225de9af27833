"""An opened index gives back what was put in, row by row."""

from __future__ import annotations

import gc
import json
import os
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.errors import EncoderMismatch, IndexClosed, IndexCorrupt
from index.files import file_sha256
from index.filters import Filters
from index.layout import LAYOUT
from index.reader import Index
from index.search.candidates import SearchQuery
from index.storage.generation import Pointer, current_folder, point_to
from index.text.context import encodable
from tests.stand_ins import POSTS, SMALL_CHUNKS, WordHashEncoder


@pytest.fixture
def opened(small_index: Path) -> Iterator[Index]:
    """The small index, opened."""
    reader = Index.open(small_index)
    yield reader
    reader.close()


def test_posts_come_in_the_order_of_the_corpus_with_all_that_was_stated(opened: Index) -> None:
    first, *_ = opened.posts()
    assert [post.id for post in opened.posts()] == [post["id"] for post in POSTS]
    assert (first.title, first.authors, first.publisher) == (
        "The lighthouse on Gull Rock",
        ("Mara Quill",),
        "Coast Letters",
    )
    assert (first.url, first.published, first.language) == ("https://coast.example/lighthouse", "2021-05-04", "en")


def test_a_post_is_found_by_its_id(opened: Index) -> None:
    found = opened.post("bees")
    assert found is not None
    assert found.title == "Bees of the island"
    assert opened.post("wasps") is None


def test_each_row_is_one_chunk_with_its_post_its_vector_and_its_sentences(
    opened: Index, hash_encoder: WordHashEncoder
) -> None:
    chunks = list(opened.all_chunks())
    for row, (post, chunk) in enumerate(opened.chunks(range(len(chunks)))):
        assert chunk == chunks[row]
        assert chunk.post_id == post.id
        assert post.body[chunk.start : chunk.end] == chunk.text
        passage = encodable(post.title, chunk, hash_encoder.token_spans, SMALL_CHUNKS.chunks.context_tokens)
        vectors = hash_encoder.encode_document([passage])
        assert np.allclose(opened.structures.vectors[row], vectors.passages[0])
        first, after = opened.structures.chunk_sentences[row : row + 2]
        assert np.allclose(opened.structures.sentence_vectors[first:after], vectors.sentences)


def test_chunks_come_in_the_order_asked_for(opened: Index) -> None:
    forwards = opened.chunks([0, 1, 2])
    assert opened.chunks([2, 0, 1, 0]) == [forwards[2], forwards[0], forwards[1], forwards[0]]


def test_the_encoder_it_was_built_with_is_accepted(opened: Index, hash_encoder: WordHashEncoder) -> None:
    opened.require(hash_encoder)


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (WordHashEncoder(name="other-model"), ["word-hash", "other-model"]),
        (WordHashEncoder(dimension=32), ["64 dim", "32 dim"]),
        (WordHashEncoder(token_limit=128), ["64 tokens", "128 tokens"]),
        (WordHashEncoder(document_prompt="passage: "), ["'passage: '"]),
    ],
    ids=["name", "dimension", "limit", "prompt"],
)
def test_another_encoder_is_refused_with_both_named_and_the_command_that_helps(
    opened: Index, other: WordHashEncoder, named: list[str]
) -> None:
    with pytest.raises(EncoderMismatch, match=r"qa build PATH --index .*small-index --encoder") as caught:
        opened.require(other)
    assert all(part in str(caught.value) for part in named), str(caught.value)


@pytest.mark.parametrize("field", ["chunks", "sentences"])
def test_files_whose_counts_are_not_the_manifests_are_refused(small_index: Path, field: str) -> None:
    path = current_folder(small_index) / LAYOUT.manifest
    fields = json.loads(path.read_bytes())
    path.write_text(json.dumps({**fields, field: fields[field] + 1}))
    point_to(small_index, Pointer(1, file_sha256(path)))  # the files prove to be as published
    with pytest.raises(IndexCorrupt, match=r"counts are not those of the manifest in .*qa build"):
        Index.open(small_index)


def test_a_closed_index_says_so_and_may_be_closed_again(small_index: Path, hash_encoder: WordHashEncoder) -> None:
    closed = Index.open(small_index)
    closed.close()
    closed.close()
    query = SearchQuery(hash_encoder.encode_query(["ferry"])[0], {"en": ["ferri"]})
    for use in (
        lambda: list(closed.posts()),
        lambda: closed.search(query, 3),
        lambda: closed.chunks([0]),
        lambda: closed.find_posts("ferry", 0, 1),
        lambda: closed.allowed(Filters(posts=("bees",))),
    ):
        with pytest.raises(IndexClosed, match=r"the index is closed\. Open it again\."):
            use()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_can_be_read(small_index: Path) -> None:
    folders = [small_index, *(path for path in small_index.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        Index.open(small_index).close()
    finally:
        for folder in folders:
            folder.chmod(0o700)


def test_an_index_that_nobody_reads_goes_at_once(small_index: Path) -> None:
    gc.disable()  # nothing may wait for it: a server would hold every generation it ever served
    try:
        opened = Index.open(small_index)
        opened.analyses(range(3))
        opened.allowed(Filters(posts=("bees",)))
        gone = weakref.ref(opened)
        del opened
        assert gone() is None
    finally:
        gc.enable()
