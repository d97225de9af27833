"""Passages explained for a terminal, and records as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.records import Post
from qa.answer import Answer
from qa.records import Citation, Passage, SearchResult, by_name

_POSTS_WITHOUT: dict[str, Any] = {"__all__": {"body"}}
_PASSAGE_WITHOUT: dict[str, Any] = {"post": {"body"}, "also_in": _POSTS_WITHOUT}
_ANSWER_WITHOUT: dict[str, Any] = {
    "segments": True,
    "citations": {"__all__": {"post": {"body"}}},
    "passages": {"__all__": _PASSAGE_WITHOUT},
    "nearest": _POSTS_WITHOUT,
}


def explained(passages: Sequence[Passage]) -> str:
    """Passages with their features, one below the other."""
    blocks = []
    for rank, passage in enumerate(passages, 1):
        features = "  ".join(f"{name} {value:.2f}" for name, value in by_name(passage.features).items())
        where = " > ".join((passage.post.title, *passage.headings))
        blocks.append(
            f"{rank}. {where}\n   {passage.post.id} {passage.start}:{passage.end}\n"
            f"   score {passage.score:.2f}  {features}\n   {_one_line(passage.shown)}"
        )
    return "\n".join(blocks)


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """An answer as plain values; posts without their bodies."""
    return {"text": answer.text, **answer.model_dump(mode="json", exclude=_ANSWER_WITHOUT)}


def suggestion_to_json(citation: Citation | None) -> dict[str, Any]:
    """The sentence of a quote as its post's reader sees it, and the quote, its post without its body; or nulls."""
    if citation is None:
        return {"sentence": None, "citation": None}
    return {"sentence": citation.shown_focus, "citation": citation.model_dump(mode="json", exclude={"post": {"body"}})}


def search_to_json(result: SearchResult) -> dict[str, Any]:
    """Passages and warnings as plain values; posts without their bodies."""
    return result.model_dump(mode="json", exclude={"passages": {"__all__": _PASSAGE_WITHOUT}})


def post_to_json(post: Post) -> dict[str, Any]:
    """A post as plain values, without its body."""
    return post.model_dump(mode="json", exclude={"body"})


def _one_line(text: str, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
