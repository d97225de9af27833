"""The sources of an answer: each quote in its passage, the passages that were not quoted, and how all were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from index.records import Post
from index.text.blocks import BlockKind
from index.text.structure import blocks_between
from qa.answer import Answer
from qa.links import sentence_address
from qa.records import Citation, Passage, by_name
from qa.web.post_html import Wrap, stretch_html, wrap
from qa.web.reading import Span
from qa.web.render import card_id
from qa.web.templating import render
from qa.web.ui_strings import ui_strings

_CONTEXT = 300  # characters of the post shown on each side of a quote
_EXCERPT = 320  # characters shown of a passage that is not quoted


@dataclass(frozen=True)
class Stretch:
    """A stretch of a post's visible text, and whether a part of its section stands before or behind it."""

    post: Post
    start: int
    end: int
    begins_earlier: bool = False
    goes_on: bool = False

    def html(self, *layers: Sequence[Wrap]) -> Markup:
        """Its blocks as a quotation, with elements around parts of it, the outermost layer first."""
        classes = ["pq-passage", *["pq-cut-before"] * self.begins_earlier, *["pq-cut-behind"] * self.goes_on]
        blocks = ""
        if self.start < self.end:
            blocks = stretch_html(self.post, *self.post.visible.source(self.start, self.end), layers)
        return Markup(f'<blockquote class="{" ".join(classes)}">{blocks}</blockquote>')  # noqa: S704  # inert


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


def context(citation: Citation) -> Stretch:
    """A quote with what is visible before and after it: cut between words, and inside the quote's section."""
    post = citation.post
    text, (first, last) = post.visible.text, post.visible.span(citation.start, citation.end)
    start, end = max(0, first - _CONTEXT), min(len(text), last + _CONTEXT)
    near = blocks_between(post, max(0, start - _CONTEXT), end + _CONTEXT)
    headings = [block for block in near if block.kind is BlockKind.HEADING]
    above = max((block.end for block in headings if start <= block.end <= first), default=None)
    below = min((block.start for block in headings if last <= block.start <= end), default=None)
    is_cut = start > 0 and above is None, end < len(text) and below is None
    start, end = start if above is None else above, end if below is None else below
    if is_cut[0]:
        start = min(text.find(" ", start, first) + 1 or start, first)
    if is_cut[1]:
        end = max(text.rfind(" ", last, end), last)
    return Stretch(post, start, end, *is_cut)


def _card(citation: Citation, passages: Sequence[Passage], turn: int) -> dict[str, object]:
    post, sentence = citation.post, citation.focus or citation
    quoted = wrap(post, citation.start, citation.end, "mark")
    answering = wrap(post, sentence.start, sentence.end, "span", 'class="pq-focus"')
    return {
        "id": card_id(turn, citation.marker),
        "citation": citation,
        "span": Span.of(citation),
        "headings": next((passage.headings for passage in passages if passage.overlaps(citation)), ()),
        "passage": context(citation).html([quoted], [answering]),
        "address": sentence_address(post, citation.shown),
    }


def _excerpt(passage: Passage) -> dict[str, object]:
    return {
        "passage": passage,
        "span": Span(passage.post.id, passage.start, passage.end),
        "html": _beginning(passage).html(),
    }


def _beginning(passage: Passage) -> Stretch:
    """What is visible first of a passage, below its headings: they are shown above it."""
    post, visible = passage.post, passage.post.visible
    start, end = visible.span(passage.start, passage.end)
    for block in blocks_between(post, start, end):
        if block.kind is not BlockKind.HEADING or block.end >= end:
            break
        start = block.end
    is_cut = end - start > _EXCERPT
    if is_cut:
        end = max(visible.text.rfind(" ", start + 1, start + _EXCERPT), start + 1)
    return Stretch(post, start, end, goes_on=is_cut)


def _row(passage: Passage, names: Sequence[str]) -> tuple[str, list[float | None]]:
    """The passage of a row of the table, and its score and features."""
    features = by_name(passage.features)
    return " › ".join((passage.post.title, *passage.headings)), [passage.score, *map(features.get, names)]
