"""An index folder of a first edition, and builders of the second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.bench import Bench
from tests.faults.builders import Builders, builders
from tests.stand_ins import POSTS, write_posts


@pytest.fixture(scope="session")
def forge() -> Iterator[Builders]:
    """One process of builders for all tests."""
    with builders() as opened:
        yield opened


@pytest.fixture
def bench(small_index: Path, forge: Builders) -> Bench:
    """Generation 1 is of the first edition."""
    posts = [{**post, "text": f"{post['text']} A second edition."} for post in POSTS]
    return Bench(small_index, write_posts(small_index.with_name("second.jsonl"), posts), forge)
