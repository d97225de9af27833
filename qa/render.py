"""An answer for a terminal, a notebook and a program."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from index.records import Post
from qa.records import Answer, Citation, Passage
from qa.texts import texts_in


def answer_text(answer: Answer) -> str:
    """An answer with its sources, as plain text."""
    say = texts_in(answer.language)
    lines = [answer.text, ""]
    if answer.answered:
        lines += [f"{citation.marker} {source_line(citation.post)}" for citation in answer.citations]
    elif answer.nearest:
        lines += [say.meant, *(f"  {source_line(post)}" for post in answer.nearest)]
    lines += [f"{say.note}: {warning}" for warning in answer.warnings]
    lines.append(f"{say.confidence} {answer.confidence:.0%}")
    return "\n".join(lines)


def source_line(post: Post) -> str:
    """Title, authors, publisher, date and link of a post in one line."""
    about = (", ".join(post.authors), post.publisher, post.published, post.url)
    return " · ".join(filter(None, (post.title, *about)))


def answer_html(answer: Answer) -> str:
    """An answer with its sources, for a notebook; everything from a post is escaped."""
    say = texts_in(answer.language)
    text = html.escape(answer.text).replace("\n", "<br>")
    notes = "".join(f"<p>{say.note}: {html.escape(warning)}</p>" for warning in answer.warnings)
    if answer.answered:
        below = "".join(f"<li>{_source_html(citation)}</li>" for citation in answer.citations)
        sure = f"<p><small>{say.confidence} {answer.confidence:.0%}</small></p>"
        return f"<div><p>{text}</p><ol>{below}</ol>{notes}{sure}</div>"
    meant = "".join(f"<li>{html.escape(post.title)}</li>" for post in answer.nearest)
    nearest = f"<p>{say.meant}</p><ul>{meant}</ul>" if meant else ""
    return f"<div><p><em>{text}</em></p>{nearest}{notes}</div>"


def _source_html(citation: Citation) -> str:
    title = html.escape(source_line(citation.post))
    return f"{title} <small>(characters {citation.start}–{citation.end})</small>"


def explained(passages: Sequence[Passage]) -> str:
    """Passages with their signals, one below the other."""
    blocks = []
    for rank, passage in enumerate(passages, 1):
        signals = "  ".join(f"{name} {value:.2f}" for name, value in passage.signals.items())
        where = " > ".join((passage.post.title, *passage.headings))
        blocks.append(
            f"{rank}. {where}\n   {passage.post.id} {passage.start}:{passage.end}\n"
            f"   score {passage.score:.2f}  {signals}\n   {_one_line(passage.text)}"
        )
    return "\n".join(blocks)


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """An answer as plain values; posts without their bodies."""
    return {
        **answer.model_dump(mode="json", exclude={"citations", "passages", "nearest"}),
        "citations": [
            citation.model_dump(mode="json", exclude={"post"}) | {"post": post_to_json(citation.post)}
            for citation in answer.citations
        ],
        "passages": [passage_to_json(passage) for passage in answer.passages],
        "nearest": [post_to_json(post) for post in answer.nearest],
    }


def passage_to_json(passage: Passage) -> dict[str, Any]:
    """A passage as plain values; its post without the body."""
    return {
        **passage.model_dump(mode="json", exclude={"post", "also_in"}),
        "post": post_to_json(passage.post),
        "also_in": [post_to_json(post) for post in passage.also_in],
    }


def post_to_json(post: Post) -> dict[str, Any]:
    """A post as plain values, without its body."""
    return post.model_dump(mode="json", exclude={"body"})


def _one_line(text: str, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[:limit]}…"
