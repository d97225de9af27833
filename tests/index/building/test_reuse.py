"""Building again: only what is new is encoded, the outcome is that of a fresh build, a stopped build goes on."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index
from index.building.checkpoint import Checkpoint
from index.building.reuse import DECIDING, code_fingerprint
from index.encoders.protocol import DocumentVectors, Encodable
from index.records import BuildReport
from index.settings import BuildSettings, ChunkSettings
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder, build_small

REPOSITORY = Path(__file__).parents[3]


class CountingEncoder(WordHashEncoder):
    """Remembers every text that it was given to encode."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors, and the texts remembered."""
        self.read += [passage.text for passage in passages]
        return super().encode_document(passages)


def _post(name: str, *sentences: str) -> dict[str, object]:
    return {"id": name, "title": f"About {name}", "text": "\n\n".join(sentences)}


GULL = _post("gull", "Gulls nest on the cliff in spring.", "Their eggs are brown and speckled.")
LAMP = _post("lamp", "The lamp burned whale oil at first.", "Paraffin replaced it in 1902.")
FERRY = _post("ferry", "The ferry leaves the pier at noon.")


def _build(root: Path, posts: Sequence[dict[str, object]]) -> tuple[BuildReport, CountingEncoder]:
    encoder = CountingEncoder()
    return build_small(root, posts, encoder=encoder), encoder


def _content(root: Path) -> list[tuple[str, str, bytes, bytes]]:
    """Every chunk with its post and vectors, in order."""
    opened = index.open(root)
    found = []
    for row, (post, chunk) in enumerate(opened.chunks(range(opened.manifest.chunks))):
        first, last = opened.structures.chunk_sentences[row : row + 2]
        passage = opened.structures.vectors[row].tobytes()
        found.append((post.id, chunk.text, passage, opened.structures.sentence_vectors[first:last].tobytes()))
    opened.close()
    return found


def test_a_corpus_that_did_not_change_is_not_encoded_again(tmp_path: Path) -> None:
    first, _ = _build(tmp_path / "index", [GULL, LAMP])
    before = _content(tmp_path / "index")
    again, encoder = _build(tmp_path / "index", [GULL, LAMP])
    assert encoder.read == []
    assert (again.encoded, again.reused, again.removed) == (0, first.chunks, 0)
    assert _content(tmp_path / "index") == before


def test_only_the_chunks_of_a_changed_post_are_encoded(tmp_path: Path) -> None:
    _build(tmp_path / "index", [GULL, LAMP, FERRY])
    changed = _post("ferry", "The ferry leaves the pier at one.")
    report, encoder = _build(tmp_path / "index", [GULL, LAMP, changed])
    assert encoder.read == ["The ferry leaves the pier at one."]
    assert (report.encoded, report.removed) == (1, 1)


def test_a_new_post_is_encoded_and_the_others_keep_their_vectors(tmp_path: Path) -> None:
    _build(tmp_path / "index", [GULL, LAMP])
    report, encoder = _build(tmp_path / "index", [GULL, FERRY, LAMP])
    assert encoder.read == ["The ferry leaves the pier at noon."]
    assert report.removed == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_wherever_a_new_post_comes_in_the_others_keep_their_vectors(tmp_path: Path, place: int) -> None:
    posts = [GULL, LAMP]
    _build(tmp_path / "index", posts)
    posts.insert(place, FERRY)
    report, _ = _build(tmp_path / "index", posts)
    _build(tmp_path / "fresh", posts)
    assert (report.encoded, report.reused) == (1, report.chunks - 1)
    assert _content(tmp_path / "index") == _content(tmp_path / "fresh")


def test_a_deleted_post_leaves_no_trace_in_the_new_generation(tmp_path: Path) -> None:
    _build(tmp_path / "index", [GULL, LAMP])
    report, encoder = _build(tmp_path / "index", [GULL])
    assert (encoder.read, report.removed) == ([], 1)
    folder = tmp_path / "index" / "gen-000002"
    assert not [path for path in folder.rglob("*") if path.is_file() and b"araffin" in path.read_bytes()]
    with_lamp = index.open(tmp_path / "index")
    assert not with_lamp.structures.lexical.knows("paraffin")
    with_lamp.close()


