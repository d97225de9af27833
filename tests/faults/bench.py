"""An index folder in which things go wrong, and what must be true of it afterwards."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from index.reader import Index
from tests.faults.builders import Builders, Ended, Order
from tests.stand_ins import POSTS, build_small

ALL = os.environ.get("QA_FAULTS") == "all"
"""Whether everything is tried, as `make faults` does; else a part of it."""


@dataclass
class Bench:
    """An index folder of a first edition, and builders of the second."""

    root: Path
    source: Path
    builders: Builders

    def build(self, *, step: str = "", after: bool = False, seconds: float = -1, room: int = -1) -> Ended:
        """Have the second edition built, with what is to happen to it."""
        return self.builders.build(Order(str(self.root), str(self.source), step, after, seconds, room))

    def edition(self) -> tuple[int, bool]:
        """The generation that is read and whether it is the second edition; every post must be of the same."""
        opened = Index.open(self.root)
        bodies = {post.id: post.body for post in opened.posts()}
        chunks = [post.body[chunk.start : chunk.end] for post, chunk in opened.chunks(range(opened.manifest.chunks))]
        rows = len(opened.structures.vectors)
        opened.close()
        assert list(bodies) == [post["id"] for post in POSTS]
        assert len(chunks) == rows > 0
        second = {"A second edition." in body for body in bodies.values()}
        assert len(second) == 1, "posts of both editions"
        return opened.manifest.generation, second.pop()

    def must_go_on(self) -> None:
        """Both editions can be built again, with nothing cleaned by hand, and nothing is left lying about."""
        assert self.build().code == 0
        assert self.edition()[1]
        build_small(self.root)
        assert not self.edition()[1]
        assert not list(self.root.glob("tmp-*"))
