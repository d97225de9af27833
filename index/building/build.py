"""Documents in, a published generation out."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

import numpy as np

from index.arrays import save_arrays
from index.building.checkpoint import Checkpoint
from index.building.chunk_step import ChunkRows, chunk_step
from index.building.encode_step import Encoded, encode_step
from index.building.job import BuildJob, Progress
from index.building.read_step import read_step
from index.building.reuse import Previous, code_fingerprint
from index.encoders import Encoder
from index.encoders.installed.loading import load_encoder
from index.files import written_under
from index.layout import FORMAT, LAYOUT
from index.records import BuildReport
from index.search.bm25 import LexicalIndex
from index.search.projection import Projection
from index.search.vectors import vector_store
from index.settings import BuildSettings, default_index_path
from index.storage.generation import current_number, make_root, new_folder, next_number, publish, remove_stale
from index.storage.locks import WRITE, building
from index.storage.manifest import Manifest, file_records
from index.storage.post_writer import PostWriter


def build(
    sources: Sequence[str | Path],
    out: str | Path | None = None,
    *,
    settings: BuildSettings | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Read, chunk, encode and publish a corpus as the next generation of an index folder.

    Args:
        sources: Files and folders.
        out: The index folder; None means the default one.
        encoder: Instead of the one the settings name.
        progress: Called during long work.

    Raises:
        CorpusError: A source is missing, or no post could be read.
        SourceError: With `settings.strict`, something had to be set aside.
        SettingsError: There is no vector store of the name in the settings.
        EncoderError: The encoder cannot be loaded, or its limit is too small to read anything.
        IndexBusy: Another build is at work in the folder.
        IndexUnwritten: The folder cannot be written, or its disk is full.
    """
    started = time.perf_counter()
    settings = settings or BuildSettings()
    vector_store(settings.vectors.store)
    root = Path(out) if out is not None else default_index_path()
    if isinstance(sources, (str, Path)):
        sources = [sources]
    if current_number(root) is None:
        _load_detector_meanwhile()
    encoder = encoder or load_encoder(settings.encoder)
    with written_under(root):
        is_new = make_root(root)
    try:
        with written_under(root), building(root):
            remove_stale(root)
            report = _next_generation(tuple(map(Path, sources)), root, settings, encoder, progress or _no_progress)
    except BaseException:
        if is_new:
            _remove_if_unused(root)
        raise
    return report.model_copy(update={"seconds": time.perf_counter() - started})


def _no_progress(step: str, done: int, total: int | None) -> None:
    """Nobody follows the build."""


def _next_generation(
    sources: tuple[Path, ...], root: Path, settings: BuildSettings, encoder: Encoder, progress: Progress
) -> BuildReport:
    """Write and publish the next generation; what an exception interrupts leaves only the checkpoint."""
    folder = new_folder(root)
    previous = Previous.open(root, encoder.identity, settings)
    try:
        with closing(PostWriter.create(folder / LAYOUT.store)) as store:
            return _run(BuildJob(sources, root, folder, settings, encoder, store, previous, progress))
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # renamed away if all went well
        if previous:
            previous.close()


def _run(job: BuildJob) -> BuildReport:
    """Every step of a build, one after the other."""
    documents = read_step(job)
    chunks = chunk_step(job)
    encoded = encode_step(job, chunks)
    write_structures(job, chunks, encoded)
    manifest = _manifest(job, chunks)
    publish(job.root, job.folder, manifest)
    Checkpoint.remove(job.root)
    return BuildReport(
        path=job.root,
        **manifest.model_dump(include={"generation", "posts", "chunks", "sentences"}),
        encoded=encoded.encoded,
        reused=manifest.chunks - encoded.encoded,
        removed=int(np.count_nonzero(~encoded.reused)),
        **documents.report(),
        encoder=job.encoder.identity.name,
        seconds=0,
    )


def write_structures(job: BuildJob, chunks: ChunkRows, encoded: Encoded) -> None:
    """Write what is searched and shown beside the posts and the tables of vectors."""
    folder, previous = job.folder, job.previous
    rows = (chunks.posts, chunks.bounds, encoded.keys)
    save_arrays(folder, dict(zip((LAYOUT.chunk_posts, LAYOUT.chunk_sentences, LAYOUT.chunk_keys), rows, strict=True)))
    (folder / LAYOUT.vector_store).mkdir()
    vector_store(job.settings.vectors.store).build(encoded.passages, folder / LAYOUT.vector_store, job.settings.vectors)
    before = (previous.projection, previous.keys) if previous else None
    Projection.compute(encoded.keys, encoded.passages, before).save(folder)
    LexicalIndex.build(chunks.terms, chunks.words, job.settings.lexical).save(folder / LAYOUT.lexical)


def _manifest(job: BuildJob, chunks: ChunkRows) -> Manifest:
    """Close the store, and describe the finished folder."""
    posts, languages = job.store.count_posts(), job.store.languages()
    job.store.close()
    return Manifest(
        format=FORMAT,
        generation=next_number(job.root),
        parent=current_number(job.root),
        posts=posts,
        chunks=chunks.count,
        sentences=int(chunks.bounds[-1]),
        languages=languages,
        encoder=job.encoder.identity,
        settings=job.settings,
        code=code_fingerprint(),
        files=file_records(job.folder),
        sources=_portable(job.sources),
    )


def _portable(sources: Sequence[Path]) -> tuple[str, ...]:
    """The sources as absolute paths; none where a name is not valid text."""
    try:
        return tuple(os.fsencode(source.absolute()).decode() for source in sources)
    except UnicodeDecodeError:
        return ()


def _load_detector_meanwhile() -> None:
    """A first build mostly has to detect languages: that model loads while the encoder does."""
    from index.sources.language import load_detector  # noqa: PLC0415

    Thread(target=load_detector, daemon=True).start()


def _remove_if_unused(root: Path) -> None:
    """A first build that fails leaves nothing behind, unless there is a checkpoint to go on from."""
    if not (root / Checkpoint.NAME).exists():
        (root / WRITE).unlink(missing_ok=True)
        with suppress(OSError):
            root.rmdir()
