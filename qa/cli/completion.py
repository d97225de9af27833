"""Completion on the command line: ids, authors and publishers of the index at hand.

Read from the posts' table alone: a person waits at the prompt.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import typer

from index.settings import default_index_path

_MOST = 100
_UNSAFE = re.compile(r"([^\w@%+=:,./-])")
Kind = Literal["id", "author", "publisher"]


def completes(kind: Kind) -> Callable[[typer.Context, str], list[tuple[str, str]]]:
    """The completion of one kind of value; without an index nothing is proposed."""

    def complete(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        try:
            values = _values(kind, Path(ctx.params.get("index") or default_index_path()), incomplete)
        except Exception:  # a traceback at the prompt helps nobody
            return []
        return [(_for_shell(value), about) for value, about in values]

    return complete


def _values(kind: Kind, root: Path, prefix: str) -> list[tuple[str, str]]:
    from index.layout import LAYOUT  # noqa: PLC0415
    from index.storage.generation import current_folder  # noqa: PLC0415  # options are completed without them
    from index.storage.post_store import PostStore  # noqa: PLC0415

    store = PostStore.open(current_folder(root) / LAYOUT.store)
    try:
        if kind == "id":
            return store.ids(prefix, _MOST)
        named = [(value, f"{posts} post(s)") for value, posts in store.values(kind) if value.startswith(prefix)]
        return named[:_MOST]
    finally:
        store.close()


def _for_shell(value: str) -> str:
    """A value as it must be on the line: bash takes a proposal as it is, other shells quote it."""
    is_bash = os.environ.get("_QA_COMPLETE") == "complete_bash"
    return _UNSAFE.sub(r"\\\1", value) if is_bash else value
