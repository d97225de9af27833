"""Who wrote a post, where its text says so: a byline on top, or "About the author" at the end."""

from __future__ import annotations

import re

_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w’'.\-]*|de|da|del|della|der|di|dos|du|la|le|van|von|bin|ibn|al|el|y)"
_NAME = rf"[A-ZÀ-ÖØ-Þ][\w’'.\-]*(?:[ \t]+{_WORD}){{1,5}}"
_POSTED = re.compile(r"^\s*(?:posted|written|authored|published)?\s*by:?\s+(?P<who>.+)$", re.I)
_INTRODUCED = re.compile(
    rf"^(?P<name>{_NAME})(?:,[^,.]{{2,80}},)?[ \t]+(?:is|was|works|leads)\b[ \t]+(?:an?\b|the\b|as\b|at\b|our\b|[A-Z])"
)
_ABOUT = re.compile(r"^\s*#*\s*about the authors?\s*:?\s*$", re.I)
_SEPARATORS = re.compile(r"\s*(,|;|&|\band\b)\s*")
_ORGANISATION = re.compile(
    r"\b(?:team|research|engineer\w*|scientist|manager|lead|director|university|google|inc|lab\w*|institute|"
    r"professor|fellow|student|intern|head|developer|advocate|staff|senior|principal|vp|president|officer)\b",
    re.I,
)
_LONGEST_BYLINE = 300
_LONGEST_INTRODUCTION = 160


def is_byline(line: str) -> bool:
    """Whether a line says who wrote the text below it ("Posted by …", "By …")."""
    match = _POSTED.match(line)
    if match is None or len(line) > _LONGEST_BYLINE:
        return False
    return bool(re.match(_NAME, match["who"].strip()))


def authors_of(body: str) -> tuple[str, ...]:
    """Names from the byline on top or the section about the authors, in order, without repetition.

    A first paragraph that is only one person's introduction ("N. N. is the lead of …") counts as a byline.
    """
    paragraphs = [part.strip() for part in body.split("\n") if part.strip()]
    names = _from_top(paragraphs[:2]) or _from_section(paragraphs)
    return tuple(dict.fromkeys(names))


def _from_top(paragraphs: list[str]) -> list[str]:
    for paragraph in paragraphs:
        if is_byline(paragraph):
            return _names_in(_POSTED.match(paragraph)["who"])  # type: ignore[index]  # is_byline has matched
    if paragraphs and len(paragraphs[0]) <= _LONGEST_INTRODUCTION and paragraphs[0].count(". ") == 0:
        introduced = _INTRODUCED.match(paragraphs[0])
        return [introduced["name"]] if introduced else []
    return []


def _from_section(paragraphs: list[str]) -> list[str]:
    heading = next((at for at, text in enumerate(paragraphs) if _ABOUT.match(text)), None)
    if heading is None:
        return []
    matches = (_INTRODUCED.match(text) for text in paragraphs[heading + 1 :])
    return [match["name"] for match in matches if match]


def _names_in(who: str) -> list[str]:
    """Names out of "A B, Role, Team and C D, Role": people, not jobs or organisations.

    An "and" comes before the last name of a list, so what a comma adds behind it is where that person works.
    """
    first, *rest = _SEPARATORS.split(who)
    names, ended = [first.strip(" .")], False
    for separator, part in zip(rest[::2], rest[1::2], strict=True):
        is_last = separator in ("and", "&")
        ended = ended or is_last
        if not ended or is_last:
            names.append(part.strip(" ."))
    return [name for name in names if re.fullmatch(_NAME, name) and not _ORGANISATION.search(name)]
