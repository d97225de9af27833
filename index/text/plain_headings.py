"""Headings in text without markup: short lines that stand above longer text, where a post has several of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from index.text.labelled_lines import label_end
from index.text.list_markers import ITEM_MARKER
from index.text.scripts import IDEOGRAPHIC, LETTERED

SENTENCE_END = re.compile(r"[.!?…。！？:;][\"'”’»)\]*_]*$")
_STATES = re.compile(r"[.!…。！।۔][\"'”’»)\]]*$")
_DENSE = re.compile(f"[{IDEOGRAPHIC}{LETTERED}]")
_DENSITY = 3  # letters of an alphabet that a Chinese or Thai character is worth
_RULE = re.compile(r"^\s*([-*_])(?:\s*\1){2,}\s*$")
_BYLINE = re.compile(r"^(?:posted|written|authored|published)?\s*by\b", re.I)
_CAPTION = re.compile(
    r"^(?:figure|fig|table|photo|image|picture|source|credit|abb|abbildung|foto|figura|tabla|図|图|รูป)\b", re.I
)
_MARKED = re.compile(rf"^\s*(?:#{{1,6}}\s|```|~~~|>|\||{ITEM_MARKER})")
_SECTION = re.compile(
    r"^(?:about the authors?|acknowledge?ments?|references|further reading|abstract|"
    r"introduction|conclusions?|summary)$",
    re.I,
)
_MOST_WORDS = 14
_LONGEST = 110
_LEAST_BELOW = 90  # length of the text that stands below a heading, at least
_MOST_BELOW = 8  # paragraphs looked at
_AT_LEAST = 2  # headings of the same form in a post


def plain_headings(lines: Sequence[str]) -> frozenset[int]:
    """The places of the lines that are headings although no markup says so.

    Either they stand between blank lines, or right above their text. In both cases the line is short and does not end
    as a sentence does, and at least two of its form have much longer text below them; where that is so, others of the
    form need only one whole sentence below. The usual names of sections need no company.
    """
    runs = _runs(lines)
    strong: dict[bool, list[int]] = {True: [], False: []}  # by whether the line stands alone
    weak: list[int] = []
    for number, (start, stop) in enumerate(runs):
        if not _is_like_heading(lines[start]):
            continue
        is_alone = stop - start == 1
        below = _text_below(lines, runs, number) if is_alone else lines[start + 1]
        if _is_longer(lines[start], below) and (is_alone or below.lstrip()[:1].isupper()):
            strong[is_alone].append(start)
        elif is_alone and len(below) > len(lines[start]):
            weak.append(start)
    found = [places for places in strong.values() if len(places) >= _AT_LEAST]
    found.append(weak if len(strong[True]) >= _AT_LEAST else [at for at in weak if _SECTION.match(lines[at].strip())])
    found.append([at for places in strong.values() for at in places if _SECTION.match(lines[at].strip())])
    return frozenset(at for places in found for at in places)


def is_title(line: str, below: str) -> bool:
    """Whether the line on top of a text is only its title: it ends as no sentence does, unlike what is below it.

    A text without full stops must at least begin with a much longer paragraph.
    """
    paragraphs = [part.strip() for part in below.split("\n\n") if part.strip()]
    if _STATES.search(line.strip()) or not paragraphs:
        return False
    return _is_longer(line, paragraphs[0]) or any(_STATES.search(paragraph) for paragraph in paragraphs)


def _runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Where the runs of lines without a blank one between them begin and end."""
    runs: list[tuple[int, int]] = []
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _is_like_heading(line: str) -> bool:
    text = line.strip()
    if _length(text) > _LONGEST or len(text.split()) > _MOST_WORDS or line.startswith("    ") or label_end(line):
        return False
    if _RULE.match(text) or _BYLINE.match(text) or _CAPTION.match(text) or _MARKED.match(line):
        return False
    if not any(letter.isalpha() for letter in text) or (SENTENCE_END.search(text) and not text.endswith(("?", "？"))):
        return False
    return not text[0].islower()


def _text_below(lines: Sequence[str], runs: Sequence[tuple[int, int]], number: int) -> str:
    """What stands between a line and the next one like it, another right below it apart; empty if that is no text.

    Text ends as a sentence does, or is a list, a table or code.
    """
    following = runs[number + 1 : number + 1 + _MOST_BELOW]
    if following and _is_single(lines, following[0]):
        following = following[1:]
    below = list(takewhile(lambda run: not _is_single(lines, run), following))
    texts = ["\n".join(lines[start:stop]).rstrip() for start, stop in below]
    is_text = any("\n" in text or _MARKED.match(text) or SENTENCE_END.search(text) for text in texts[:1])
    return "\n".join(texts) if is_text else ""


def _is_single(lines: Sequence[str], run: tuple[int, int]) -> bool:
    return run[1] - run[0] == 1 and _is_like_heading(lines[run[0]])


def _is_longer(line: str, text: str) -> bool:
    return _length(text.strip()) > max(_LEAST_BELOW, 1.6 * _length(line.strip()))


def _length(text: str) -> int:
    return len(text) + (_DENSITY - 1) * len(_DENSE.findall(text))
