"""Answers as HTML: what stands in the chat. The panel of sources beside it is in `qa.web.sources`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from index.errors import PostqaError
from index.sources.links import web_address
from index.text.list_markers import LIST_MARKER
from qa.answer import Answer
from qa.messages import texts_in
from qa.records import SegmentKind
from qa.web.safe import safe

_WORD = re.compile(r"\n|[^\S\n]+|\S+")
_ITEM = re.compile(rf"\s*{LIST_MARKER}")
_LONGEST_ECHO = 600  # characters of a question repeated in the chat


@dataclass(frozen=True)
class About:
    """What the page says about the index it asks."""

    posts: int
    generation: int
    encoder: str
    writer: str | None = None


@dataclass(frozen=True)
class Piece:
    """A word, a space or a marker of an answer: as it is written, and as it is shown."""

    text: str
    html: str


def about_html(about: About) -> str:
    """The page's head: its title, what it does, and which index it asks."""
    posts = f"{about.posts:,} post" if about.posts == 1 else f"{about.posts:,} posts"
    facts = (posts, f"index generation {about.generation}", f"encoder {about.encoder}")
    return (
        '<header class="pq-head"><h1>Ask the posts</h1>'
        f"<p>{safe(_promise(about))}</p>"
        f'<p class="pq-facts">{"".join(f"<span>{safe(fact)}</span>" for fact in facts)}</p></header>'
    )


def _promise(about: About) -> str:
    if about.writer is None:
        return "Every sentence of an answer is quoted from a post, and shown in its place."
    return f"{about.writer} writes the answers from the posts; each sentence is held against its quote."


def question_html(question: str) -> str:
    """The question as it stands in the chat; a very long one is cut."""
    text = question.strip()
    shown = text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}…"
    return f'<div class="pq-question">{safe(shown)}</div>'


def pieces(answer: Answer, turn: int) -> list[Piece]:
    """The answer's text cut into words and linked markers, to be shown one after the other.

    Args:
        answer: Whose text.
        turn: The number of the question in its conversation; part of every link's target.
    """
    cut: list[Piece] = []
    for text, kind in answer.segments:
        if kind is SegmentKind.MARKER:
            cut.append(Piece(text, _marker_html(text, turn)))
        elif kind is SegmentKind.UNSUPPORTED:
            cut += _doubtful(text, texts_in(answer.language).unsupported)
        else:
            cut += _words(text)
    return cut


def answer_html(shown: Sequence[Piece]) -> str:
    """Paragraphs and lists of the pieces shown so far; whole HTML at every length."""
    return f'<div class="pq-answer">{_paragraphs(shown)}</div>'


def live_html(text: str) -> str:
    """The beginning of an answer whose words still come, and whose markers are not yet checked."""
    return answer_html(_words(text))


def finished_html(answer: Answer, turn: int) -> str:
    """The whole answer with its confidence, or the refusal."""
    if not answer.answered:
        return refusal_html(answer)
    return (
        f'<div class="pq-answer">{_paragraphs(pieces(answer, turn))}'
        f'{_warnings(answer)}<p class="pq-sure">{confidence_words(answer)}{_writer(answer)}</p></div>'
    )


def confidence_words(answer: Answer) -> str:
    """The confidence in words and as a figure, such as "fairly sure · 83 %"."""
    return texts_in(answer.language).confidence_words(answer.confidence, answered=answer.answered)


def refusal_html(answer: Answer) -> str:
    """That the posts do not say, how likely it is that they do all the same, and the nearest posts."""
    figure = f'{safe(answer.text)}</p><p class="pq-sure">{confidence_words(answer)}'
    return f'<div class="pq-refusal"><p class="pq-verdict">{figure}</p>{_warnings(answer)}{_nearest(answer)}</div>'


def error_html(error: PostqaError) -> str:
    """What was wrong with a question, and what to do, without places and types."""
    what = f"{error.what[:1].upper()}{error.what[1:]}."
    return notice_html(f"{what} {error.remedy}".strip())


def notice_html(text: str) -> str:
    """A gentle message in the chat."""
    return f'<div class="pq-notice">{safe(text)}</div>'


def link_html(url: str | None, label: str, css: str) -> str:
    """A link that tells the other side nothing, or the label alone when the address is not for the web."""
    if web_address(url) is None:
        return f'<span class="{css}">{safe(label)}</span>'
    return (
        f'<a class="{css}" href="{safe(url or "")}" target="_blank" '
        f'rel="noopener noreferrer nofollow">{safe(label)}</a>'
    )


def card_id(turn: int, marker: str) -> str:
    """The id of a citation's card, to which its marker links."""
    return f"pq-{turn}-{marker.strip('[]')}"


def _marker_html(marker: str, turn: int) -> str:
    target = card_id(turn, marker)
    return f'<a class="pq-marker" id="{target}-said" href="#{target}">{safe(marker)}</a>'


def _doubtful(text: str, unsupported: str) -> list[Piece]:
    """A written sentence that the posts do not bear out, word by word, with the word for it behind."""
    words = [Piece(one.text, f'<span class="pq-doubtful">{one.html}</span>') for one in _words(text)]
    return [*words, Piece("", f' <span class="pq-unsupported">{safe(unsupported)}</span>')]


def _words(text: str) -> list[Piece]:
    return [Piece(word, safe(word)) for word in _WORD.findall(text)]


def _paragraphs(shown: Sequence[Piece]) -> str:
    return "".join(_line_html(line) for line in _lines(shown) if line)


def _lines(shown: Sequence[Piece]) -> Iterator[list[Piece]]:
    line: list[Piece] = []
    for piece in shown:
        if piece.text == "\n":
            yield line
            line = []
        else:
            line.append(piece)
    yield line


def _line_html(line: Sequence[Piece]) -> str:
    text = "".join(piece.text for piece in line)
    css = "pq-item" if _ITEM.match(text) else "pq-line"
    return f'<p class="{css}">{"".join(piece.html for piece in line)}</p>'


def _writer(answer: Answer) -> str:
    return f" · {safe(texts_in(answer.language).wrote.format(writer=answer.written_by))}" if answer.written_by else ""


def _warnings(answer: Answer) -> str:
    return _understood(answer) + "".join(f'<p class="pq-warning">{safe(warning)}</p>' for warning in answer.warnings)


def _nearest(answer: Answer) -> str:
    if not answer.nearest:
        return ""
    rows = "".join(
        f'<li><a class="pq-near" href="#pq-post-{_encoded(post.id)}">{safe(post.title)}</a></li>'
        for post in answer.nearest
    )
    return f'<p class="pq-meant">{texts_in(answer.language).meant}</p><ul>{rows}</ul>'


def _encoded(post_id: str) -> str:
    """An id within an address; page.js reads it back."""
    return safe(quote(post_id.encode("utf-8", "replace"), safe=""))


def _understood(answer: Answer) -> str:
    """How a question that leaned on earlier ones was read; nothing where it was read as it stands."""
    if not answer.question_as_understood or answer.question_as_understood == " ".join(answer.question.split()):
        return ""
    said = texts_in(answer.language).understood
    return f'<p class="pq-understood">{said} {safe(answer.question_as_understood)}</p>'
