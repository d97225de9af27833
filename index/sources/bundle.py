"""The text bundle: several posts in one text file, one after the other, as a feed reader saves them.

Nothing in such a file is markup. What tells posts apart is scaffolding that the feed left behind: a
"Read More" link after a post, a line "The post … appeared first on …", a title that stands twice, a
byline under a title. None of it belongs to a post, so all but the byline is left out of the bodies;
everything else is kept to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.sources.bylines import authors_of, is_byline
from index.sources.draft_post import Draft

_READ_MORE = re.compile(r"(?:^|(?<=[.!?…:;)\]\"”’»]))[ \t]*(?:Continue reading|Read more)[ \t]*[.…»→>]*[ \t]*$", re.I)
_FOOTER = re.compile(
    r"(?:^|(?<=[.!?…)\]\"”’])[ \t]*)The post (?P<title>.{1,400}?) (?:first appeared|appeared first) on "
    r"(?P<publisher>.{1,200}?)\.?[ \t]*$"
)
_LONGEST_TITLE = 200
_SHORTEST_REPEAT = 12


@dataclass(frozen=True)
class _Line:
    number: int
    text: str

    @property
    def key(self) -> str:
        return " ".join(self.text.split()).casefold()


@dataclass(frozen=True)
class _Segment:
    """The lines of one post, title first, footer already taken out."""

    lines: tuple[_Line, ...]
    publisher: str | None


def looks_like_bundle(text: str) -> bool:
    """Whether a text carries the scaffolding of a feed: a footer, a "Read More", a doubled first title."""
    lines = _lines(text)
    if any(_FOOTER.search(line.text) for line in lines):
        return True
    if any(line.text.strip() and _READ_MORE.fullmatch(line.text) for line in lines):
        return True
    first = _next_filled(lines, 0)
    return first is not None and _is_doubled(lines, first) and _could_be_title(lines[first].text)


def split(text: str) -> list[Draft]:
    """Split a bundle into one draft a post; a text without scaffolding comes out as one draft.

    Bodies are the text between the scaffolding, to the letter; `place` is "#L" and the title's line,
    counted from 1.
    """
    drafts = (_draft(segment) for segment in _segments(_lines(text)))
    return [draft for draft in drafts if draft is not None]


def _lines(text: str) -> list[_Line]:
    return [_Line(number, line) for number, line in enumerate(text.split("\n"), 1)]


def _segments(lines: list[_Line]) -> Iterator[_Segment]:
    """Cut at each place where one post ends or another visibly begins."""
    current: list[_Line] = []
    publisher: str | None = None
    ended = False  # a footer or a "Read More" has been seen; the next title begins a new post
    for position, line in enumerate(lines):
        if line.text.strip() and _begins_post(lines, position, current, ended=ended):
            yield _Segment(tuple(current), publisher)
            current, publisher, ended = [], None, False
        kept, stated, ends = _without_scaffolding(line, lines, position)
        publisher = stated or publisher
        ended = ends or (ended and not kept.text.strip())
        current.append(kept)
    yield _Segment(tuple(current), publisher)


def _begins_post(lines: list[_Line], position: int, current: list[_Line], *, ended: bool) -> bool:
    filled = [line for line in current if line.text.strip()]
    if not filled or _READ_MORE.fullmatch(lines[position].text) or not _could_be_title(lines[position].text):
        return False
    if ended:
        return True
    if position and lines[position - 1].text.strip():
        return False
    repeats_own_title = len(filled) == 1 and filled[0].key == lines[position].key
    if repeats_own_title:
        return False
    return _is_doubled(lines, position) or (len(filled) > 1 and _has_byline_below(lines, position))


def _without_scaffolding(line: _Line, lines: list[_Line], position: int) -> tuple[_Line, str | None, bool]:
    """The line less its scaffolding, the publisher it states, and whether it ends a post."""
    text, publisher, ends = line.text, None, False
    if (more := _READ_MORE.search(text)) and _ends_here(lines, position):
        text, ends = text[: more.start()], True
    if footer := _FOOTER.search(text):
        text, publisher, ends = text[: footer.start()], footer["publisher"].strip(), True
    return _Line(line.number, text), publisher, ends


def _ends_here(lines: list[_Line], position: int) -> bool:
    """Whether what follows a "Read More" is a new title or the end, and not the same post going on."""
    following = _next_filled(lines, position + 1)
    return following is None or _could_be_title(lines[following].text)


def _could_be_title(text: str) -> bool:
    stripped = text.strip()
    return 0 < len(stripped) <= _LONGEST_TITLE and not stripped.endswith((",", ";", ":")) and not is_byline(stripped)


def _is_doubled(lines: list[_Line], position: int) -> bool:
    """Whether the same line stands again as the next filled one, as a heading under a feed's title does."""
    following = _next_filled(lines, position + 1)
    line = lines[position]
    return (
        following is not None
        and following > position
        and lines[following].key == line.key
        and len(line.key) >= _SHORTEST_REPEAT
        and not line.text.startswith((" ", "\t"))
        and not line.text.rstrip().endswith(".")
    )


def _has_byline_below(lines: list[_Line], position: int) -> bool:
    following = _next_filled(lines, position + 1)
    return following is not None and is_byline(lines[following].text) and not lines[position].text.endswith(".")


def _next_filled(lines: list[_Line], start: int) -> int | None:
    return next((at for at in range(start, len(lines)) if lines[at].text.strip()), None)


def _draft(segment: _Segment) -> Draft | None:
    lines = list(segment.lines)
    first = _next_filled(lines, 0)
    if first is None:
        return None
    title = lines[first]
    body_from = first + 1
    again = _next_filled(lines, body_from)
    if again is not None and lines[again].key == title.key:
        body_from = again + 1
    body = "\n".join(line.text for line in lines[body_from:]).strip("\n").rstrip()
    return Draft(
        title=" ".join(title.text.split()),
        body=body,
        authors=authors_of(body),
        publisher=segment.publisher,
        place=f"#L{title.number}",
    )
