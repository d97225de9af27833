"""Answers as HTML: what stands in the chat. The panel of sources beside it is in `qa.web.sources`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from index.errors import PostqaError
from index.text.blocks import BlockKind
from index.text.list_markers import LIST_MARKER
from index.text.structure import visible_blocks
from qa.answer import Answer
from qa.messages import messages_in
from qa.records import Citation, SegmentKind
from qa.web.post_html import stretch_html, wrap
from qa.web.safe import safe
from qa.web.templating import render
from qa.web.ui_strings import ENGLISH, UiStrings, ui_strings
from qa.web.wording import clipped, sentence

_TOKEN = re.compile(r"\n|[^\S\n]+|\S+")
_ITEM = re.compile(rf"\s*{LIST_MARKER}")
_LAST_CLOSING = re.compile(r"(?:</p>|</li></ul>)\Z")  # where a marker follows a quote
_LONGEST_QUESTION = 600  # characters of a question repeated in the chat


@dataclass(frozen=True)
class About:
    """What the page says about the index it asks."""

    posts: int
    generation: int
    encoder: str
    writer: str | None = None


@dataclass(frozen=True)
class Token:
    """A word, a space or a marker of an answer: its text, and its HTML."""

    text: str
    html: str


def about_html(about: About) -> Markup:
    """The page's head: its title, what it does, and which index it asks."""
    return render("head.html", about=about)


def question_html(question: str) -> str:
    """The question in the chat; a very long one is cut."""
    return f'<div class="pq-question" dir="auto">{safe(clipped(question.strip(), _LONGEST_QUESTION))}</div>'


def answer_tokens(answer: Answer, turn: int) -> list[Token]:
    """The answer's text as words and linked markers, to be shown one after the other.

    Args:
        turn: The number of the question in its conversation; part of every link's target.
    """
    tokens: list[Token] = []
    for text, kind in answer.segments:
        if kind is SegmentKind.MARKER:
            tokens.append(Token(text, _marker_link(text, turn)))
        elif kind is SegmentKind.UNSUPPORTED:
            label = safe(messages_in(answer.language).unsupported)
            tokens += (Token(word.text, f'<span class="pq-doubtful">{word.html}</span>') for word in _tokens(text))
            tokens.append(Token("", f' <span class="pq-unsupported">{label}</span>'))
        else:
            tokens += _tokens(text)
    return tokens


def answer_html(tokens: Iterable[Token]) -> str:
    """Paragraphs and list items of tokens; well-formed at every length."""
    return f'<div class="pq-answer">{_paragraphs(tokens)}</div>'


def unfinished_html(text: str) -> str:
    """The beginning of an answer whose words still come, and whose markers are not yet checked."""
    return answer_html(_tokens(text))


def finished_html(answer: Answer, turn: int, *, is_filtered: bool = False) -> str:
    """The whole reply: an answer, the nearest quotes, a refusal, or none of these, each in a form of its own.

    Args:
        is_filtered: Whether only some posts were asked: where they do not answer, all can be asked.
    """
    if answer.is_reply:
        return notice_html(answer.text)
    certainty = f'<p class="pq-confidence">{answer.certainty}{_writer(answer)}</p>'
    everywhere = "" if answer or not is_filtered else ask_all_html(turn, ui_strings(answer.language))
    if not answer.answered:
        verdict = f'<p class="pq-verdict">{safe(answer.text)}</p>'
        below = f"{certainty}{_warnings(answer)}{everywhere}{_nearest(answer)}"
        return f'<div class="pq-refusal">{verdict}{below}</div>'
    text = _paragraphs(answer_tokens(answer, turn)) if not answer.is_quoted else quotes_html(answer, turn)
    below = f"{_warnings(answer)}{certainty}{everywhere}"
    if answer:
        return f'<div class="pq-answer">{text}{below}</div>'
    return f'<div class="pq-nearest-quotes"><p class="pq-lead">{safe(answer.lead)}</p>{text}{below}</div>'


def quotes_html(answer: Answer, turn: int) -> str:
    """The quotes: of each the sentence that answers with its marker, below it, folded, what stands around it."""
    return "".join(_quote_html(citation, turn, ui_strings(answer.language)) for citation in answer.citations)


