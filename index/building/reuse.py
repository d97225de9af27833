"""What the next build need not do again: languages, chunks, terms and vectors of the generation before."""

from __future__ import annotations

import hashlib
import json
from functools import cache, cached_property
from pathlib import Path
from typing import Self

import numpy as np

from index.arrays import Rows, map_array
from index.encoders.protocol import Encodable, EncoderIdentity
from index.errors import PostqaError
from index.layout import LAYOUT
from index.search.anchors import Keys
from index.search.chunk_terms import ChunkTerms
from index.search.projection import Projection
from index.search.vectors import Table, map_table
from index.settings import BuildSettings
from index.storage.generation import current_pointer
from index.storage.manifest import Manifest, read_manifest, verify
from index.storage.post_store import PostStore
from index.text.stemming import version as stemmers

KEY_BYTES = 16
DECIDING = Path(__file__).parents[1] / "text"
"""The folder that decides chunks and terms: when its code or its word lists change, nothing is reused."""


class Previous:
    """The generation before, if it was made in the same way: rows of it stand for work already done."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.store = PostStore.open(folder / LAYOUT.store)
        self.chunks = manifest.chunks
        self.keys: Keys = map_array(folder / LAYOUT.chunk_keys)
        self.sentence_bounds: Rows = map_array(folder / LAYOUT.chunk_sentences)
        self._chunk_posts: Rows = map_array(folder / LAYOUT.chunk_posts)
        self._passages, self._sentences = (
            map_table(folder / LAYOUT.vectors),
            map_table(folder / LAYOUT.sentence_vectors),
        )
        self.projection = Projection.open(folder, self._passages)
        self.terms = PreviousTerms(folder / LAYOUT.lexical)
        self.words = PreviousTerms(folder / LAYOUT.lexical / LAYOUT.words)
        prefixes = np.ascontiguousarray(self.keys[:, :8]).view(">u8").ravel()
        self._order = np.argsort(prefixes, kind="stable")
        self._sorted = prefixes[self._order]

    @classmethod
    def open(cls, root: Path, identity: EncoderIdentity, settings: BuildSettings) -> Self | None:
        """The current generation of a folder; None where it is missing, damaged or made in another way."""
        try:
            pointer = current_pointer(root)
            manifest = read_manifest(pointer.folder(root), pointer.manifest)
            if not _same_way(manifest, identity, settings):
                return None
            verify(pointer.folder(root), manifest)
        except PostqaError:
            return None
        return cls(pointer.folder(root), manifest)

    def chunks_of(self, digest: str, language: str) -> range | None:
        """The rows of the chunks of the post with a digest and a language; None if there was none."""
        post = self.store.row_of(digest, language)
        return None if post is None else range(*np.searchsorted(self._chunk_posts, [post, post + 1]).tolist())

    def row_of(self, key: bytes) -> int | None:
        """The row of a chunk with a key."""
        prefix = np.frombuffer(key[:8], dtype=">u8")[0]
        first, after = (int(np.searchsorted(self._sorted, prefix, side)) for side in ("left", "right"))
        rows: list[int] = self._order[first:after].tolist()
        return next((row for row in rows if self.keys[row].tobytes() == key), None)

    def vectors(self, row: int, count: int) -> tuple[Table, Table]:
        """The vectors of `count` chunks from a row on, shape (count, d), and their sentences', shape (m, d)."""
        first, after = self.sentence_bounds[[row, row + count]]
        return self._passages[row : row + count], self._sentences[first:after]

    def close(self) -> None:
        """Close the store."""
        self.store.close()


class PreviousTerms:
    """Terms or words of the generation before."""

    def __init__(self, folder: Path) -> None:
        self._chunks = ChunkTerms.load(folder)

    def of_row(self, row: int) -> list[str]:
        """Those of a chunk, in their order."""
        return [self._vocabulary[number] for number in self._chunks.of(row).tolist()]

    @cached_property
    def _vocabulary(self) -> list[str]:
        return list(self._chunks.vocabulary)


def key_of(passage: Encodable, identity: EncoderIdentity) -> bytes:
    """What a chunk's vectors depend on, in 16 bytes: the encoder, all that it reads, and the sentences' places."""
    content = json.dumps([identity.model_dump(), passage.context, passage.text, passage.sentences], ensure_ascii=True)
    return hashlib.sha256(content.encode()).digest()[:KEY_BYTES]


@cache
def code_fingerprint() -> str:
    """SHA-256 over the code and word lists that decide chunks, contexts and terms, and the stemmers' version."""
    digest = hashlib.sha256(stemmers().encode())
    for path in sorted(path for path in DECIDING.iterdir() if path.suffix in {".py", ".txt"}):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _same_way(manifest: Manifest, identity: EncoderIdentity, settings: BuildSettings) -> bool:
    then = manifest.settings
    return (
        manifest.encoder == identity
        and manifest.code == code_fingerprint()
        and (then.chunks, then.lexical) == (settings.chunks, settings.lexical)
    )
