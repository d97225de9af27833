"""Which parts of a page are its content: what trafilatura takes for it, and what belongs to that by its place.

Trafilatura weighs paragraphs well, but loses lists of links, headings, tables and later blocks, and their order. So
its text only says which units of the page (paragraphs, lists, tables, code) are content; headings, lists and tables
that stand between them, or beside them in one element, are content as well unless their names say otherwise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_cleaning import names_of, replace_with_text, settle, text_of
from index.sources.html_names import (
    AROUND_NAMES,
    BOX_NAMES,
    CAMEL_CASE,
    CAPTION_NAMES,
    CREDIT,
    NOTE_NAMES,
    POINTER,
    STAMP,
    TEASER_NAMES,
)
from index.sources.html_tree import BLOCKS, UNITS, holds_block, is_layout

_NEVER_CONTENT = ("nav", "footer", "menu", "form", "aside", "label")
_NO_CONTENT_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert", "toolbar"}
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"  # letters of scripts that set no space between words
_SHORT_LINE = 12  # words
_PHRASE = 5  # words
_LONG_PROSE = 15  # words
_GOOD_PART = 0.3  # of the words extracted, or of all
_LONGEST_LINE = 300  # characters that are looked at to see what a line is
_MOSTLY_LINKS = 0.6  # of the letters
_LEAD = 12  # units between a title and the first long paragraph
_STRUCTURES = (UNITS | {"figcaption"}) - {"p"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SENTENCE_ENDS = tuple('.!?:…。！？：;"”»)')


def content_of(tree: etree._Element, extracted: str) -> etree._Element:
    """The body of a cleaned page, changed in place, with nothing left in it but content.

    Args:
        extracted: The text that trafilatura extracts from the same page; where it is blank, what is not
            menus, footers and the like is content.
    """
    body = tree.find("body")
    body = tree if body is None else body
    wrap_loose_text(body)
    phrases = _Phrases(extracted)
    units = {unit: _words(unit) for unit in _units(body)}
    marked = {unit for unit, words in units.items() if phrases.share(words) >= 0.5}
    _drop_around(body, {unit: len(units[unit]) for unit in marked})
    settle(body)
    left = set(body.iter())
    units = {unit: words for unit, words in units.items() if unit in left}
    marked &= units.keys()
    if sum(len(units[unit]) for unit in marked) >= _SHORT_LINE:
        _keep(units, marked)
    settle(body)
    return body


def drop_boxes(body: etree._Element) -> None:
    """Take out of a fragment what was put into it to subscribe to and to share."""
    for element in list(body.iter("div", "section", "aside", "form", "ul", "p")):
        names = names_of(element)
        if names and BOX_NAMES.search(names) and len(text_of(element)) < len(text_of(body)) / 2:
            replace_with_text(element)
    settle(body)


def wrap_loose_text(body: etree._Element) -> None:
    """Put text that stands beside blocks into paragraphs, so that each piece of text has one element."""
    for box in list(body.iter(etree.Element)):
        if box.tag in UNITS and not (box.tag == "table" and is_layout(box)):
            continue
        if box.tag in BLOCKS and not _is_in_unit(box) and any(holds_block(child) for child in box):
            _wrap_runs(box)


def _wrap_runs(box: etree._Element) -> None:
    children, text = list(box), box.text or ""
    box.text = None
    run: etree._Element | None = etree.Element("p") if text.strip() else None
    if run is not None:
        run.text = text
        box.insert(0, run)
    for child in children:
        if holds_block(child):
            run, tail, child.tail = None, child.tail or "", None
            if tail.strip():
                run = etree.Element("p")
                run.text = tail
                child.addnext(run)
        elif run is None:
            run = etree.Element("p")
            child.addprevious(run)
            run.append(child)
        else:
            run.append(child)


def _is_in_unit(element: etree._Element) -> bool:
    return any(parent.tag in UNITS and parent.tag != "table" for parent in element.iterancestors())


def _drop_around(body: etree._Element, marked: dict[etree._Element, int]) -> None:
    """Menus, footers and what is named like them, unless a good part of what was extracted is in it."""
    inside: Counter[etree._Element] = Counter()
    for unit, words in marked.items():
        for element in (unit, *unit.iterancestors()):
            inside[element] += words
    whole, most = len(text_of(body)), inside[body] * _GOOD_PART
    for element in list(body.iter(etree.Element)):
        if element is body or not _is_around(element):
            continue
        if inside[element] < most if most else len(text_of(element)) < whole * _GOOD_PART:
            replace_with_text(element)


def _is_around(element: etree._Element) -> bool:
    names = CAMEL_CASE.sub("-", names_of(element))
    if element.tag == "aside" and NOTE_NAMES.search(names):
        return False
    if element.tag in _NEVER_CONTENT or element.get("role") in _NO_CONTENT_ROLES:
        return True
    if element.tag in ("article", "main", "body", "pre", "code", "table", "h1"):
        return False
    if TEASER_NAMES.search(names):  # without a link it is the lead of this very text
        return next(element.iter("a"), None) is not None
    return bool(names) and bool(AROUND_NAMES.search(names))


def _units(box: etree._Element) -> Iterator[etree._Element]:
    """The smallest elements that hold text of their own; lists, tables and code as a whole."""
    for child in box:
        if not isinstance(child.tag, str):
            continue
        is_unit = child.tag in UNITS and not (child.tag == "table" and is_layout(child))
        if is_unit or not any(holds_block(inner) for inner in child):
            if text_of(child).strip():
                yield child
        else:
            yield from _units(child)


def _words(element: etree._Element) -> list[str]:
    return _words_of(text_of(element))


def _words_of(text: str) -> list[str]:
    return re.findall(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+", text.lower())


class _Phrases:
    """The phrases of a text, to ask how much of another text stands in it."""

    def __init__(self, text: str) -> None:
        words = _words_of(text)
        self._known = {tuple(words[at : at + size]) for size in (1, 2, 3, _PHRASE) for at in range(len(words))}

    def share(self, words: list[str]) -> float:
        """The share of a text's phrases that is known."""
        size = next((size for size in (_PHRASE, 3, 2, 1) if len(words) >= size), 0)
        phrases = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)] if size else []
        return sum(phrase in self._known for phrase in phrases) / len(phrases) if phrases else 0.0


