"""Which parts of a page are its content: what trafilatura takes for it, and what belongs to that by its place.

Trafilatura weighs paragraphs well, but loses lists of links, headings, tables and later blocks, and their order. So
its text only says which units of the page (paragraphs, lists, tables, code) are content; headings, lists and tables
that stand between them, or beside them in one element, are content as well unless their names say otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice, takewhile

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_cleaning import names_of, replace_with_text, settle, text_of
from index.sources.html_lines import HEADINGS, LISTS, LONG_PROSE, SHORT_LINE, Line, is_caption, is_prose, words_of
from index.sources.html_names import AROUND_NAMES, BOX_NAMES, CAMEL_CASE, MARGIN_NAMES, NOTE_NAMES, TEASER_NAMES
from index.sources.html_teasers import lists_titles, teaser_groups
from index.sources.html_tree import BLOCKS, UNITS, holds_block, is_layout

_NEVER_CONTENT = ("nav", "footer", "menu", "form", "aside", "label")
_NO_CONTENT_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alert", "toolbar"}
_ALWAYS_CONTENT = ("article", "main", "body", "pre", "code", "table", "h1")
_PAGE_PARTS = ("h1", "article", "main", "header", "footer", "nav", "form")
_PHRASE = 5  # words
_LEAST_EXTRACTED = 40  # words, of a page that has four times as many
_GOOD_PART = 0.3  # of the words extracted, or of all
_LEAD = 12  # units between a title and the first long paragraph
_NEAR = 3  # boxes around a unit


def content_of(tree: etree._Element, extracted: str) -> etree._Element:
    """The body of a cleaned page, changed in place, with nothing left in it but content.

    Args:
        extracted: The text that trafilatura extracts from the same page; where it is blank, what is not
            menus, footers and the like is content.
    """
    body = tree.find("body")
    body = tree if body is None else body
    _open_layout_lists(body)
    wrap_loose_text(body)
    phrases = _Phrases(extracted)
    units = {unit: _words(unit) for unit in _units(body)}
    marked = {unit for unit, words in units.items() if phrases.share(words) >= 0.5}
    prose = sum(len(words) for unit, words in units.items() if is_prose(unit, words))
    if sum(len(units[unit]) for unit in marked) < min(_LEAST_EXTRACTED, prose / 4):
        marked.clear()
    _drop_around(body, {unit: len(units[unit]) for unit in marked})
    settle(body)
    left = set(body.iter())
    units = {unit: words for unit, words in units.items() if unit in left}
    marked &= units.keys()
    if sum(len(units[unit]) for unit in marked) >= SHORT_LINE:
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


def _open_layout_lists(body: etree._Element) -> None:
    """Make boxes of lists that hold parts of the page, as lists do that a page forgets to close."""
    for items in list(body.iter("ul", "ol")):
        if next(items.iterdescendants(*_PAGE_PARTS), None) is not None:
            for element in (items, *items.iterchildren("li")):
                element.tag = "div"


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
    """Menus, footers and what is named like them, unless a good part of what was extracted is in it.

    What is in a name is counted over all elements of that name: a system may call each paragraph of a text a "widget".
    """
    names_of_all = {element: _around_names(element) for element in body.iter(etree.Element)}
    for number, group in enumerate(teaser_groups(body) if marked else ()):
        for box in group:
            names_of_all[box].append(f"teasers {number}")
    inside: Counter[etree._Element | str] = Counter()
    for unit, words in marked.items():
        boxes = [element for element in (unit, *unit.iterancestors()) if element in names_of_all]
        inside.update(dict.fromkeys({*boxes, *chain.from_iterable(names_of_all[box] for box in boxes)}, words))
    whole, most = len(text_of(body)), inside[body] * _GOOD_PART
    for element, names in names_of_all.items():
        if element is body or not (names or _is_around(element)):
            continue
        if most:
            least = inside[element] if _is_around(element) else min(inside[name] for name in names)
            is_out = least < most
        else:
            is_out = len(text_of(element)) < whole * _GOOD_PART
        if is_out:
            replace_with_text(element)


def _is_around(element: etree._Element) -> bool:
    """Whether an element's tag or role says that it is not content."""
    if element.tag == "aside" and NOTE_NAMES.search(names_of(element)):
        return False
    return element.tag in _NEVER_CONTENT or element.get("role") in _NO_CONTENT_ROLES


def _around_names(element: etree._Element) -> list[str]:
    """Those of an element's class names and id that are of what stands around content."""
    if element.tag in _ALWAYS_CONTENT or (element.tag == "aside" and not _is_around(element)):
        return []
    stated = element.get("class")
    names = [*_around_in(stated)] if stated else []
    if "-" in element.tag:
        names += _around_in(element.tag)
    if around := _around_in(element.get("id") or ""):
        names += () if _is_anchored(element) else around
    if "teaser" in names and next(element.iter("a"), None) is None:
        names.remove("teaser")  # without a link it is the lead of this very text
    return names


