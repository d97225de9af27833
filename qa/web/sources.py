"""The sources of an answer: each quote in its passage, the passages that were not quoted, and how all were found."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from index.text.blocks import BlockKind
from index.text.structure import blocks_between
from qa.answer import Answer
from qa.links import sentence_address
from qa.records import Citation, Passage, by_name
from qa.web.reading import Span
from qa.web.render import card_id
from qa.web.templating import render
from qa.web.ui_strings import ui_strings
from qa.web.wording import shortened

_CONTEXT = 300  # characters of the post shown on each side of a quote
_EXCERPT = 320  # characters shown of a passage that is not quoted


def sources_html(answer: Answer, turn: int) -> Markup:
    """A card for each citation; folded, the passages that are not quoted, and a table of the features of all."""
    say = ui_strings(answer.language)
    names = list(dict.fromkeys(name for passage in answer.passages for name in by_name(passage.features)))
    return render(
        "sources.html",
        answer=answer,
        say=say,
        cards=[_card(citation, answer.passages, turn) for citation in answer.citations],
        others=[_excerpt(passage) for passage in answer.passages if not any(map(passage.overlaps, answer.citations))],
        columns=[say.passage, say.score, *(name.replace("_", " ") for name in names)],
        rows=[_row(passage, names) for passage in answer.passages],
    )


def context(citation: Citation) -> tuple[str, str]:
    """The visible text of the post before and after a quote: cut between words, and inside the quote's section."""
    post = citation.post
    text, (first, last) = post.visible.text, post.visible.span(citation.start, citation.end)
    start, end = max(0, first - _CONTEXT), min(len(text), last + _CONTEXT)
    near = blocks_between(post, max(0, start - _CONTEXT), end + _CONTEXT)
    headings = [block for block in near if block.kind is BlockKind.HEADING]
    above = max((block.end for block in headings if start <= block.end <= first), default=None)
    below = min((block.start for block in headings if last <= block.start <= end), default=None)
    before, after = text[start:first], text[last:end]
    if above is not None:
        before = text[above:first].lstrip()
    elif start > 0:
        before = f"… {before.partition(' ')[2] or before}"
    if below is not None:
        after = text[last:below].rstrip()
    elif end < len(text):
        after = f"{after.rpartition(' ')[0] or after} …"
    return before, after


def _card(citation: Citation, passages: Sequence[Passage], turn: int) -> dict[str, object]:
    return {
        "id": card_id(turn, citation.marker),
        "citation": citation,
        "span": Span(citation.post.id, citation.start, citation.end, citation.quote),
        "headings": next((passage.headings for passage in passages if passage.overlaps(citation)), ()),
        "context": context(citation),
        "around": citation.shown_around,
        "address": sentence_address(citation.post, citation.shown),
    }


def _excerpt(passage: Passage) -> dict[str, object]:
    return {
        "passage": passage,
        "span": Span(passage.post.id, passage.start, passage.end),
        "text": shortened(_without_headings(passage), _EXCERPT),
    }


def _without_headings(passage: Passage) -> str:
    """What is visible of a passage, apart from headings: they are shown above it."""
    visible = passage.post.visible
    start, end = visible.span(passage.start, passage.end)
    parts = []
    for block in blocks_between(passage.post, start, end):
        if block.kind is BlockKind.HEADING:
            parts.append(visible.text[start : max(start, block.start)])
            start = block.end
    return "".join([*parts, visible.text[start:end]]).strip()


def _row(passage: Passage, names: Sequence[str]) -> tuple[str, list[float | None]]:
    """The passage of a row of the table, and its score and features."""
    features = by_name(passage.features)
    return " › ".join((passage.post.title, *passage.headings)), [passage.score, *map(features.get, names)]
