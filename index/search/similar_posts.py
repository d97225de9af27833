"""Posts that are about much the same, by the vectors of their chunks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.search.vector_index import VectorIndex

_LOOKED_AT = 40  # nearest chunks for each post wanted: long posts take many of them

Rows = npt.NDArray[np.int64]


def similar_posts(post_row: int, vectors: VectorIndex, chunk_posts: Rows, k: int) -> list[tuple[int, float]]:
    """Rows of at most k other posts and their scores, best first.

    The score is the cosine between the mean of the post's chunks and the other post's nearest chunk.

    Args:
        chunk_posts: Each chunk's post, in ascending order, shape (chunks,).
    """
    start, end = np.searchsorted(chunk_posts, [post_row, post_row + 1])
    if start == end:
        return []
    mean = np.asarray(vectors.matrix()[start:end], dtype=np.float32).mean(axis=0)
    others = np.ones(len(chunk_posts), dtype=np.bool_)
    others[start:end] = False
    rows, scores = vectors.search(mean / (np.linalg.norm(mean) or 1.0), _LOOKED_AT * k, others)
    best: dict[int, float] = {}
    for row, score in zip(rows, scores, strict=True):
        best.setdefault(int(chunk_posts[row]), float(score))
    return list(best.items())[:k]
