"""What tells of a piece of a page (a paragraph, a list, a heading) whether it is content, whatever stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_cleaning import names_of, text_of
from index.sources.html_dates import is_dateline, states_publication
from index.sources.html_names import CAPTION_NAMES
from index.sources.html_phrases import CALL, CREDIT, CREDITED, META_LINE, POINTER, RIGHTS, STAMP
from index.sources.html_tree import UNITS

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LISTS = frozenset({"ul", "ol", "dl", "table", "pre"})
LONG_PROSE = 15
"""Words from which on a paragraph is prose."""
SHORT_LINE = 12
"""Words up to which a line may be a name, a time, a button."""
_STRUCTURES = (UNITS | {"figcaption"}) - {"p"}
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"  # letters of scripts that set no space between words
_LONGEST_LINE = 300  # characters that are looked at
_LONGEST_CALL = 45  # words
_SHORTEST_TITLE = 6  # words; shorter links name products and people
_MOSTLY_LINKS = 0.6  # of the letters
_ALL_LINKS = 0.8
_YEAR = re.compile(r"(?:19|20)\d\d")
_HERE = ("mailto:", "tel:")  # addresses of links that lead to no other text
_SENTENCE_ENDS = tuple('.!?:…。！？：;"”»)')


@dataclass(frozen=True)
class Line:
    """A piece of a page by itself.

    Attributes:
        is_label: A short line without the end of a sentence, or all links: names, times, buttons.
        is_pointer: It begins as lines do that lead to other texts.
        is_aside: A credit, a date, a call, or a link to another text.
        is_date: A date by itself: it may be of the text, or be in it.
    """

    is_short: bool
    is_linked: bool
    is_label: bool
    is_pointer: bool
    is_aside: bool
    is_date: bool

    @classmethod
    def of(cls, unit: etree._Element, words: list[str]) -> Line:
        """What a unit is, told from its text and its links."""
        text, links, is_line = text_of(unit).strip()[:_LONGEST_LINE], link_share(unit), unit.tag not in _STRUCTURES
        is_short = len(words) <= SHORT_LINE
        is_pointer = bool(POINTER.match(text)) and (text[-1:] not in ".!" or text.endswith("..."))
        is_date = is_line and _is_dateline(unit, text, len(words))
        leads_away = is_pointer and len(words) <= 3 * SHORT_LINE and links > 0.3
        return cls(
            is_short=is_short,
            is_linked=links > _MOSTLY_LINKS,
            is_label=is_line and is_short and (links > _MOSTLY_LINKS or text[-1:] not in _SENTENCE_ENDS),
            is_pointer=is_pointer,
            is_date=is_date,
            is_aside=(is_date and states_publication(text))
            or (is_line and (leads_away or (is_short and bool(CREDIT.match(text)))))
            or (is_line and len(words) <= LONG_PROSE and bool(STAMP.match(text) or META_LINE.search(text)))
            or (is_caption(unit) and bool(CREDITED.search(text)))
            or (
                unit.tag not in LISTS and len(words) <= _LONGEST_CALL and bool(CALL.search(text) or RIGHTS.search(text))
            )
            or (links >= _ALL_LINKS and _is_title_elsewhere(unit, text, len(words))),
        )


def words_of(text: str) -> list[str]:
    """The words of a text; of scripts without spaces, the letters."""
    return re.findall(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+", text.lower())


def is_prose(unit: etree._Element, words: list[str]) -> bool:
    """Whether a unit is a long paragraph with hardly a link."""
    return unit.tag not in _STRUCTURES and len(words) >= 2 * SHORT_LINE and link_share(unit) < 0.1


def is_caption(unit: etree._Element) -> bool:
    """Whether a unit says what a picture shows."""
    return unit.tag == "figcaption" or bool(CAPTION_NAMES.search(f"{names_of(unit)} {names_of(unit.getparent())}"))


def link_share(element: etree._Element) -> float:
    """The share of an element's letters that links to elsewhere hold, among them one around it."""
    if any(box.tag == "a" for box in element.iterancestors()):
        return 1.0
    letters = len("".join(text_of(element).split()))
    here = _HERE if element.tag not in HEADINGS else (*_HERE, "#")
    links = (link for link in element.iter("a") if not (link.get("href") or "").startswith(here))
    return sum(len("".join(text_of(link).split())) for link in links) / letters if letters else 0.0


def _is_dateline(unit: etree._Element, text: str, words: int) -> bool:
    if unit.tag in HEADINGS or words > 2 * SHORT_LINE or not _YEAR.search(text):
        return False
    return is_dateline(" ".join(text.split()))


def _is_title_elsewhere(unit: etree._Element, text: str, words: int) -> bool:
    """Whether a line that is all link reads as the title of another text, not as a sentence or a name."""
    if unit.tag in LISTS or unit.tag == "h1" or not _SHORTEST_TITLE <= words <= _LONGEST_CALL or text[-1:] in ".!":
        return False
    heads_box = unit.tag in HEADINGS and unit.getprevious() is None and unit.getnext() is not None
    return not heads_box or unit.getparent().tag == "a"  # what heads a box may be the title of a post in a list
