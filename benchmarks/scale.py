"""How building, opening and asking grow with the corpus: 10 thousand, 100 thousand and a million chunks.

Usage: python -m benchmarks.scale [--shared ../shared] [--sizes 10000,100000,1000000] [--json FILE] [--render]

Nothing is encoded: vectors come from `benchmarks.scale_vectors`, with the neighbourhoods of XQuAD's, and texts are
put together from runs of its words, with rare terms of their own, so that word frequencies are real and the
vocabulary grows. Each generation is written by the project's own store, tables and manifest, and asked through
`Assistant` in a process of its own; the encoder's own time for a question is measured and added.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import index
from benchmarks.machine import machine_facts, memory_mb
from benchmarks.scale_page import write_page
from benchmarks.scale_vectors import RealVectors, VectorMaker, structure
from index.arrays import save_arrays
from index.building.chunk_step import ChunkRows
from index.building.encode_step import VectorTables
from index.building.reuse import KEY_BYTES, code_fingerprint
from index.encoders.installed.loading import load_encoder
from index.encoders.protocol import Encoder, EncoderIdentity, Vectors
from index.layout import FORMAT, LAYOUT
from index.records import Post
from index.search.bm25 import LexicalIndex
from index.search.chunk_terms import TermCollector
from index.search.projection import Projection
from index.search.vectors import Table, vector_store
from index.settings import BuildSettings
from index.storage.generation import current_folder, new_folder, publish
from index.storage.manifest import Manifest, file_records
from index.storage.post_store import PackedChunk
from index.storage.post_writer import PostWriter
from index.text.tokenize import plain_words, terms
from qa.assistant import Assistant
from qa.evaluation.gold import read_gold
from qa.evaluation.judge import Candidate, Judge

_RESULTS = Path("benchmarks/results/scale.json")
_CHUNKS_A_POST = 7
_SENTENCES_A_CHUNK = 3
_ASKED = 200
_BLOCK = 50_000
Words = list[list[str]]


class GivenEncoder:
    """An encoder whose questions' vectors are given."""

    def __init__(self, identity: EncoderIdentity, questions: dict[str, Vectors]) -> None:
        self.identity = identity
        self._questions = questions

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """The vectors given."""
        return np.stack([self._questions[query] for query in queries])

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Unused when asking."""
        raise NotImplementedError(text)

    read_span = encode_document = token_spans


def real_vectors(shared: Path, folder: Path) -> tuple[RealVectors, Words]:
    """XQuAD's vectors with who belongs to whom, and its paragraphs' words."""
    index.build([shared / "data/xquad-en/corpus.jsonl"], folder)
    opened = index.open(folder)
    chunks = opened.chunks(range(opened.manifest.chunks))
    names = [post.id.rpartition("#")[0] for post, _ in chunks]
    numbers = {name: at for at, name in enumerate(dict.fromkeys(names))}
    owners = np.repeat(np.arange(len(chunks)), np.diff(opened.structures.chunk_sentences))
    sentence_rows = [
        (row, Candidate(post, one.start, one.end, post.body[one.start : one.end]))
        for row, (post, chunk) in enumerate(chunks)
        for one in chunk.sentences
    ]
    questions, answers = [], []
    by_post: dict[str, list[int]] = {}
    for at, (_, candidate) in enumerate(sentence_rows):
        by_post.setdefault(candidate.post.id, []).append(at)
    for question in read_gold(shared / "data/xquad-en/questions.jsonl").questions[::3]:
        judge = Judge(question)
        right = [at for post in question.post_ids for at in by_post[post] if judge.proves(sentence_rows[at][1])]
        if right:
            questions.append(question.question)
            answers.append(right[0])
    vectors = RealVectors(
        passages=np.array(opened.structures.vectors, dtype=np.float32),
        articles=np.array([numbers[name] for name in names]),
        sentences=np.array(opened.structures.sentence_vectors, dtype=np.float32),
        owners=owners,
        questions=load_encoder().encode_query(questions),
        answers=np.array(answers),
    )
    return vectors, [post.body.split() for post in opened.posts()]


def sentences(words: Words, rng: np.random.Generator) -> Iterator[str]:
    """Sentences without end: three runs of a few real words each, and a rare term of a growing vocabulary."""
    runs = [
        " ".join(text[start : start + length]).strip(" .,;")
        for text in words
        for length in (4, 5, 6, 7)
        for start in range(0, len(text) - length, 3)
    ]
    while True:
        chosen = rng.integers(0, len(runs), size=(1000, 3))
        rare = rng.zipf(1.3, size=1000)
        for (one, two, three), number in zip(chosen.tolist(), rare.tolist(), strict=True):
            yield f"{runs[one]} {runs[two]} term{number % 10**9} {runs[three]}."


def write_texts(store: PostWriter, chunks: int, words: Words, rng: np.random.Generator) -> ChunkRows:
    """Fill a store with posts and chunks."""
    all_terms, all_words, texts = TermCollector(), TermCollector(), sentences(words, rng)
    known: dict[str, list[str]] = {}
    posts: list[int] = []
    for number in range(-(-chunks // _CHUNKS_A_POST)):
        count = min(_CHUNKS_A_POST, chunks - len(posts))
        body, packed = _body([[next(texts) for _ in range(_SENTENCES_A_CHUNK)] for _ in range(count)])
        post = Post(id=f"p{number}", title=f"Note {number}", body=body, language="en", origin="made")
        store.put(post)
        store.put_packed(number + 1, packed)
        posts += [number + 1] * count
        for start, end, *_ in packed:
            text = f"{post.title} {body[start:end]}"
            all_terms.add(_terms(text, known))
            all_words.add(plain_words(text))
    bounds = np.arange(chunks + 1, dtype=np.int64) * _SENTENCES_A_CHUNK
    collected = (all_terms.finished(), all_words.finished())
    return ChunkRows(np.array(posts, dtype=np.int64), bounds, *collected, list(range(chunks)), [])


def _body(texts: list[list[str]]) -> tuple[str, list[PackedChunk]]:
    body = ""
    packed: list[PackedChunk] = []
    for chunk in texts:
        body += "\n\n" if body else ""
        start = len(body)
        places: list[list[int]] = []
        for sentence in chunk:
            body += " " if places else ""
            places.append([len(body), len(body) + len(sentence), 0])
            body += sentence
        packed.append((start, len(body), "[]", json.dumps(places), ""))
    return body, packed


def _terms(text: str, known: dict[str, list[str]]) -> list[str]:
    """The terms of a text word by word, each word stemmed once."""
    stemmed = []
    for word in text.split():
        if word not in known:
            known[word] = terms(word)
        stemmed += known[word]
    return stemmed


def write_vectors(
    folder: Path, chunks: ChunkRows, maker: VectorMaker, rng: np.random.Generator
) -> tuple[Table, dict[str, Vectors]]:
    """Fill the tables of a generation; gives the passages', and questions' vectors by the row each is about."""
    settings = BuildSettings().vectors
    tables = VectorTables(folder, chunks.bounds, maker.dimension, settings)
    articles = chunks.posts - 1
    drawn = np.sort(rng.choice(chunks.count, size=_ASKED, replace=False))
    asked: dict[str, Vectors] = {}
    passages = maker.passages(articles, rng)
    for start in range(0, chunks.count, _BLOCK):
        block = passages[start : start + _BLOCK]
        made = maker.sentences(np.repeat(block, _SENTENCES_A_CHUNK, axis=0), rng)
        tables.put(start, block, made)
        for row in drawn[(drawn >= start) & (drawn < start + len(block))].tolist():
            at = (row - start) * _SENTENCES_A_CHUNK
            asked[str(row)] = maker.questions(made[at : at + 1], rng)[0]
    (folder / LAYOUT.vector_store).mkdir()
    vector_store(settings.store).build(tables.passages, folder / LAYOUT.vector_store, settings)
    return tables.passages, asked


def build(root: Path, chunks: int, maker: VectorMaker, words: Words) -> dict[str, float]:
    """Write a generation of a size; seconds of each part."""
    rng = np.random.default_rng(chunks)
    folder = new_folder(root)
    clock = [time.perf_counter()]
    store = PostWriter.create(folder / LAYOUT.store)
    rows = write_texts(store, chunks, words, rng)
    posts = store.count_posts()
    clock.append(time.perf_counter())
    table, asked = write_vectors(folder, rows, maker, rng)
    texts = {row: f"Where is {_question(store, int(row))}?" for row in asked}
    store.close()
    clock.append(time.perf_counter())
    settings = BuildSettings()
    LexicalIndex.build(rows.terms, rows.words, settings.lexical).save(folder / LAYOUT.lexical)
    clock.append(time.perf_counter())
    keys = rng.integers(0, 256, size=(chunks, KEY_BYTES), dtype=np.uint8)
    files = (LAYOUT.chunk_posts, LAYOUT.chunk_sentences, LAYOUT.chunk_keys)
    save_arrays(folder, dict(zip(files, (rows.posts, rows.bounds, keys), strict=True)))
    Projection.compute(keys, table, None).save(folder)
    clock.append(time.perf_counter())
    manifest = Manifest(
        format=FORMAT, generation=1, parent=None, posts=posts, chunks=chunks, sentences=int(rows.bounds[-1]),
        languages=("en",), encoder=load_encoder().identity, settings=settings, code=code_fingerprint(),
        files=file_records(folder),
    )  # fmt: skip
    publish(root, folder, manifest)
    clock.append(time.perf_counter())
    np.savez(root / "asked.npz", texts=np.array([texts[row] for row in asked]), vectors=np.stack(list(asked.values())))
    names = (
        "texts, chunked and stored, s",
        "vectors drawn and indexed, s",
        "lexical index, s",
        "map, s",
        "hashed, synced, published, s",
    )
    return {name: end - begin for name, begin, end in zip(names, clock, clock[1:], strict=False)}


def _question(store: PostWriter, row: int) -> str:
    """A few words of a chunk, the rare term among them."""
    ((post, chunk),) = store.some_chunks([row])
    words = post.body[chunk.sentences[0].start : chunk.sentences[0].end].rstrip(".").split()
    rare = next(at for at, word in enumerate(words) if word.startswith("term"))
    return " ".join(words[max(0, rare - 3) : rare + 4])


def measure(root: Path) -> dict[str, Any]:
    """Open and ask, in this process."""
    loaded = np.load(root / "asked.npz")
    questions = dict(zip(loaded["texts"].tolist(), loaded["vectors"], strict=True))
    identity = Manifest.model_validate_json((current_folder(root) / LAYOUT.manifest).read_bytes()).encoder
    index.open(root).close()  # the first opening hashes large files, and remembers
    before = memory_mb()
    started = time.perf_counter()
    assistant = Assistant(root, encoder=_given(identity, questions))
    opened = time.perf_counter() - started
    after_opening = memory_mb()
    milliseconds = []
    for question in questions:
        started = time.perf_counter()
        assistant.ask(question)
        milliseconds.append((time.perf_counter() - started) * 1000)
    half = milliseconds[len(milliseconds) // 2 :]  # the first half brings the files into memory
    folder = current_folder(root)
    return {
        "open, s": opened,
        "memory before, MB": before,
        "memory after opening, MB": after_opening,
        "memory after asking, MB": memory_mb(),
        "question without encoder, median ms": statistics.median(half),
        "question without encoder, p95 ms": statistics.quantiles(half, n=20)[-1],
        "first question, ms": milliseconds[0],
        "recall@10 against exact": recall(assistant, list(questions.values())),
        "structure": type(assistant.index.structures.nearest).__name__,
        "on disk, MB": {
            path.name: round(path.stat().st_size / 1e6, 1) for path in sorted(folder.rglob("*")) if path.is_file()
        },
    }


def _given(identity: EncoderIdentity, questions: dict[str, Vectors]) -> Encoder:
    return GivenEncoder(identity, questions)  # type: ignore[return-value]  # asking needs no more of an encoder


def recall(assistant: Assistant, questions: list[Vectors]) -> float:
    """Mean share of the ten nearest passages that the index' search finds."""
    matrix = assistant.index.structures.vectors
    best = np.full((len(questions), 10), -np.inf, dtype=np.float32)
    rows = np.zeros((len(questions), 10), dtype=np.int64)
    asked = np.stack(questions).T
    for start in range(0, len(matrix), _BLOCK):
        scores = (matrix[start : start + _BLOCK].astype(np.float32) @ asked).T
        both = np.concatenate([best, scores], axis=1)
        numbers = np.concatenate([rows, np.arange(start, start + scores.shape[1])[None].repeat(len(rows), 0)], axis=1)
        top = np.argpartition(-both, 9, axis=1)[:, :10]
        best, rows = np.take_along_axis(both, top, 1), np.take_along_axis(numbers, top, 1)
    top_ten = [set(assistant.index.structures.nearest.search(one, 10)[0].tolist()) for one in questions]
    return float(np.mean([len(one & set(exact.tolist())) / 10 for one, exact in zip(top_ten, rows, strict=True)]))


