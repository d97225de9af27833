"""The sources of an answer: each quote in its passage, with the post it comes from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.records import Post
from qa.answer import Answer
from qa.links import sentence_address
from qa.records import Citation, Passage
from qa.web.explain import found_html
from qa.web.reading import Place, read_link
from qa.web.render import card_id, link_html
from qa.web.safe import safe
from qa.web.ui_strings import ENGLISH, Lines, lines_in

_AROUND = 300  # characters of the post shown on each side of a quote
_EXCERPT = 320  # characters shown of a passage that is not quoted
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)  # shown as the heading path above the passage


def sources_html(answer: Answer, turn: int) -> str:
    """A card for each citation; folded, the passages that were found but not quoted, and how all were found."""
    say = lines_in(answer.language)
    cards = "".join(card_html(citation, answer.passages, turn, say) for citation in answer.citations)
    lead = cards or f'<p class="pq-none">{safe(say.no_post)}</p>'
    return f"{lead}{_others(answer, say)}{found_html(answer)}"


def card_html(citation: Citation, passages: Sequence[Passage], turn: int, say: Lines = ENGLISH) -> str:
    """One source: its marker, the post, the heading path, and the quote marked in its surroundings."""
    post, identity = citation.post, card_id(turn, citation.marker)
    return (
        f'<article class="pq-card" id="{identity}" tabindex="-1">'
        f'<header><a class="pq-number" href="#{identity}-said" title="{safe(say.back)}">{safe(citation.marker)}</a>'
        f"<div><h3>{_reading_link(citation, 'pq-title', post.title)}</h3>{byline_html(post)}</div></header>"
        f"{_path(_headings(citation, passages))}{_quoted(citation, identity)}{_doors(citation, say)}</article>"
    )


def surroundings(citation: Citation) -> tuple[str, str]:
    """What stands in the post before and after a quote: cut between words, and inside the quote's section."""
    body = citation.post.body
    start, end = max(0, citation.start - _AROUND), min(len(body), citation.end + _AROUND)
    before, after = body[start : citation.start], body[citation.end : end]
    if above := list(_HEADING.finditer(before)):
        before = before[above[-1].end() :].lstrip()
    elif start > 0:
        before = f"… {_without_first_word(before)}"
    if below := _HEADING.search(after):
        after = after[: below.start()].rstrip()
    elif end < len(body):
        after = f"{_without_last_word(after)} …"
    return before, after


def day(published: str) -> str:
    """A date as people write it, such as "7 November 2024"; what is no date, as it stands."""
    try:
        when = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{when.day} {when:%B %Y}"


def _quoted(citation: Citation, identity: str) -> str:
    before, after = surroundings(citation)
    mark = f'<mark id="{identity}-quote">{safe(citation.quote)}</mark>'
    return f'<blockquote class="pq-passage">{safe(before)}{mark}{safe(after)}</blockquote>'


def _doors(citation: Citation, say: Lines) -> str:
    inside = _reading_link(citation, "pq-read", say.read)
    at = sentence_address(citation.post, citation.quote)
    outside = "" if at is None else link_html(at, say.open_there, "pq-door")
    return f'<p class="pq-doors">{inside}{outside}</p>'


def _reading_link(citation: Citation, css: str, label: str) -> str:
    place = Place(citation.post.id, citation.start, citation.end, citation.quote)
    return read_link(place, label, css)


def byline_html(post: Post) -> str:
    """Publisher, day and authors of a post, as far as it states them."""
    parts = [post.publisher, day(post.published) if post.published else None, ", ".join(post.authors)]
    shown = "".join(f"<span>{safe(part)}</span>" for part in parts if part)
    return f'<p class="pq-byline">{shown}</p>' if shown else ""


def _path(headings: Sequence[str]) -> str:
    if not headings:
        return ""
    return f'<p class="pq-path">{" › ".join(safe(heading) for heading in headings)}</p>'


def _headings(citation: Citation, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The heading path of the passage a quote was found in."""
    return next((passage.headings for passage in passages if passage.overlaps(citation)), ())


def _others(answer: Answer, say: Lines) -> str:
    rows = [_other(passage) for passage in answer.passages if not any(map(passage.overlaps, answer.citations))]
    if not rows:
        return ""
    label = safe(say.others if answer.answered else say.found)
    return f'<details class="pq-others"><summary>{label} ({len(rows)})</summary>{"".join(rows)}</details>'


def _other(passage: Passage) -> str:
    text = _HEADING.sub("", passage.text).strip()
    text = text if len(text) <= _EXCERPT else f"{_without_last_word(text[:_EXCERPT])} …"
    return (
        f'<div class="pq-other"><h4>{_other_link(passage)}</h4>'
        f'{_path(passage.headings)}<p class="pq-excerpt">{safe(text)}</p></div>'
    )


def _other_link(passage: Passage) -> str:
    return read_link(Place(passage.post.id, passage.start, passage.end), passage.post.title, "pq-title")


def _without_first_word(text: str) -> str:
    _, space, rest = text.partition(" ")
    return rest if space else text


def _without_last_word(text: str) -> str:
    rest, space, _ = text.rpartition(" ")
    return rest if space else text
