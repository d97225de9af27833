"""The text bundle: several posts in one text file, one after the other, as a feed reader saves them.

Nothing in such a file is markup. What separates posts is scaffolding that the feed left behind: a "Read More"
link after a post, a line "The post … appeared first on …", a title given twice, a byline under a title. None
of it belongs to a post, so all but the byline is left out of the bodies; everything else is kept verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.sources.bylines import authors_of, is_byline
from index.sources.draft_post import DraftPost

_READ_MORE = re.compile(r"(?:^|(?<=[.!?…:;)\]\"”’»]))[ \t]*(?:Continue reading|Read more)[ \t]*[.…»→>]*[ \t]*$", re.I)
_FOOTER = re.compile(
    r"(?:^|(?<=[.!?…)\]\"”’])[ \t]*)The post (?P<title>.{1,400}?) (?:first appeared|appeared first) on "
    r"(?P<publisher>.{1,200}?)\.?[ \t]*$"
)
_LONGEST_TITLE = 200
_SHORTEST_REPEAT = 12


@dataclass(frozen=True)
class _Segment:
    """The lines of one post, title first, scaffolding already taken out; `first` counts from 1."""

    first: int
    lines: tuple[str, ...]
    publisher: str | None


def looks_like_bundle(text: str) -> bool:
    """Whether a text carries the scaffolding of a feed: a footer, a "Read More", a doubled first title."""
    lines = text.split("\n")
    if any(_FOOTER.search(line) or (line.strip() and _READ_MORE.fullmatch(line)) for line in lines):
        return True
    first = _next_filled(lines, 0)
    return first is not None and _is_doubled(lines, first) and _could_be_title(lines[first])


def split(text: str) -> list[DraftPost]:
    """Split a bundle into one draft for each post; a text without scaffolding comes out as one draft.

    Bodies are the text between the scaffolding, verbatim; `place` is "#L" and the title's line,
    counted from 1.
    """
    segments = _segments(text.split("\n"))
    return [_draft(segment) for segment in segments if any(map(str.strip, segment.lines))]


def _segments(lines: list[str]) -> Iterator[_Segment]:
    """Split at each place where one post ends or another visibly begins."""
    first, current = 1, list[str]()
    publisher: str | None = None
    ended = False  # a footer or a "Read More" has been seen; the next title begins a new post
    for position, line in enumerate(lines):
        if line.strip() and _begins_post(lines, position, current, ended=ended):
            yield _Segment(first, tuple(current), publisher)
            first, current, publisher, ended = position + 1, [], None, False
        kept, stated, ends = _without_scaffolding(lines, position)
        publisher = stated or publisher
        ended = ends or (ended and not kept.strip())
        current.append(kept)
    yield _Segment(first, tuple(current), publisher)


def _begins_post(lines: list[str], position: int, current: list[str], *, ended: bool) -> bool:
    filled = [line for line in current if line.strip()]
    if not filled or _READ_MORE.fullmatch(lines[position]) or not _could_be_title(lines[position]):
        return False
    if ended:
        return True
    repeats_own_title = len(filled) == 1 and _key(filled[0]) == _key(lines[position])
    if repeats_own_title or (position and lines[position - 1].strip()):
        return False
    return _is_doubled(lines, position) or (len(filled) > 1 and _has_byline_below(lines, position))


def _without_scaffolding(lines: list[str], position: int) -> tuple[str, str | None, bool]:
    """A line without its scaffolding, the publisher it states, and whether it ends a post."""
    text, publisher, ends = lines[position], None, False
    if (more := _READ_MORE.search(text)) and _ends_here(lines, position):
        text, ends = text[: more.start()], True
    if footer := _FOOTER.search(text):
        text, publisher, ends = text[: footer.start()], footer["publisher"].strip(), True
    return text, publisher, ends


def _ends_here(lines: list[str], position: int) -> bool:
    """Whether what follows a "Read More" is a new title or the end, and not the same post going on."""
    following = _next_filled(lines, position + 1)
    return following is None or _could_be_title(lines[following])


def _could_be_title(text: str) -> bool:
    stripped = text.strip()
    return 0 < len(stripped) <= _LONGEST_TITLE and not stripped.endswith((",", ";", ":")) and not is_byline(stripped)


def _is_doubled(lines: list[str], position: int) -> bool:
    """Whether the next filled line is the same again, as a heading under a feed's title is."""
    following = _next_filled(lines, position + 1)
    line = lines[position]
    return (
        following is not None
        and _key(lines[following]) == _key(line)
        and len(_key(line)) >= _SHORTEST_REPEAT
        and not line.startswith((" ", "\t"))
        and not line.rstrip().endswith(".")
    )


def _has_byline_below(lines: list[str], position: int) -> bool:
    following = _next_filled(lines, position + 1)
    return following is not None and is_byline(lines[following]) and not lines[position].endswith(".")


def _next_filled(lines: list[str], start: int) -> int | None:
    return next((at for at in range(start, len(lines)) if lines[at].strip()), None)


def _key(line: str) -> str:
    return " ".join(line.split()).casefold()


def _draft(segment: _Segment) -> DraftPost:
    lines = list(segment.lines)
    title = next(at for at, line in enumerate(lines) if line.strip())
    again = _next_filled(lines, title + 1)
    is_repeated = again is not None and _key(lines[again]) == _key(lines[title])
    body_from = again + 1 if again is not None and is_repeated else title + 1
    body = "\n".join(lines[body_from:]).strip("\n").rstrip()
    return DraftPost(
        title=" ".join(lines[title].split()),
        body=body,
        authors=authors_of(body),
        publisher=segment.publisher,
        place=f"#L{segment.first + title}",
    )
