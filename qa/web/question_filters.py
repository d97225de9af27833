"""Which posts a question is asked of: what filters.js offers, and what it sends with each question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal
from urllib.parse import parse_qs

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from index.reader import Index

_LISTS = ("posts", "authors", "publishers")
_DATES = ("since", "until")
_NAMED: tuple[Literal["author", "publisher"], ...] = ("author", "publisher")
_MAX_CHOICES = 1_000  # a longer list is no help in a page; programs can filter by anything


def filter_routes(index: Callable[[], Index]) -> APIRouter:
    """The route that filters.js fetches when its form is opened.

    Args:
        index: Gives the one that answers now.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/page/filters")
    def choices() -> Response:
        """Posts as id and title, authors and publishers by name, the commonest first."""
        now = index()
        posts = [(post.id, post.title) for post in now.some_posts(0, _MAX_CHOICES)]
        authors, publishers = ([(name, name) for name, _ in now.names(kind)[:_MAX_CHOICES]] for kind in _NAMED)
        return JSONResponse({"posts": posts, "authors": authors, "publishers": publishers})

    return router


def filters_in(query: str) -> dict[str, object]:
    """Filters as the query of an address states them, such as "authors=Ann+Lee&since=2021"; the rest is left out."""
    stated = parse_qs(query.removeprefix("?"))
    return {name: stated[name] for name in _LISTS if name in stated} | {
        name: stated[name][0] for name in _DATES if name in stated
    }