def _keep(units: dict[etree._Element, list[str]], marked: set[etree._Element]) -> None:
    """Take out the units that are not content."""
    prose = {_box_of(unit) for unit in marked if unit.tag == "p" and len(units[unit]) >= _LONG_PROSE}
    first, last = _stretch(units, marked)
    is_related = False
    is_kept: list[bool] = []
    for at, (unit, words) in enumerate(units.items()):
        line = _Line.of(unit, words)
        if line.is_short and unit.tag not in ("ul", "ol", "table"):
            is_related = line.is_pointer
        belongs = _box_of(unit) in prose or (first < at < last and not line.is_linked and not _is_caption(unit))
        if (
            not (unit in marked or (belongs and not line.is_label))
            or (is_related and (line.is_linked or (line.is_short and (unit not in marked or line.is_pointer))))
            or line.is_aside
        ):
            replace_with_text(unit)
            is_kept.append(False)
        else:
            is_kept.append(True)
    following = any_after = False
    for unit, kept in reversed(list(zip(units, is_kept, strict=True))):
        # a heading is kept for what stands under it
        if kept and unit.tag in _HEADINGS and not following and (unit not in marked or not any_after):
            replace_with_text(unit)
        else:
            following, any_after = kept, any_after or kept


def _is_caption(unit: etree._Element) -> bool:
    return unit.tag == "figcaption" or bool(CAPTION_NAMES.search(f"{names_of(unit)} {names_of(unit.getparent())}"))


@dataclass(frozen=True)
class _Line:
    """What tells of a unit whether it is content.

    Attributes:
        is_label: A short line without the end of a sentence, or all links: names, times, buttons.
        is_pointer: It begins as lines do that lead to other texts.
        is_aside: A credit, a date, or a link to another text.
    """

    is_short: bool
    is_linked: bool
    is_label: bool
    is_pointer: bool
    is_aside: bool

    @classmethod
    def of(cls, unit: etree._Element, words: list[str]) -> _Line:
        text, links, is_line = text_of(unit).strip()[:_LONGEST_LINE], _link_share(unit), unit.tag not in _STRUCTURES
        is_short = len(words) <= _SHORT_LINE
        is_pointer = bool(POINTER.match(text)) and text[-1:] not in ".!"
        is_aside = is_pointer and len(words) <= 3 * _SHORT_LINE and links > 0.3
        return cls(
            is_short=is_short,
            is_linked=links > _MOSTLY_LINKS,
            is_label=is_line and is_short and (links > _MOSTLY_LINKS or text[-1:] not in _SENTENCE_ENDS),
            is_pointer=is_pointer,
            is_aside=is_line and (is_aside or (is_short and bool(CREDIT.match(text) or STAMP.match(text)))),
        )


def _stretch(units: dict[etree._Element, list[str]], marked: set[etree._Element]) -> tuple[int, int]:
    """Places of the first and last unit of the content, counted from the title that stands shortly before it."""
    places = [at for at, (unit, words) in enumerate(units.items()) if unit in marked and len(words) >= _SHORT_LINE]
    first, last = (places[0], places[-1]) if places else (0, len(units))
    titles = [at for at, unit in enumerate(units) if unit.tag == "h1" and at < first]
    leads = [at for at, (unit, words) in enumerate(units.items()) if at < first and _is_prose(unit, words)]
    if titles and first - titles[-1] <= _LEAD:
        first = titles[-1]
    return min([first, *(at - 1 for at in leads if first - at <= _LEAD or (titles and at > titles[0]))]), last


def _is_prose(unit: etree._Element, words: list[str]) -> bool:
    return unit.tag not in _STRUCTURES and len(words) >= 2 * _SHORT_LINE and _link_share(unit) < 0.1


def _box_of(unit: etree._Element) -> etree._Element:
    """What a unit stands in, beyond figures and boxes that hold nothing else."""
    box = unit.getparent()
    while box.tag == "figure" or (unit.getnext() is None and unit.getprevious() is None and box.tag != "body"):
        if box.getparent() is None:
            break
        unit, box = box, box.getparent()
    return box


def _link_share(element: etree._Element) -> float:
    """The share of an element's letters that links hold."""
    letters = len("".join(text_of(element).split()))
    return sum(len("".join(text_of(link).split())) for link in element.iter("a")) / letters if letters else 0.0
