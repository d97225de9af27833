"""Answers as HTML: what stands in the chat. The panel of sources beside it is in `qa.web.sources`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from index.errors import PostqaError
from index.text.list_markers import LIST_MARKER
from qa.answer import Answer
from qa.messages import messages_in
from qa.records import SegmentKind
from qa.web.safe import safe
from qa.web.templating import render
from qa.web.wording import clipped, sentence

_TOKEN = re.compile(r"\n|[^\S\n]+|\S+")
_ITEM = re.compile(rf"\s*{LIST_MARKER}")
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
    return f'<div class="pq-question">{safe(clipped(question.strip(), _LONGEST_QUESTION))}</div>'


def answer_tokens(answer: Answer, turn: int) -> list[Token]:
    """The answer's text as words and linked markers, to be shown one after the other.

    Args:
        turn: The number of the question in its conversation; part of every link's target.
    """
    tokens: list[Token] = []
    for text, kind in answer.segments:
        if kind is SegmentKind.MARKER:
            target = card_id(turn, text)
            link = f'<a class="pq-marker" id="{target}-marker" href="#{target}">{safe(text)}</a>'
            tokens.append(Token(text, link))
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


def finished_html(answer: Answer, turn: int) -> str:
    """The whole answer with its confidence; or the refusal, its confidence, and the nearest posts."""
    confidence = f'<p class="pq-confidence">{confidence_words(answer)}'
    if answer.answered:
        text = _paragraphs(answer_tokens(answer, turn))
        return f'<div class="pq-answer">{text}{_warnings(answer)}{confidence}{_writer(answer)}</p></div>'
    verdict = f'<p class="pq-verdict">{safe(answer.text)}</p>'
    return f'<div class="pq-refusal">{verdict}{confidence}</p>{_warnings(answer)}{_nearest(answer)}</div>'


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


def confidence_words(answer: Answer) -> str:
    """The confidence in words and as a figure, such as "fairly sure · 83 %"."""
    return messages_in(answer.language).confidence_words(answer.confidence, answered=answer.answered)


def _writer(answer: Answer) -> str:
    return (
        f" · {safe(messages_in(answer.language).written_by.format(writer=answer.written_by))}"
        if answer.written_by
        else ""
    )


def _warnings(answer: Answer) -> str:
    """How a question that refers to earlier ones was understood, and the warnings."""
    understood = answer.question_as_understood
    is_changed = understood and understood != " ".join(answer.question.split())
    label = messages_in(answer.language).understood
    first = f'<p class="pq-understood">{label} {safe(understood)}</p>' if is_changed else ""
    return first + "".join(f'<p class="pq-warning">{safe(warning)}</p>' for warning in answer.warnings)


def _nearest(answer: Answer) -> str:
    if not answer.nearest:
        return ""
    rows = "".join(
        f'<li><a class="pq-nearest-post" href="#pq-post-{_encoded(post.id)}">{safe(post.title)}</a></li>'
        for post in answer.nearest
    )
    return f'<p class="pq-nearest">{messages_in(answer.language).nearest_posts}</p><ul>{rows}</ul>'


def _encoded(post_id: str) -> str:
    """An id within an address; reader.js decodes it."""
    return safe(quote(post_id.encode("utf-8", "replace"), safe=""))