def test_a_chunk_of_a_changed_post_that_reads_the_same_is_reused(tmp_path: Path) -> None:
    long = [f"Sentence number {number} tells of the harbour and its many boats at night." for number in range(12)]
    _build(tmp_path / "index", [_post("harbour", *long)])
    report, encoder = _build(tmp_path / "index", [_post("harbour", *long[:-1], "Another end is told here.")])
    assert 0 < report.encoded < report.chunks
    assert all("Another end" in text for text in encoder.read)


SENTENCES = st.sampled_from(
    [["Word1 stands by the sea."], ["Word2 stands by the sea.", "Word3 too."], ["Word5 is far from it."]]
)
CORPORA = st.lists(
    st.tuples(st.sampled_from("abcdef"), SENTENCES), min_size=1, max_size=5, unique_by=lambda one: one[0]
)
"""Few names and few texts in any order: most editions share posts with the one before."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CORPORA, min_size=2, max_size=3))
@pytest.mark.slow
def test_whatever_was_edited_the_outcome_is_that_of_a_fresh_build(
    tmp_path_factory: pytest.TempPathFactory, corpora: list[list[tuple[str, list[str]]]]
) -> None:
    root = tmp_path_factory.mktemp("edits")
    for corpus in corpora:
        posts = [_post(name, *sentences) for name, sentences in corpus]
        _build(root / "grown", posts)
    _build(root / "fresh", posts)
    assert _content(root / "grown") == _content(root / "fresh")
    grown, fresh = index.open(root / "grown"), index.open(root / "fresh")
    assert list(grown.structures.lexical.vocabulary) == list(fresh.structures.lexical.vocabulary)
    for question in (["word1", "sea"], ["word5"]):
        assert np.array_equal(grown.structures.lexical.shares(question), fresh.structures.lexical.shares(question))
    grown.close()
    fresh.close()


def test_other_chunk_settings_reuse_nothing(tmp_path: Path) -> None:
    _build(tmp_path / "index", [GULL])
    (tmp_path / "posts.jsonl").write_text('{"id": "gull", "title": "G", "text": "Gulls nest."}\n', encoding="utf-8")
    encoder = CountingEncoder()
    other = BuildSettings(chunks=ChunkSettings(max_tokens=30, context_tokens=16))
    report = index.build([tmp_path / "posts.jsonl"], tmp_path / "index", settings=other, encoder=encoder)
    assert report.reused == 0


def test_nothing_is_taken_from_a_damaged_generation(tmp_path: Path) -> None:
    first, _ = _build(tmp_path / "index", [GULL, LAMP])
    vectors = tmp_path / "index" / "gen-000001" / "passages.npy"
    damaged = bytearray(vectors.read_bytes())
    damaged[-3] ^= 1
    vectors.write_bytes(bytes(damaged))
    report, _ = _build(tmp_path / "index", [GULL, LAMP])
    assert report.encoded == first.chunks
    assert len(_content(tmp_path / "index")) == first.chunks


def test_a_damaged_batch_of_the_checkpoint_is_ignored_and_the_rest_is_kept(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    pairs = [(generator.random((1, 4), dtype=np.float32), generator.random((2, 4), dtype=np.float32)) for _ in range(3)]
    keys = [bytes([number]) * 16 for number in range(3)]
    Checkpoint(tmp_path).append(keys[:2], pairs[:2])
    (first,) = (tmp_path / Checkpoint.NAME).iterdir()
    Checkpoint(tmp_path).append(keys[2:], pairs[2:])
    (last,) = set((tmp_path / Checkpoint.NAME).iterdir()) - {first}
    whole = last.read_bytes()
    for damaged in (whole[:-5], whole[: len(whole) // 2], b"", bytes([*whole[:150], whole[150] ^ 1, *whole[151:]])):
        last.write_bytes(damaged)
        checkpoint = Checkpoint(tmp_path)
        assert checkpoint.get(keys[2]) is None
        for key, pair in zip(keys[:2], pairs[:2], strict=True):
            found = checkpoint.get(key)
            assert found is not None
            assert all(np.array_equal(got, put) for got, put in zip(found, pair, strict=True))
    Checkpoint(tmp_path).append(keys[2:], pairs[2:])
    assert Checkpoint(tmp_path).get(keys[2]) is not None
    Checkpoint.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    import index
    from index.building import encode_step
    from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder

    encode_step._ENCODE_AT_ONCE = 4

    class Dying(WordHashEncoder):
        batches = 0

        def encode_document(self, passages):
            Dying.batches += 1
            if Dying.batches == 4:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().encode_document(passages)

    index.build([Path(sys.argv[1])], Path(sys.argv[2]), settings=SMALL_CHUNKS, encoder=Dying())
    """
)


