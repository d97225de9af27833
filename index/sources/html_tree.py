r"""A cleaned HTML tree to text: Markdown in its blocks, plain words inside them.

Headings, list items, table rows and code fences are marked up, because passages are split along them. Inside
a block nothing is marked or escaped: a quote should read `snake_case`, not `snake\_case`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.sources.html_cleaning import text_of

_HEADINGS = {f"h{level}" for level in range(1, 7)}
_LISTS = {"ul", "ol", "menu", "dir"}
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "tbody td tfoot th thead tr ul".split()
)
"""Elements that begin a new block; all others stand in a line."""
UNITS = frozenset({*_HEADINGS, *_LISTS, "dl", "table", "pre", "p"})
"""Elements that are read as one piece."""
_IN_CELLS = {"table", "pre", "h1", "h2", "h3", "h4", "blockquote", "section", "article"}
_MOST_SPANNED = 100
_LONGEST_REPEATED = 200  # characters of a cell that stands in several rows
_BREAK = "\u2028"  # a line break while white space is folded; none is left afterwards


def to_markdown(body: etree._Element) -> str:
    """Text of an element, its blocks separated by blank lines.

    Raises:
        RecursionError: Elements are nested deeper than Python's stack.
    """
    for line_break in body.iter("br"):
        line_break.text = _BREAK
    return "\n\n".join(_block(body))


def is_layout(table: etree._Element) -> bool:
    """Whether a table only places things on the page: its cells hold blocks of their own, or it has but one column."""
    if table.get("role") in ("presentation", "none"):
        return True
    if next(table.iterdescendants(*_IN_CELLS), None) is not None:
        return True
    return all(sum(cell.tag in ("td", "th") for cell in row) < 2 for row in table.iter("tr"))


def _block(element: etree._Element) -> Iterator[str]:
    tag = element.tag
    if tag in _HEADINGS:
        words = " ".join(text_of(element).replace(_BREAK, " ").split())
        yield from _filled(words and f"{'#' * int(tag[1])} {words}")
    elif tag in _LISTS:
        yield from _filled("\n".join(_items(element)))
    elif tag == "dl":
        yield from _filled("\n".join(_definitions(element)))
    elif tag == "table" and not is_layout(element):
        yield from _table(element)
    elif tag == "pre":
        code = text_of(element).replace(_BREAK, "\n").strip("\n").rstrip()
        yield from _filled(code.strip() and f"```\n{code}\n```")
    elif tag == "summary":
        yield from _filled(_folded(f"### {text_of(element)}") if text_of(element).strip() else "")
    else:
        yield from _blocks(element)


def _blocks(container: etree._Element) -> Iterator[str]:
    """The blocks of a container; text between two of them is a block too."""
    run = [container.text or ""]
    for child in container:
        if holds_block(child):
            yield from _filled(_folded("".join(run)))
            yield from _block(child)
            run = [child.tail or ""]
        else:
            run += [text_of(child), child.tail or ""]
    yield from _filled(_folded("".join(run)))


def holds_block(element: etree._Element) -> bool:
    """Whether an element is a block, or stands in a line but has one inside."""
    return element.tag in BLOCKS or next(element.iterdescendants(*BLOCKS), None) is not None


def _items(items: etree._Element) -> Iterator[str]:
    start = items.get("start") or ""
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 1
    loose = [items.text or ""]
    for child in items:
        blocks = list(_block(child)) if child.tag in _LISTS else list(_blocks(child))
        if blocks:
            yield _indented(blocks, f"{number}. " if items.tag == "ol" and child.tag == "li" else "- ")
            number += child.tag == "li"
        loose.append(child.tail or "")
    if words := _folded(" ".join(loose)):
        yield f"- {words}"


def _definitions(pairs: etree._Element) -> Iterator[str]:
    """Each term with what is said of it in one item."""
    term: list[str] = []
    groups = [child for part in pairs for child in (part if part.tag == "div" else [part])]
    for part in groups:
        words = list(_blocks(part))
        if part.tag == "dt":
            term += words
        elif words:
            yield _indented([f"{' / '.join(term)}: {words[0]}" if term else words[0], *words[1:]], "- ")
            term = [] if _is_last_of_pair(part) else term
    if term:
        yield f"- {' / '.join(term)}"


def _is_last_of_pair(part: etree._Element) -> bool:
    following = part.getnext()
    return following is None or following.tag != "dd"


def _indented(blocks: list[str], marker: str) -> str:
    """One list item; what it holds beyond its first line is indented under it."""
    lines = "\n".join(blocks).split("\n")
    rest = " " * len(marker)
    return "\n".join(f"{rest if number else marker}{line}" for number, line in enumerate(lines)).rstrip()


def _table(table: etree._Element) -> Iterator[str]:
    for caption in table.iter("caption"):
        yield from _filled(_folded(text_of(caption)))
    rows = [cells for cells in _grid(table) if any(cells)]
    if not rows:
        return
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    if _has_header(table):
        lines.insert(1, f"|{'---|' * len(rows[0])}")
    yield "\n".join(lines)


def _has_header(table: etree._Element) -> bool:
    first = next(table.iter("tr"))
    return first.getparent().tag == "thead" or all(cell.tag == "th" for cell in first if cell.tag in ("td", "th"))


def _grid(table: etree._Element) -> Iterator[list[str]]:
    """Rows of cells; what spans several rows stands in each of them, so that every cell is under its header."""
    spanning: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _carry_down(spanning, cells)
            words = " ".join("".join(_spaced(cell)).replace(_BREAK, " ").split()).replace("|", "\\|")
            if (rows := _span(cell, "rowspan")) > 1:
                spanning[len(cells)] = (rows - 1, words if len(words) <= _LONGEST_REPEATED else "")
            cells += [words, *[""] * (_span(cell, "colspan") - 1)]
        _carry_down(spanning, cells)
        yield cells


def _carry_down(spanning: dict[int, tuple[int, str]], cells: list[str]) -> None:
    while (column := len(cells)) in spanning:
        left, words = spanning.pop(column)
        cells.append(words)
        if left > 1:
            spanning[column] = (left - 1, words)


def _span(cell: etree._Element, name: str) -> int:
    stated = cell.get(name) or ""
    return min(int(stated), _MOST_SPANNED) if stated.isascii() and stated.isdigit() and len(stated) < 5 else 1


def _spaced(cell: etree._Element) -> Iterator[str]:
    """Text of a cell, with a space where a block begins or ends."""
    for event, node in etree.iterwalk(cell, events=("start", "end")):
        is_block = node.tag in BLOCKS or node.tag == "br"
        yield (" " if is_block else "") + ((node.text if event == "start" else node is not cell and node.tail) or "")


def _folded(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(lines).strip()


def _filled(block: str) -> Iterator[str]:
    if block.strip():
        yield block
