"""Gold sets that a server offers to evaluate with: those of a folder, or the packaged one where its posts are."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from index.errors import GoldError
from index.reader import Index
from qa.evaluation.gold import GoldSet, read_gold
from qa.evaluation.gold_beir import QUERIES

PACKAGED = "sample questions"
_SUFFIXES = (".jsonl", ".json")
_MOST_POSTS = 1_000  # a larger corpus is not searched for the posts of the packaged questions


@dataclass(frozen=True)
class GoldCatalog:
    """Gold sets by name; a name that is not offered is never opened.

    Attributes:
        path: A file or folder; None offers the packaged questions, where the index holds the posts they are about.
    """

    path: Path | None

    def names(self, index: Index) -> list[str]:
        """The gold sets offered now."""
        return list(self._offered(index))

    def read(self, name: str, index: Index) -> GoldSet:
        """A gold set that is offered.

        Raises:
            GoldError: It is not offered, or cannot be read.
        """
        path = self._offered(index).get(name)
        if path is None:
            raise GoldError("there is no such gold set", seen=name, remedy="Choose one from the list.")
        return read_gold(path)

    def _offered(self, index: Index) -> dict[str, Path]:
        if self.path is None:
            packaged = Path(str(resources.files("index") / "samples" / "gold.jsonl"))
            return {PACKAGED: packaged} if _is_about(packaged, index) else {}
        if self.path.is_dir() and not (self.path / QUERIES).is_file():
            return {path.name: path for path in sorted(self.path.iterdir()) if _is_gold(path)}
        return {self.path.name: self.path} if self.path.exists() else {}


def _is_about(gold: Path, index: Index) -> bool:
    if index.manifest.posts > _MOST_POSTS:
        return False
    titles = {post.title for post in index.some_posts(0, _MOST_POSTS)}
    return all(titles.issuperset(question.posts) for question in read_gold(gold).questions)


def _is_gold(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return path.suffix in _SUFFIXES if path.is_file() else (path / QUERIES).is_file()
