"""Posts about much the same as another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import index
from index.encoders.protocol import Vectors
from index.reader import Index
from index.search.faiss_store import FlatSearch
from index.search.structures import Structures
from index.settings import LexicalSettings, VectorSettings
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder, lexical_index, write_posts

BARE = {"id": "bare", "title": "Silence", "text": "```\n```"}
SUBJECTS = ("ferry pier captain", "honey bees heather", "lighthouse lamp keeper")


def _posts() -> list[dict[str, object]]:
    """Twelve posts on three subjects; the same subject's share its words, and each has a word of its own."""
    return [
        {"id": f"{at}", "title": f"Post {at}", "text": f"{SUBJECTS[at % 3]} {SUBJECTS[at % 3]} own{at}. " * 6}
        for at in range(12)
    ]


def _opened(tmp_path: Path, vectors: VectorSettings) -> Index:
    source = write_posts(tmp_path / "posts.jsonl", [*_posts(), BARE])
    settings = SMALL_CHUNKS.model_copy(update={"vectors": vectors})
    index.build([source], tmp_path / "index", settings=settings, encoder=WordHashEncoder())
    return Index.open(tmp_path / "index")


def _structures(vectors: Vectors, posts: list[int]) -> Structures:
    """Chunks of a sentence each."""
    lexical, bounds = lexical_index([""] * len(vectors), LexicalSettings()), np.arange(len(vectors) + 1)
    nearest = FlatSearch(vectors)
    return Structures(vectors, vectors, nearest, nearest, lexical, np.array(posts), bounds)


@pytest.mark.parametrize("exact_up_to", [VectorSettings().exact_up_to, 1], ids=["exact", "large"])
def test_the_nearest_posts_are_of_the_same_subject(tmp_path: Path, exact_up_to: int) -> None:
    opened = _opened(tmp_path, VectorSettings(exact_up_to=exact_up_to))
    found = opened.similar_posts("4", 3)
    assert {int(post.id) % 3 for post, _ in found} == {1}
    assert "4" not in [post.id for post, _ in found]
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1.001 for score in scores)
    opened.close()


def test_every_other_post_once_and_no_more_than_there_are(tmp_path: Path) -> None:
    opened = _opened(tmp_path, VectorSettings())
    ids = [post.id for post, _ in opened.similar_posts("0", 50)]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {str(at) for at in range(1, 12)} | {"bare"}
    assert len(ids) >= 11
    opened.close()


def test_an_unknown_post_and_one_without_passages_have_none(tmp_path: Path) -> None:
    opened = _opened(tmp_path, VectorSettings())
    assert opened.similar_posts("nobody", 3) == []
    opened.close()
    assert _structures(np.eye(3, dtype=np.float32), [1, 1, 3]).similar_posts(2, 3) == []


def test_a_post_alone_has_none() -> None:
    assert _structures(np.eye(2, dtype=np.float32), [1, 1]).similar_posts(1, 3) == []


def test_the_score_is_the_cosine_of_the_mean_with_the_nearest_passage() -> None:
    rows: Vectors = np.array([[1, 0], [0, 1], [0.6, 0.8], [1, 0]], dtype=np.float32)
    ((row, score),) = _structures(rows, [1, 1, 2, 2]).similar_posts(1, 5)
    assert row == 2
    assert score == pytest.approx(1.4 / np.sqrt(2), abs=1e-6)
