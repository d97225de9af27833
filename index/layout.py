"""The layout of an index folder on disk: one frozen value that names every file."""

from __future__ import annotations

from dataclasses import dataclass

FORMAT = 11
"""Version of the layout and of what the files hold; an index of another version must be built again."""


@dataclass(frozen=True)
class Layout:
    """Names inside an index folder and inside one of its generations."""

    current: str = "CURRENT"
    generation: str = "gen-{number:06d}"
    manifest: str = "manifest.json"
    store: str = "posts.sqlite"
    vectors: str = "passages.npy"
    sentence_vectors: str = "sentences.npy"
    vector_store: str = "vectors"
    chunk_posts: str = "chunk-posts.npy"
    chunk_sentences: str = "chunk-sentences.npy"
    chunk_keys: str = "chunk-keys.npy"
    map_points: str = "map-points.npy"
    map_anchors: str = "map-anchors.npy"
    map_anchor_points: str = "map-anchor-points.npy"
    map_anchors_kept: str = "map-anchors-kept.npy"
    lexical: str = "lexical"
    words: str = "words"


LAYOUT = Layout()
