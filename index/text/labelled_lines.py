"""Lines that begin with a label: a key and its value, a question and its answer, a speaker and what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_TIME = r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?(?:\s*[-–—])?"
_NAME = r"[*_]{0,2}[^\W_][^\n:：?!|]{0,38}"
_LABEL = re.compile(
    rf"""[ \t]*(?:
        {_TIME}[ \t]+ (?:{_NAME}[:：])?                # [00:00:12] HOST:
      | {_NAME}(?:：|::?[*_]{{0,2}}(?=[ \t]))[*_]{{0,2}}  # Entry:   **Entry:**   **Entry**:
      | [^\W_][^\n:：?!|.]{{0,38}}\.{{4,}}(?=[ \t])       # Stew ........ 9 crowns
      | [QAFRP]\d*[.)](?=[ \t])                        # Q.
    )[ \t]*(?=\S)""",
    re.X,
)
_MOST_WORDS = 4


def label_end(line: str) -> int:
    """Where the text behind a line's label begins; 0 where it has no label.

    >>> [label_end(line) for line in ("Entry: 4 crowns", "[00:12] HOST: Welcome.", "It is late: go home.")]
    [7, 15, 0]
    """
    match = _LABEL.match(line)
    if match is None or len(match[0].split()) > _MOST_WORDS:
        return 0
    return match.end()


def are_labelled(lines: Sequence[str]) -> bool:
    """Whether lines are a run of labelled ones, some of which may go on in lines without a label.

    Labels in lower case may be wrapped prose: then every line must have one.
    """
    labelled = [line for line in lines if label_end(line)]
    if len(labelled) < 2 or not label_end(lines[0]):
        return False
    return len(labelled) == len(lines) or not any(line.lstrip(" \t*_")[:1].islower() for line in labelled)


def labelled_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Split `text[start:end]` before every labelled line: start, end of the label, and end of each part.

    Without two labelled lines there is one part, whose label is only looked for where it ends in no colon.
    """
    lines = text[start:end].split("\n")
    begin, at, behind = start, start, start + label_end(lines[0])
    for number, line in enumerate(lines):
        if number and are_labelled(lines) and (length := label_end(line)):
            yield begin, behind, at
            begin, behind = at, at + length
        at += len(line) + 1
    yield begin, behind, end