def test_a_killed_build_goes_on_where_it_was(tmp_path: Path) -> None:
    source = tmp_path / "posts.txt"
    source.mkdir()
    for number in range(20):
        (source / f"{number:02}.md").write_text(f"# Post {number}\n\nIt tells of thing{number}.\n", encoding="utf-8")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(source), str(tmp_path / "index")],
        cwd=REPOSITORY, check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    encoder = CountingEncoder()
    report = index.build([source], tmp_path / "index", settings=SMALL_CHUNKS, encoder=encoder)
    assert (report.encoded, report.reused) == (8, 12)
    index.build([source], tmp_path / "fresh", settings=SMALL_CHUNKS, encoder=WordHashEncoder())
    assert _content(tmp_path / "index") == _content(tmp_path / "fresh")
    assert not (tmp_path / "index" / Checkpoint.NAME).exists()


def test_a_post_whose_language_is_stated_anew_is_read_by_other_rules_and_not_encoded_again(tmp_path: Path) -> None:
    post = {**_post("faro", "Los fareros encendieron las lámparas."), "language": "en"}
    _build(tmp_path / "index", [GULL, post])
    report, encoder = _build(tmp_path / "index", [GULL, {**post, "language": "es"}])
    assert encoder.read == []
    assert report.encoded == 0
    _build(tmp_path / "fresh", [GULL, {**post, "language": "es"}])
    with_old, fresh = index.open(tmp_path / "index"), index.open(tmp_path / "fresh")
    assert list(with_old.structures.lexical.vocabulary) == list(fresh.structures.lexical.vocabulary)
    assert with_old.structures.lexical.languages == fresh.structures.lexical.languages
    assert with_old.structures.lexical.knows("lamp")  # "lámparas" by Spanish rules; English ones leave "lampara"
    with_old.close()
    fresh.close()


def test_terms_are_made_anew_when_the_code_that_makes_them_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = code_fingerprint()
    monkeypatch.setattr("index.building.reuse.stemmers", lambda: "of another version")
    code_fingerprint.cache_clear()
    assert code_fingerprint() != before
    code_fingerprint.cache_clear()


def test_every_module_that_makes_terms_is_in_the_fingerprint() -> None:
    needed, found = {"tokenize"}, set[str]()
    while needed:
        name = needed.pop()
        found.add(name)
        source = (REPOSITORY / "index" / "text" / f"{name}.py").read_text(encoding="utf-8")
        needed |= set(re.findall(r"^from index\.text\.(\w+) import", source, re.M)) - found
    deciding = {path.name for path in DECIDING.iterdir()}
    assert {f"{name}.py" for name in found} | {"stop_words.txt"} <= deciding


@pytest.mark.parametrize("name", ["stop_words.txt", "blocks.py"])
def test_a_changed_file_changes_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    copy = shutil.copytree(DECIDING, tmp_path / "text")
    monkeypatch.setattr("index.building.reuse.DECIDING", copy)
    code_fingerprint.cache_clear()
    before = code_fingerprint()
    with (copy / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    code_fingerprint.cache_clear()
    assert code_fingerprint() != before
    code_fingerprint.cache_clear()
