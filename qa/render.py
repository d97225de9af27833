"""An answer for a terminal, a notebook and a program."""

from __future__ import annotations

import html
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from index.records import Post
from qa.links import sentence_address
from qa.messages import Texts, texts_in
from qa.records import Answer, Citation, Passage
from qa.segments import Part, parts


def answer_text(answer: Answer) -> str:
    """An answer with its sources, as plain text; a sentence that a model wrote unsupported says so."""
    say = texts_in(answer.language)
    told = (f"{part.text} [{say.unsupported}]" if part.is_doubtful else part.text for part in parts(answer))
    lines = ["".join(told), ""]
    if answer.answered:
        lines += [_source_text(citation, quoted=answer.written_by is not None) for citation in answer.citations]
    elif answer.nearest:
        lines += [say.meant, *(f"  {source_line(post)}" for post in answer.nearest)]
    lines += [f"{say.note}: {warning}" for warning in answer.warnings]
    if answer.written_by is not None:
        lines.append(say.wrote.format(writer=answer.written_by))
    lines.append(f"{say.confidence} {answer.confidence:.0%}")
    return "\n".join(lines)


def _source_text(citation: Citation, *, quoted: bool) -> str:
    line = f"{citation.marker} {source_line(citation.post)}"
    return f"{line}\n    “{' '.join(citation.quote.split())}”" if quoted else line


def source_line(post: Post) -> str:
    """Title, authors, publisher, date and link of a post in one line."""
    about = (", ".join(post.authors), post.publisher, post.published, post.url)
    return " · ".join(filter(None, (post.title, *about)))


def answer_html(answer: Answer) -> str:
    """An answer with its sources, for a notebook: markers lead to their quotes; everything from a post is escaped."""
    say = texts_in(answer.language)
    notes = "".join(f"<p>{say.note}: {html.escape(warning)}</p>" for warning in answer.warnings)
    if not answer.answered:
        return f"<div><p><em>{_lines(answer.text)}</em></p>{_nearest_html(answer)}{notes}</div>"
    cell = _cell(answer)
    text = "".join(_part_html(part, cell, say) for part in parts(answer))
    below = "".join(f'<li id="{_entry(cell, one)}">{_source_html(one)}</li>' for one in answer.citations)
    written = say.wrote.format(writer=answer.written_by) if answer.written_by is not None else ""
    wrote = f"{html.escape(written)} · " if written else ""
    sure = f"<p><small>{wrote}{say.confidence} {answer.confidence:.0%}</small></p>"
    return f"<div><p>{text}</p><ol>{below}</ol>{notes}{sure}</div>"


def _part_html(part: Part, cell: str, say: Texts) -> str:
    if part.citation is not None:
        return f'<a href="#{_entry(cell, part.citation)}">{html.escape(part.text)}</a>'
    if part.is_doubtful:
        return f"<u>{_lines(part.text)}</u> <small>({say.unsupported})</small>"
    return _lines(part.text)


def _source_html(citation: Citation) -> str:
    about, quote = html.escape(source_line(citation.post)), _lines(citation.quote)
    address = sentence_address(citation.post, citation.quote)
    if address is not None:
        about = f'<a href="{html.escape(address)}" target="_blank" rel="noopener noreferrer nofollow">{about}</a>'
    return f"<mark>{quote}</mark><br>{about} <small>(characters {citation.start}–{citation.end})</small>"


def _nearest_html(answer: Answer) -> str:
    meant = "".join(f"<li>{html.escape(post.title)}</li>" for post in answer.nearest)
    return f"<p>{texts_in(answer.language).meant}</p><ul>{meant}</ul>" if meant else ""


def _lines(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")


def _cell(answer: Answer) -> str:
    """A prefix for ids: a notebook shows many answers on one page."""
    told = f"{answer.generation}\n{answer.question}\n{answer.text}"
    return f"pq-{blake2b(told.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"


def _entry(cell: str, citation: Citation) -> str:
    return f"{cell}-{citation.marker.strip('[]')}"


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
