"""Documents in, a published generation out."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.chunks import chunk_post
from index.context import encodable, lexical_text
from index.encoders import Encodable, Encoder, Vectors, load_encoder
from index.errors import CorpusError, EncoderError, SourceError
from index.generation import (
    FORMAT,
    LAYOUT,
    Manifest,
    file_records,
    new_folder,
    next_number,
    parent_number,
    publish,
)
from index.lexical import LexicalIndex
from index.records import BuildReport, Chunk, SetAside
from index.settings import BuildSettings, default_index_path
from index.store import PostStore
from index.vectors import FaissVectors

Progress = Callable[[str, int, int | None], None]
"""Called with a step's name, how much is done and, where it is known, how much there is."""

_ENCODE_AT_ONCE = 256  # chunks: enough to sort by length, few enough to bound memory and move the bar


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
    """
    begun = time.perf_counter()
    settings = settings or BuildSettings()
    root = Path(out) if out is not None else default_index_path()
    tell = progress or (lambda step, done, total: None)
    if isinstance(sources, (str, Path)):
        sources = [sources]
    folder = new_folder(root)
    try:
        store = PostStore.create(folder / LAYOUT.store)
        duplicates, set_aside = _collect([Path(source) for source in sources], store, settings, tell)
        encoder = encoder or load_encoder(settings.encoder)
        chunks, sentences = _index(folder, store, encoder, settings, tell)
        posts, languages = store.count_posts(), store.languages()
        store.close()
        number = next_number(root)
        manifest = Manifest(
            format=FORMAT,
            generation=number,
            parent=parent_number(root),
            posts=posts,
            chunks=chunks,
            sentences=sentences,
            languages=languages,
            encoder=encoder.identity,
            settings=settings,
            files=file_records(folder),
        )
        publish(root, folder, manifest)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return BuildReport(
        path=root,
        generation=number,
        posts=posts,
        chunks=chunks,
        sentences=sentences,
        duplicates=duplicates,
        set_aside=tuple(set_aside),
        encoder=encoder.identity.name,
        seconds=time.perf_counter() - begun,
    )


def _collect(
    sources: Sequence[Path], store: PostStore, settings: BuildSettings, tell: Progress
) -> tuple[int, list[SetAside]]:
    """Read every post into the store; returns how many were duplicates, and what was set aside."""
    from index.sources.posts import read_posts  # noqa: PLC0415  # the readers' libraries, which asking never needs

    duplicates, set_aside = 0, []
    for done, found in enumerate(read_posts(sources, settings.sources), 1):
        if isinstance(found, SetAside):
            set_aside.append(found)
        elif not store.put(found):
            duplicates += 1
        tell("reading", done, None)
    store.merge_twins()
    if set_aside and settings.strict:
        first = set_aside[0]
        raise SourceError(
            f"{len(set_aside)} document(s) cannot be read; the first: {first.reason}",
            where=first.origin,
            remedy="Mend or remove it, or build without --strict.",
        )
    if store.count_posts() == 0:
        reasons = "; ".join(f"{one.origin}: {one.reason}" for one in set_aside[:3])
        raise CorpusError(
            "no post could be read",
            where=", ".join(str(source) for source in sources) or "an empty list of sources",
            seen=reasons or None,
            remedy="Name files or folders with Markdown, text, HTML, RSS, Atom, JSON Lines or PDF.",
        )
    return duplicates, set_aside


def _index(
    folder: Path, store: PostStore, encoder: Encoder, settings: BuildSettings, tell: Progress
) -> tuple[int, int]:
    """Cut, encode and write everything but the manifest; returns the numbers of chunks and sentences."""
    posts_of, sentences_of = _cut(store, encoder, settings, tell)
    passages, sentences = _encode(store, encoder, settings, len(posts_of), tell)
    FaissVectors.build(passages).save(folder / LAYOUT.vectors)
    FaissVectors.build(sentences).save(folder / LAYOUT.sentence_vectors)
    np.save(folder / LAYOUT.chunk_posts, np.asarray(posts_of, dtype=np.int64))
    bounds = np.concatenate([[0], np.cumsum(sentences_of)]).astype(np.int64)
    np.save(folder / LAYOUT.chunk_sentences, bounds)
    posts = dict(store.posts())
    texts = (lexical_text(posts[row], chunk) for row, chunk in store.all_chunks())
    LexicalIndex.build(texts, settings.lexical).save(folder / LAYOUT.lexical)
    return len(posts_of), int(bounds[-1])


def _cut(store: PostStore, encoder: Encoder, settings: BuildSettings, tell: Progress) -> tuple[list[int], list[int]]:
    """Cut every post into the store; returns for each chunk its post's row and its number of sentences."""
    limit = chunk_limit(encoder, settings)
    posts_of: list[int] = []
    sentences_of: list[int] = []
    total = store.count_posts()
    for done, (row, post) in enumerate(store.posts(), 1):
        chunks = chunk_post(post, encoder.token_spans, limit)
        store.put_chunks(row, chunks)
        posts_of.extend([row] * len(chunks))
        sentences_of.extend(len(chunk.sentences) for chunk in chunks)
        tell("cutting", done, total)
    return posts_of, sentences_of


def chunk_limit(encoder: Encoder, settings: BuildSettings) -> int:
    """Most tokens of a chunk's own text, so that context, prompt and special tokens fit as well.

    Raises:
        EncoderError: The encoder's limit leaves no room for text.
    """
    prompt = len(encoder.token_spans(encoder.identity.document_prompt))
    # Two special tokens, the full stop after the context, and two for words that a cut splits anew.
    room = encoder.identity.token_limit - prompt - settings.chunks.context_tokens - 5
    if room < 8:
        raise EncoderError(
            "the encoder reads too few tokens for a title and a sentence",
            where=encoder.identity.name,
            seen=encoder.identity.token_limit,
            remedy="Lower chunks.context_tokens or choose an encoder that reads more.",
        )
    return min(settings.chunks.max_tokens, room)


def _encode(
    store: PostStore, encoder: Encoder, settings: BuildSettings, total: int, tell: Progress
) -> tuple[Vectors, Vectors]:
    """Vectors of all chunks, shape (n, d), and of all sentences, shape (m, d), in row order."""
    passages: list[Vectors] = []
    sentences: list[Vectors] = []
    done = 0
    for batch in _batches(store, encoder, settings):
        vectors = encoder.encode_document(batch)
        passages.append(vectors.passages)
        sentences.append(vectors.sentences)
        done += len(batch)
        tell("encoding", done, total)
    return np.concatenate(passages), np.concatenate(sentences)


def _batches(store: PostStore, encoder: Encoder, settings: BuildSettings) -> Iterator[list[Encodable]]:
    titles = dict(_titles(store))
    batch: list[Encodable] = []
    for row, chunk in store.all_chunks():
        batch.append(_readable(titles[row], chunk, encoder, settings))
        if len(batch) == _ENCODE_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _readable(title: str, chunk: Chunk, encoder: Encoder, settings: BuildSettings) -> Encodable:
    return encodable(title, chunk, encoder.token_spans, settings.chunks.context_tokens)


def _titles(store: PostStore) -> Iterator[tuple[int, str]]:
    return ((row, post.title) for row, post in store.posts())
