"""Documents in, a published generation out."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import numpy as np

from index.arrays import save_array
from index.building.checkpoint import Journal
from index.building.chunk_step import NEW, Cut, cut
from index.building.encode_step import encode
from index.building.read_step import Documents, read_documents
from index.building.reuse import Previous, code_fingerprint
from index.building.vector_table import VectorTable
from index.encoders import Encoder
from index.encoders.installed.loading import load_encoder
from index.files import written_under
from index.layout import FORMAT, LAYOUT
from index.records import BuildReport
from index.search.bm25 import LexicalIndex
from index.search.chunk_terms import ChunkTerms, TermCollector
from index.search.probes import probes
from index.search.projection import draw
from index.search.vector_files import open_passages
from index.settings import BuildSettings, default_index_path
from index.storage.generation import (
    Manifest,
    file_records,
    make_root,
    new_folder,
    next_number,
    parent_number,
    publish,
    remove_stale,
)
from index.storage.locks import WRITE, building
from index.storage.post_store import PostStore
from index.text.context import lexical_text
from index.text.tokenize import terms

Progress = Callable[[str, int, int | None], None]
"""Called with a step's name, how much is done and, where it is known, how much there is."""


def build(
    sources: Sequence[str | Path],
    out: str | Path | None = None,
    *,
    settings: BuildSettings | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read, cut, encode and publish a corpus as the next generation of an index folder.

    Args:
        sources: Files and folders.
        out: The index folder; None means the default one.
        encoder: Instead of the one the settings name.
        progress: Told about long work.

    Raises:
        CorpusError: A source is missing, or no post could be read.
        SourceError: With `settings.strict`, something had to be set aside.
        EncoderError: The encoder cannot be loaded, or its limit is too small to read anything.
        IndexBusy: Another build is at work in the folder.
        IndexUnwritten: The folder cannot be written, or its disk is full.
    """
    begun = time.perf_counter()
    settings = settings or BuildSettings()
    root = Path(out) if out is not None else default_index_path()
    tell = progress or (lambda step, done, total: None)
    if isinstance(sources, (str, Path)):
        sources = [sources]
    if parent_number(root) is None:
        _load_detector_meanwhile()
    encoder = encoder or load_encoder(settings.encoder)
    with written_under(root):
        is_new = make_root(root)
    try:
        with written_under(root), building(root):
            remove_stale(root)
            made = _generation([Path(source) for source in sources], root, settings, encoder, tell)
    except BaseException:
        if is_new:
            _remove_if_unused(root)
        raise
    return BuildReport(
        path=root,
        generation=made.manifest.generation,
        posts=made.manifest.posts,
        chunks=made.manifest.chunks,
        sentences=made.manifest.sentences,
        encoded=made.counts.encoded,
        reused=made.manifest.chunks - made.counts.encoded,
        removed=made.counts.removed,
        **made.documents.report(),
        encoder=encoder.identity.name,
        seconds=time.perf_counter() - begun,
    )


@dataclass(frozen=True)
class _Made:
    """A published generation, and what came up on the way."""

    manifest: Manifest
    counts: _Counts
    documents: Documents


def _generation(
    sources: Sequence[Path], root: Path, settings: BuildSettings, encoder: Encoder, tell: Progress
) -> _Made:
    """Write and publish the next generation; what an exception interrupts leaves only the journal."""
    folder = new_folder(root)
    previous = Previous.open(root, encoder.identity, settings)
    try:
        store = PostStore.create(folder / LAYOUT.store)
        documents = read_documents(sources, store, settings, previous, tell)
        counts = _index(root, folder, store, encoder, settings, previous, tell)
        posts, languages = store.count_posts(), store.languages()
        store.close()
        manifest = Manifest(
            format=FORMAT,
            generation=next_number(root),
            parent=parent_number(root),
            posts=posts,
            chunks=counts.chunks,
            sentences=counts.sentences,
            languages=languages,
            encoder=encoder.identity,
            settings=settings,
            code=code_fingerprint(),
            probes=probes(open_passages(folder, settings.vectors)),
            files=file_records(folder),
            sources=_written_down(sources),
        )
        publish(root, folder, manifest)
        Journal.remove(root)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # renamed away if all went well
        if previous:
            previous.close()
    return _Made(manifest, counts, documents)


def _written_down(sources: Sequence[Path]) -> tuple[str, ...]:
    """The sources so that they can be found from anywhere; nothing where a name is no text."""
    try:
        return tuple(os.fsencode(source.absolute()).decode() for source in sources)
    except UnicodeDecodeError:
        return ()


def _load_detector_meanwhile() -> None:
    """A first build mostly has to detect languages: that model loads while the encoder does."""
    from index.sources.language import load_detector  # noqa: PLC0415

    Thread(target=load_detector, daemon=True).start()


def _remove_if_unused(root: Path) -> None:
    """A first build that fails leaves nothing behind, unless there is a journal to go on from."""
    if not (root / Journal.NAME).exists():
        (root / WRITE).unlink(missing_ok=True)
        with suppress(OSError):
            root.rmdir()


@dataclass(frozen=True)
class _Counts:
    """What went into a generation."""

    chunks: int
    sentences: int
    encoded: int
    removed: int


def _index(
    root: Path,
    folder: Path,
    store: PostStore,
    encoder: Encoder,
    settings: BuildSettings,
    previous: Previous | None,
    tell: Progress,
) -> _Counts:
    """Cut, encode and write everything but the manifest."""
    chunks = cut(store, encoder, settings, previous, tell)
    table = VectorTable(folder, chunks.bounds, encoder.identity.dimension)
    journal = Journal.open(root)
    try:
        encoded = encode(store, chunks, table, encoder, settings, previous, journal, tell)
    finally:
        journal.close()
    table.finish(folder, settings.vectors)
    save_array(folder / LAYOUT.chunk_posts, chunks.posts)
    save_array(folder / LAYOUT.chunk_sentences, chunks.bounds)
    save_array(folder / LAYOUT.chunk_keys, encoded.keys)
    draw(folder, encoded.keys, open_passages(folder, settings.vectors), previous.map if previous else None)
    LexicalIndex.over(_terms(store, chunks, settings, previous), settings.lexical).save(folder / LAYOUT.lexical)
    removed = int(np.count_nonzero(~encoded.used))
    return _Counts(chunks.chunks, int(chunks.bounds[-1]), encoded.encoded, removed)


def _terms(store: PostStore, chunks: Cut, settings: BuildSettings, previous: Previous | None) -> ChunkTerms:
    """The terms of every chunk, those of known ones as they were where the post's language is the same."""
    names = list(previous.terms.vocabulary) if previous else []
    of_post = store.languages_by_row()
    languages = [of_post[post] for post in chunks.posts.tolist()]
    known = [
        previous is not None and source != NEW and previous.terms.language_of(source) == language
        for source, language in zip(chunks.sources.tolist(), languages, strict=True)
    ]
    fresh = store.some_chunks(row for row, is_known in enumerate(known) if not is_known)
    collector = TermCollector()
    for row, language in enumerate(languages):
        if previous and known[row]:
            collector.add((names[at] for at in previous.terms.of(int(chunks.sources[row])).tolist()), language)
        else:
            collector.add(terms(lexical_text(*next(fresh)), language), language)
    return collector.finished()