def _is_in_margin(unit: etree._Element) -> bool:
    """Whether an element, or a box near around it, is named as what mostly is not content."""
    boxes = takewhile(lambda box: box.tag not in _ALWAYS_CONTENT, (unit, *islice(unit.iterancestors(), _NEAR)))
    return any(_has_margin_name(names_of(box)) for box in boxes)


@lru_cache(maxsize=10_000)
def _has_margin_name(names: str) -> bool:
    return bool(MARGIN_NAMES.search(CAMEL_CASE.sub("-", names)))


@lru_cache(maxsize=10_000)
def _around_in(names: str) -> tuple[str, ...]:
    """Those of several names that are of what stands around content; "teaser" for any of teasers."""
    around = [name for name in names.split() if AROUND_NAMES.search(CAMEL_CASE.sub("-", name))]
    return (*around, "teaser") if TEASER_NAMES.search(names) else tuple(around)


def _is_anchored(element: etree._Element) -> bool:
    """Whether an element has its id for links to it, as headings and sections under a heading of those words have."""
    if element.tag in HEADINGS:
        return True
    anchor = words_of((element.get("id") or "").replace("-", " ").replace("_", " "))
    heading = next((child for child in element if child.tag in HEADINGS), None) if anchor else None
    return heading is not None and words_of(text_of(heading))[: len(anchor)] == anchor


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
    return words_of(text_of(element))


class _Phrases:
    """The phrases of a text, to ask how much of another text stands in it."""

    def __init__(self, text: str) -> None:
        words = words_of(text)
        self._known = {tuple(words[at : at + size]) for size in (1, 2, 3, _PHRASE) for at in range(len(words))}

    def share(self, words: list[str]) -> float:
        """The share of a text's phrases that is known."""
        size = next((size for size in (_PHRASE, 3, 2, 1) if len(words) >= size), 0)
        phrases = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)] if size else []
        return sum(phrase in self._known for phrase in phrases) / len(phrases) if phrases else 0.0


def _keep(units: dict[etree._Element, list[str]], marked: set[etree._Element]) -> None:
    """Take out the units that are not content."""
    prose = {_box_of(unit) for unit in marked if unit.tag == "p" and len(units[unit]) >= LONG_PROSE}
    first, last = _stretch(units, marked)
    is_related = follows_label = False
    is_introduced = True
    kept: set[etree._Element] = set()
    for at, (unit, words) in enumerate(units.items()):
        line = Line.of(unit, words)
        if line.is_short and unit.tag not in ("ul", "ol", "table"):
            is_related = line.is_pointer
        belongs = _box_of(unit) in prose or (first < at < last and not line.is_linked and not is_caption(unit))
        is_content = unit in marked or (belongs and not line.is_label and not (line.is_linked and follows_label))
        leads_away = is_related and (line.is_linked or (line.is_short and (unit not in marked or line.is_pointer)))
        leads_away |= not is_introduced and lists_titles(unit, len(words))
        is_label = unit not in marked and (line.is_date or (line.is_short and _is_in_margin(unit)))
        if is_content and not leads_away and not line.is_aside and not is_label:
            kept.add(unit)
        is_introduced = unit.tag in HEADINGS or text_of(unit).rstrip().endswith(":")
        follows_label = line.is_short and unit not in marked and unit.tag not in LISTS
    kept -= _empty_headings(units, marked, kept)
    for unit in units.keys() - kept:
        replace_with_text(unit)


def _empty_headings(
    units: dict[etree._Element, list[str]], marked: set[etree._Element], kept: set[etree._Element]
) -> set[etree._Element]:
    """Headings with nothing under them that is kept, or, where they are not extracted, nothing that is."""
    empty = set()
    is_followed = any_after = has_content = False
    for unit in reversed(units):
        is_heading = unit.tag in HEADINGS and len(units[unit]) <= LONG_PROSE
        is_needed = is_followed or any_after if unit in marked else is_followed and has_content
        if is_heading and not is_needed:
            empty.add(unit)
        else:
            is_followed, any_after = unit in kept, any_after or unit in kept
        has_content = (has_content and not is_heading) or (unit in kept and (unit in marked or unit.tag in LISTS))
    return empty


def _stretch(units: dict[etree._Element, list[str]], marked: set[etree._Element]) -> tuple[int, int]:
    """Places of the first and last unit of the content, counted from the title that stands shortly before it."""
    places = [at for at, (unit, words) in enumerate(units.items()) if unit in marked and len(words) >= SHORT_LINE]
    first, last = (places[0], places[-1]) if places else (0, len(units))
    titles = [at for at, unit in enumerate(units) if unit.tag == "h1" and at < first]
    leads = [at for at, (unit, words) in enumerate(units.items()) if at < first and is_prose(unit, words)]
    if titles and first - titles[-1] <= _LEAD:
        first = titles[-1]
    return min([first, *(at - 1 for at in leads if first - at <= _LEAD or (titles and at > titles[0]))]), last


def _box_of(unit: etree._Element) -> etree._Element:
    """What a unit stands in, beyond figures and boxes that hold nothing else."""
    box = unit.getparent()
    while box.tag == "figure" or (unit.getnext() is None and unit.getprevious() is None and box.tag != "body"):
        if box.getparent() is None:
            break
        unit, box = box, box.getparent()
    return box