def encoder_milliseconds(words: Words) -> float:
    """Median time of encoding a question of ten words."""
    encoder = load_encoder()
    times = []
    for text in words[:120]:
        started = time.perf_counter()
        encoder.encode_query([" ".join(text[:10]) + "?"])
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[20:])


def measured(shared: Path, sizes: Sequence[int], place: Path) -> dict[str, Any]:
    """Every size, each asked in a process of its own."""
    real, words = real_vectors(shared, place / "real")
    maker = VectorMaker(real)
    figures: dict[str, Any] = {"machine": machine_facts(("faiss-cpu", "numpy")), "sizes": {}}
    figures["encoder, median ms"] = encoder_milliseconds(words)
    figures["neighbourhoods"] = neighbourhoods(real, maker)
    for size in sizes:
        root = place / str(size)
        parts = build(root, size, maker, words)
        finished = subprocess.run(
            [sys.executable, "-m", "benchmarks.scale", "--measure", str(root)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        row = {"build": parts, **json.loads(finished.stdout)}
        row["whole question, median ms"] = row["question without encoder, median ms"] + figures["encoder, median ms"]
        figures["sizes"][str(size)] = row
        sys.stderr.write(f"{size}: {json.dumps(row)}\n")
        shutil.rmtree(root)
    return figures


def neighbourhoods(real: RealVectors, maker: VectorMaker) -> dict[str, dict[str, float]]:
    """The neighbourhoods of the real passages, and of as many made ones in as many articles."""
    rng = np.random.default_rng(1)
    made = maker.passages(np.arange(70_000) // _CHUNKS_A_POST, rng)
    chosen = rng.choice(10_000, len(np.unique(real.articles)), replace=False)
    rows = np.concatenate([np.arange(one * _CHUNKS_A_POST, (one + 1) * _CHUNKS_A_POST) for one in chosen])
    return {"real": structure(real.passages), "made": structure(made[rows[: len(real.passages)]])}


def main() -> None:
    """Measure, keep the figures, and write them into docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--measure", type=Path, help="used by itself: ask one index and print what was measured")
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    if not options.render:
        with tempfile.TemporaryDirectory() as place:
            figures = measured(options.shared, [int(size) for size in options.sizes.split(",")], Path(place))
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    write_page(json.loads(options.json.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
