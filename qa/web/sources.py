"""The sources of an answer: each quote in its passage, the passages that were not quoted, and how all were found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

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
_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)  # shown as the heading path above the passage


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


def _card(citation: Citation, passages: Sequence[Passage], turn: int) -> dict[str, object]:
    return {
        "id": card_id(turn, citation.marker),
        "citation": citation,
        "span": Span(citation.post.id, citation.start, citation.end, citation.quote),
        "headings": next((passage.headings for passage in passages if passage.overlaps(citation)), ()),
        "context": context(citation),
        "address": sentence_address(citation.post, citation.shown),
    }


def _excerpt(passage: Passage) -> dict[str, object]:
    text = shortened(_HEADING.sub("", passage.shown).strip(), _EXCERPT)
    return {"passage": passage, "span": Span(passage.post.id, passage.start, passage.end), "text": text}


def _row(passage: Passage, names: Sequence[str]) -> tuple[str, list[float | None]]:
    """The passage of a row of the table, and its score and features."""
    features = by_name(passage.features)
    return " › ".join((passage.post.title, *passage.headings)), [passage.score, *map(features.get, names)]
