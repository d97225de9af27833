"""Which posts are the same text, which of them is kept, and how different texts under one id are told apart."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from index.records import Post

_TITLE_DECIDES = 200  # characters; of two shorter texts that are the same ("Bug fixes.") the title is a part
_PLACE = re.compile(r"#(?:L|[a-z]+-)?\d+$")


def twin_key(post: Post) -> str:
    """The same for two posts whose readers see the same, however it is marked up, encoded and broken into lines."""
    shown = unicodedata.normalize("NFC", post.visible.text)
    return hashlib.sha256(" ".join(shown.split()).encode()).hexdigest()


def version_key(post: Post) -> str:
    """The same for a post and a later version of it: the id, the title and the file are."""
    return hashlib.sha256(f"{post.id}\0{post.title}\0{_file(post.origin)}".encode()).hexdigest()


def twin_groups(posts: Sequence[Post]) -> list[list[Post]]:
    """Posts with the same body in groups of twins; short ones under different titles of their own are none."""
    if len(posts[0].body) >= _TITLE_DECIDES:
        return [list(posts)]
    groups: dict[str, list[Post]] = {}
    for post in sorted(posts, key=_has_own_title, reverse=True):
        key = " ".join(post.title.casefold().split())
        if not _has_own_title(post) and groups:
            key = next(iter(groups))
        groups.setdefault(key, []).append(post)
    return list(groups.values())


def richness(post: Post) -> int:
    """How much is known of a post beside its body."""
    facts = (post.authors, post.published, post.publisher, post.url, _has_own_title(post))
    return sum(map(bool, facts))


def beside(post: Post, twins: Sequence[Post]) -> Post:
    """A post that remembers the origins and ids of others with its body."""
    origins = dict.fromkeys((*post.also_at, *(origin for twin in twins for origin in (twin.origin, *twin.also_at))))
    origins.pop(post.origin, None)
    ids = dict.fromkeys((*post.also_ids, *(other for twin in twins for other in (twin.id, *twin.also_ids))))
    ids.pop(post.id, None)
    return post.model_copy(update={"also_at": tuple(origins), "also_ids": tuple(ids)})


def distinct_ids(posts: Sequence[Post], sources: Sequence[str]) -> Iterator[tuple[Post, list[str]]]:
    """Each post that cannot keep an id that several have, with the ids it may have instead, best first.

    The order of reading does not matter: the first by name keeps the id, the others get their file's name beside it,
    and where one file has several of them the place in it, too.
    """
    names = {post.origin: _name(post.origin, sources) for post in posts}
    first, *others = sorted(posts, key=lambda post: (*_natural(names[post.origin]), post.origin))
    seen = {_file(names[first.origin])}
    for post in others:
        name = names[post.origin]
        short = [_file(name)] if _file(name) not in seen else []
        seen.add(_file(name))
        yield post, [f"{post.id} ({where})" for where in (*short, name, post.origin)]


def _name(origin: str, sources: Sequence[str]) -> str:
    """An origin relative to the source it was found in; the shortest of those that fit."""
    for source in sorted(sources, key=len):
        folder = source.rstrip("/") + "/"
        if origin.startswith(folder):
            return origin.removeprefix(folder)
    return origin.rsplit("/", 1)[-1]


def _file(name: str) -> str:
    return _PLACE.sub("", name)


def _natural(origin: str) -> tuple[str, int]:
    """An order in which line 2 comes before line 10."""
    place = _PLACE.search(origin)
    return _file(origin), int(re.sub(r"\D", "", place[0])) if place else 0


def _has_own_title(post: Post) -> bool:
    """Whether a title says more than the file's name or the first words of the text."""
    title = re.findall(r"\w+", post.title.casefold())
    path = re.findall(r"[^\W_]+", _file(post.origin).rpartition(".")[0].casefold())
    return path[-len(title) :] != title and re.findall(r"\w+", post.body[:400].casefold())[: len(title)] != title
