"""Gold sets that a server offers to evaluate with: those of a folder, or the packaged one where its posts are."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from index.errors import GoldError
from index.reader import Index
from qa.evaluation.gold import GoldSet, read_gold

PACKAGED = "sample questions"
_SUFFIXES = (".jsonl", ".json")
_MOST_POSTS = 1_000  # of a larger corpus the packaged questions are not looked for


class GoldCatalog:
    """Gold sets by name; a name that is not offered is never opened.

    Args:
        place: A file or folder; None offers the packaged questions, where the index holds the posts they are about.
    """

    def __init__(self, place: Path | None) -> None:
        self._place = place

    def names(self, index: Index) -> list[str]:
        """What is offered now."""
        return list(self._offered(index))

    def read(self, name: str, index: Index) -> GoldSet:
        """One of those.

        Raises:
            GoldError: It is not offered, or cannot be read.
        """
        path = self._offered(index).get(name)
        if path is None:
            raise GoldError("there is no such gold set", seen=name, remedy="Choose one from the list.")
        return read_gold(path)

    def _offered(self, index: Index) -> dict[str, Path]:
        place = self._place
        if place is None:
            return {PACKAGED: _packaged()} if _is_about(_packaged(), index) else {}
        if place.is_dir() and not (place / "queries.jsonl").is_file():
            return {path.name: path for path in sorted(place.iterdir()) if _is_gold(path)}
        return {place.name: place} if place.exists() else {}


def _packaged() -> Path:
    return Path(str(resources.files("index") / "samples" / "gold.jsonl"))


def _is_about(gold: Path, index: Index) -> bool:
    if index.manifest.posts > _MOST_POSTS:
        return False
    titles = {post.title for post in index.some_posts(0, _MOST_POSTS)}
    return all(titles.issuperset(question.posts) for question in read_gold(gold).questions)


def _is_gold(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return path.suffix in _SUFFIXES if path.is_file() else (path / "queries.jsonl").is_file()
