"""What the next build need not do again: languages, cuts, terms and vectors of the generation before."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.arrays import map_array
from index.encoders.protocol import Encodable, EncoderIdentity, Vectors
from index.errors import PostqaError
from index.layout import LAYOUT
from index.search.chunk_terms import ChunkTerms
from index.search.projection import Atlas
from index.search.vector_files import open_passages, open_sentences
from index.settings import BuildSettings
from index.storage.generation import Manifest, current_folder, pointer, read_manifest, verify
from index.storage.post_store import PostStore
from index.text.stemming import version as stemmers

KEY_BYTES = 16
Keys = npt.NDArray[np.uint8]
DECIDING = Path(__file__).parents[1] / "text"
"""The folder that decides chunks and terms: when its code or its word lists change, nothing is reused."""


class Previous:
    """The generation before, if it was made in the same way: rows of it stand for work already done."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.store = PostStore.open(folder / LAYOUT.store)
        self.terms = ChunkTerms.load(folder / LAYOUT.lexical)
        self.keys: Keys = map_array(folder / LAYOUT.chunk_keys)
        self.sentence_bounds: npt.NDArray[np.int64] = map_array(folder / LAYOUT.chunk_sentences)
        # The matrices are views: the indexes that own their memory are kept as long.
        self._owners = (open_passages(folder, manifest.settings.vectors), open_sentences(folder))
        self.passages, self.sentences = (owner.matrix() for owner in self._owners)
        self.map = Atlas.open(folder, self._owners[0]), self.keys
        self.chunks = manifest.chunks
        self._chunk_posts = map_array(folder / LAYOUT.chunk_posts)
        prefixes = np.ascontiguousarray(self.keys[:, :8]).view(">u8").ravel()
        self._order = np.argsort(prefixes, kind="stable")
        self._sorted = prefixes[self._order]

    @classmethod
    def open(cls, root: Path, identity: EncoderIdentity, settings: BuildSettings) -> Self | None:
        """The current generation of a folder; None where it is missing, damaged or made in another way."""
        try:
            folder = current_folder(root)
            manifest = read_manifest(folder, pointer(root))
            if not _same_way(manifest, identity, settings):
                return None
            verify(folder, manifest)
        except PostqaError:
            return None
        return cls(folder, manifest)

    def chunks_of(self, digest: str) -> range | None:
        """The rows of the chunks of the post with a digest; None if there was none."""
        row = self.store.row_of(digest)
        if row is None:
            return None
        first, last = np.searchsorted(self._chunk_posts, [row, row + 1])
        return range(int(first), int(last))

    def row_of(self, key: bytes) -> int | None:
        """The row of a chunk with a key."""
        prefix = np.frombuffer(key[:8], dtype=">u8")[0]
        at = int(np.searchsorted(self._sorted, prefix))
        while at < len(self._sorted) and self._sorted[at] == prefix:
            if self.keys[self._order[at]].tobytes() == key:
                return int(self._order[at])
            at += 1
        return None

    def vectors(self, row: int) -> tuple[Vectors, Vectors]:
        """A chunk's vector, shape (d,), and its sentences', shape (m, d)."""
        first, last = self.sentence_bounds[row : row + 2]
        return self.passages[row], self.sentences[first:last]

    def close(self) -> None:
        """Let go of the store's file."""
        self.store.close()


def key_of(passage: Encodable, identity: EncoderIdentity) -> bytes:
    """What a chunk's vectors depend on, in 16 bytes: the encoder, all that it reads, and the sentences' places."""
    told = json.dumps([identity.model_dump(), passage.context, passage.text, passage.sentences], ensure_ascii=True)
    return hashlib.sha256(told.encode()).digest()[:KEY_BYTES]


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
