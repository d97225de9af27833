"""From documents to a published index, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import index
from index.building.chunk_step import chunk_limit
from index.encoders.protocol import DocumentVectors, Encodable
from index.errors import CorpusError, EncoderError, SourceError
from index.reader import Index
from index.settings import BuildSettings, ChunkSettings
from tests.stand_ins import POSTS, SMALL_CHUNKS, WordHashEncoder, build_small, write_posts


class BreakingEncoder(WordHashEncoder):
    """An encoder whose power fails in the middle of the work."""

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Fail."""
        raise RuntimeError(f"out of power at {len(passages)} passages")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with two posts, a twin of one of them, a file that cannot be read, and a picture."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: Gulls\n---\nGulls follow boats.\n")
    (folder / "b.md").write_text("---\ntitle: Bees\n---\nBees gather nectar.\n")
    (folder / "c.md").write_text("---\ntitle: Gulls\n---\nGulls follow boats.\n")
    (folder / "d.txt").write_bytes(b"caf\xe9")
    (folder / "e.jpg").write_bytes(b"picture")
    return folder


def test_the_report_counts_what_the_index_holds(tmp_path: Path, corpus: Path, hash_encoder: WordHashEncoder) -> None:
    root = tmp_path / "index"
    report = index.build([corpus], root, settings=SMALL_CHUNKS, encoder=hash_encoder)
    opened = Index.open(root)
    assert (report.path, report.generation, report.encoder) == (root, 1, "word-hash")
    assert (report.posts, report.duplicates, len(report.set_aside), report.no_documents) == (2, 1, 1, 1)
    assert report.posts == opened.manifest.posts == len(list(opened.posts()))
    assert report.chunks == opened.manifest.chunks == len(list(opened.all_chunks())) == len(opened.structures.vectors)
    assert report.sentences == opened.manifest.sentences == len(opened.structures.sentence_vectors)
    assert opened.manifest.settings == SMALL_CHUNKS
    assert opened.manifest.encoder == hash_encoder.identity
    opened.close()


def test_what_cannot_be_read_is_set_aside_with_its_reason(
    tmp_path: Path, corpus: Path, hash_encoder: WordHashEncoder
) -> None:
    report = index.build([corpus], tmp_path / "index", settings=SMALL_CHUNKS, encoder=hash_encoder)
    reasons = {Path(aside.origin).name: aside.reason for aside in report.set_aside}
    assert list(reasons) == ["d.txt"]
    assert "invalid UTF-8" in reasons["d.txt"]


def test_a_strict_build_fails_on_what_it_would_set_aside_and_publishes_nothing(
    tmp_path: Path, corpus: Path, hash_encoder: WordHashEncoder
) -> None:
    root = tmp_path / "index"
    strict = SMALL_CHUNKS.model_copy(update={"strict": True})
    with pytest.raises(SourceError, match=r"1 document\(s\) cannot be read.*--strict"):
        index.build([corpus], root, settings=strict, encoder=hash_encoder)
    assert not root.exists()


def test_an_empty_corpus_is_an_error_that_names_what_can_be_read(tmp_path: Path, hash_encoder: WordHashEncoder) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CorpusError, match=r"no post could be read in .*empty.*Markdown"):
        index.build([empty], tmp_path / "index", encoder=hash_encoder)
    with pytest.raises(CorpusError, match="an empty list of sources"):
        index.build([], tmp_path / "index", encoder=hash_encoder)


def test_a_corpus_of_which_nothing_can_be_read_says_why(tmp_path: Path, hash_encoder: WordHashEncoder) -> None:
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    with pytest.raises(CorpusError, match=r"no post could be read.*bad\.txt: invalid UTF-8"):
        index.build([tmp_path / "bad.txt"], tmp_path / "index", encoder=hash_encoder)


def test_a_missing_source_is_named(tmp_path: Path, hash_encoder: WordHashEncoder) -> None:
    with pytest.raises(CorpusError, match=r"no such file or folder in .*nowhere"):
        index.build([tmp_path / "nowhere"], tmp_path / "index", encoder=hash_encoder)


def test_a_failing_encoder_leaves_the_old_index_serving_and_nothing_lying_about(small_index: Path) -> None:
    with pytest.raises(RuntimeError, match="out of power"):
        build_small(small_index, [{**POSTS[0], "text": "A new text has to be encoded."}], BreakingEncoder())
    assert sorted(path.name for path in small_index.iterdir()) == ["CURRENT", "gen-000001", "write.lock"]
    opened = Index.open(small_index)
    assert [post.id for post in opened.posts()] == [post["id"] for post in POSTS]
    opened.close()


def test_an_encoder_that_reads_too_little_is_refused_with_the_setting_that_helps(tmp_path: Path) -> None:
    source = write_posts(tmp_path / "posts.jsonl")
    with pytest.raises(EncoderError, match=r"reads too few tokens.*word-hash.*context_tokens"):
        index.build([source], tmp_path / "index", encoder=WordHashEncoder(token_limit=56))


def test_a_chunk_has_room_for_its_context_its_prompt_and_special_tokens() -> None:
    settings = BuildSettings(chunks=ChunkSettings(max_tokens=40, context_tokens=16))
    assert chunk_limit(WordHashEncoder(token_limit=256), settings) == 40
    assert chunk_limit(WordHashEncoder(token_limit=40), settings) == 40 - 16 - 5
    assert chunk_limit(WordHashEncoder(token_limit=40, document_prompt="passage: "), settings) == 40 - 16 - 5 - 2


def test_one_source_may_be_given_by_itself(tmp_path: Path, hash_encoder: WordHashEncoder) -> None:
    source = write_posts(tmp_path / "posts.jsonl")
    for one in (source, str(source)):
        report = index.build(one, tmp_path / "index", settings=SMALL_CHUNKS, encoder=hash_encoder)  # type: ignore[arg-type]
        assert report.posts == len(POSTS)


def test_progress_is_reported_step_by_step(tmp_path: Path, hash_encoder: WordHashEncoder) -> None:
    calls: list[tuple[str, int, int | None]] = []
    source = write_posts(tmp_path / "posts.jsonl")
    report = index.build(
        [source],
        tmp_path / "index",
        settings=SMALL_CHUNKS,
        encoder=hash_encoder,
        progress=lambda step, done, total: calls.append((step, done, total)),
    )
    assert list(dict.fromkeys(step for step, _, _ in calls)) == ["reading", "chunking", "encoding"]
    assert ("chunking", report.posts, report.posts) in calls
    assert calls[-1] == ("encoding", report.chunks, report.chunks)


def test_building_twice_gives_the_same_vectors_and_ids(tmp_path: Path) -> None:
    roots = [tmp_path / "one", tmp_path / "two"]
    for root in roots:
        build_small(root)
    one, two = (Index.open(root) for root in roots)
    assert np.array_equal(one.structures.vectors, two.structures.vectors)
    assert [chunk.text for chunk in one.all_chunks()] == [chunk.text for chunk in two.all_chunks()]
    assert [post.id for post in one.posts()] == [post.id for post in two.posts()]


@pytest.mark.parametrize("unknown", [{"encodr": "x"}, {"chunks": {"max_token": 5}}, {"lexical": {"k1": 0}}])
def test_settings_with_an_unknown_name_or_a_value_out_of_range_are_refused(unknown: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        BuildSettings.model_validate(unknown)