def _quote_html(citation: Citation, turn: int, say: UiStrings) -> str:
    post, focus = citation.post, citation.focus
    wrapped = [[wrap(post, focus.start, focus.end, "span", 'class="pq-focus"')]] if focus else []
    first = _shown_first(citation)
    text = stretch_html(post, *first, wrapped or [[wrap(post, *first, "span", 'class="pq-focus"')]])
    closing = _LAST_CLOSING.search(text)
    at = closing.start() if closing else len(text)
    shown = f'<div class="pq-quote">{text[:at]} {_marker_link(citation.marker, turn)}{text[at:]}</div>'
    if not focus or first == (citation.start, citation.end) or not "".join(citation.shown_around).strip():
        return shown
    whole = stretch_html(post, citation.start, citation.end, wrapped)
    return f'{shown}<details class="pq-around"><summary>{safe(say.around)}</summary>{whole}</details>'


def _shown_first(citation: Citation) -> tuple[int, int]:
    """What of a quote is shown at once: the sentence or row that answers; a list and code whole."""
    focus, visible = citation.focus, citation.post.visible
    if focus is None:
        return citation.start, citation.end
    start, end = visible.span(citation.start, citation.end)
    first, last = visible.span(focus.start, focus.end)
    kinds = {
        block.kind
        for block in visible_blocks(citation.post)
        if block.start < end and start < block.end and not (block.start < last and first < block.end)
    }
    is_whole = bool(kinds & {BlockKind.ITEM, BlockKind.CODE})
    return (citation.start, citation.end) if is_whole else (focus.start, focus.end)


def _marker_link(marker: str, turn: int) -> str:
    target = card_id(turn, marker)
    return f'<a class="pq-marker" id="{target}-marker" href="#{target}">{safe(marker)}</a>'


def ask_all_html(turn: int, say: UiStrings = ENGLISH) -> str:
    """A link that asks a filtered question of all posts."""
    return f'<p class="pq-ask-all"><a href="#pq-action-all-{turn}">{safe(say.ask_all)}</a></p>'


def error_html(error: PostqaError) -> str:
    """What was wrong with a question, and what to do, without places and types."""
    return notice_html(f"{sentence(error.what)}. {error.remedy}".strip())


def notice_html(text: str) -> str:
    """A message in the chat."""
    return f'<div class="pq-notice">{safe(text)}</div>'


def card_id(turn: int, marker: str) -> Markup:
    """The id of a citation's card, to which its marker links."""
    return Markup(f"pq-{turn}-{marker.strip('[]')}")  # noqa: S704  # markers are numbers


def _tokens(text: str) -> list[Token]:
    return [Token(word, safe(word)) for word in _TOKEN.findall(text)]


def _paragraphs(tokens: Iterable[Token]) -> str:
    lines = (list(line) for is_break, line in groupby(tokens, lambda token: token.text == "\n") if not is_break)
    return "".join(_line_html(line) for line in lines)


def _line_html(line: Sequence[Token]) -> str:
    css = "pq-item" if _ITEM.match("".join(token.text for token in line)) else "pq-line"
    return f'<p class="{css}">{"".join(token.html for token in line)}</p>'


def _writer(answer: Answer) -> str:
    return (
        f" · {safe(messages_in(answer.language).written_by.format(writer=answer.written_by))}"
        if answer.written_by
        else ""
    )


def _warnings(answer: Answer) -> str:
    """How a question that refers to earlier ones or is mistyped was understood, and the warnings."""
    understood = answer.other_words
    label = messages_in(answer.language).understood
    first = f'<p class="pq-understood">{label} {safe(understood)}</p>' if understood else ""
    return first + "".join(f'<p class="pq-warning">{safe(warning)}</p>' for warning in answer.warnings)


def _nearest(answer: Answer) -> str:
    if not answer.suggested_posts:
        return ""
    rows = "".join(
        f'<li><a class="pq-nearest-post" href="#pq-post-{_encoded(post.id)}">{safe(post.title)}</a></li>'
        for post in answer.suggested_posts
    )
    return f'<p class="pq-nearest">{messages_in(answer.language).nearest_posts}</p><ul>{rows}</ul>'


def _encoded(post_id: str) -> str:
    """An id within an address; reader.js decodes it."""
    return safe(quote(post_id.encode("utf-8", "replace"), safe=""))
