"""The sources of an answer: each quote in its passage, with the post it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.records import Post
from qa.answer import Answer
from qa.links import sentence_address
from qa.records import Citation, Passage
from qa.web.explain import explanation_html
from qa.web.reading import Span, read_link
from qa.web.render import card_id, link_html
from qa.web.safe import safe
from qa.web.ui_strings import ENGLISH, UiStrings, ui_strings
from qa.web.wording import shortened

_CONTEXT = 300  # characters of the post shown on each side of a quote
_EXCERPT = 320  # characters shown of a passage that is not quoted
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)  # shown as the heading path above the passage


def sources_html(answer: Answer, turn: int) -> str:
    """A card for each citation; folded, the passages that were found but not quoted, and how all were found."""
    say = ui_strings(answer.language)
    cards = "".join(card_html(citation, answer.passages, turn, say) for citation in answer.citations)
    lead = cards or f'<p class="pq-none">{safe(say.no_post)}</p>'
    return f"{lead}{_other_passages(answer, say)}{explanation_html(answer)}"


def card_html(citation: Citation, passages: Sequence[Passage], turn: int, say: UiStrings = ENGLISH) -> str:
    """One source: its marker, the post, the heading path, and the quote marked in its context."""
    post, card = citation.post, card_id(turn, citation.marker)
    span = Span(post.id, citation.start, citation.end, citation.quote)
    headings = next((passage.headings for passage in passages if passage.overlaps(citation)), ())
    before, after = map(safe, context(citation))
    address = sentence_address(post, citation.shown)
    live_post = "" if address is None else link_html(address, say.open_there, "pq-external-link")
    return (
        f'<article class="pq-card" id="{card}" tabindex="-1">'
        f'<header><a class="pq-number" href="#{card}-marker" title="{safe(say.back)}">{safe(citation.marker)}</a>'
        f"<div><h3>{read_link(span, post.title, 'pq-title')}</h3>{byline_html(post)}</div></header>{_path(headings)}"
        f'<blockquote class="pq-passage">{before}<mark id="{card}-quote">{safe(citation.shown)}</mark>{after}'
        f'</blockquote><p class="pq-links">{read_link(span, say.read, "pq-read")}{live_post}</p></article>'
    )


def context(citation: Citation) -> tuple[str, str]:
    """The text of the post before and after a quote: cut between words, and inside the quote's section."""
    body = citation.post.body
    start, end = max(0, citation.start - _CONTEXT), min(len(body), citation.end + _CONTEXT)
    before, after = body[start : citation.start], body[citation.end : end]
    if above := list(_HEADING.finditer(before)):
        before = before[above[-1].end() :].lstrip()
    elif start > 0:
        before = f"… {before.partition(' ')[2] or before}"
    if below := _HEADING.search(after):
        after = after[: below.start()].rstrip()
    elif end < len(body):
        after = f"{after.rpartition(' ')[0] or after} …"
    return before, after


def byline_html(post: Post) -> str:
    """Publisher, day and authors of a post, as far as it states them."""
    parts = [post.publisher, day(post.published) if post.published else None, ", ".join(post.authors)]
    spans = "".join(f"<span>{safe(part)}</span>" for part in parts if part)
    return f'<p class="pq-byline">{spans}</p>' if spans else ""


def day(published: str) -> str:
    """A date as people write it, such as "7 November 2024"; what is not a date, unchanged."""
    try:
        when = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{when.day} {when:%B %Y}"


def _path(headings: Sequence[str]) -> str:
    return f'<p class="pq-path">{" › ".join(map(safe, headings))}</p>' if headings else ""


def _other_passages(answer: Answer, say: UiStrings) -> str:
    rows = [_passage_html(passage) for passage in answer.passages if not any(map(passage.overlaps, answer.citations))]
    if not rows:
        return ""
    label = safe(say.other_passages if answer.answered else say.passages_found)
    return f'<details class="pq-others"><summary>{label} ({len(rows)})</summary>{"".join(rows)}</details>'


def _passage_html(passage: Passage) -> str:
    text = shortened(_HEADING.sub("", passage.shown).strip(), _EXCERPT)
    link = read_link(Span(passage.post.id, passage.start, passage.end), passage.post.title, "pq-title")
    return f'<div class="pq-other"><h4>{link}</h4>{_path(passage.headings)}<p class="pq-excerpt">{safe(text)}</p></div>'
