r"""Trafilatura's element tree to text: Markdown in its blocks, plain words inside them.

Headings, list items, table rows and code fences are marked up, because passages are split along them. Inside
a block nothing is marked or escaped: a quote should read `snake_case`, not `snake\_case`, which is
why trafilatura's own Markdown is not used.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

_BLOCKS = {"p", "head", "list", "table", "quote", "div", "item"}
_BREAK = "\u2028"  # a line break while white space is folded; none is left afterwards
_INLINE_PARENTS = {"p", "item", "cell", "head", "ref", "hi"}


def to_markdown(body: etree._Element) -> str:
    """Text of a body extracted by trafilatura, blocks separated by blank lines.

    Raises:
        RecursionError: Lists or quotes are nested deeper than Python's stack.
    """
    for line_break in body.iter("lb"):
        line_break.text = _BREAK
    return "\n\n".join(_blocks(body))


def _blocks(container: etree._Element) -> Iterator[str]:
    """The blocks of a container; text between two of them is a block too."""
    run = [container.text or ""]
    for child in container:
        if _is_block(child):
            yield from _filled(_folded("".join(run)))
            yield from _block(child)
            run = [child.tail or ""]
        else:
            run += ["".join(child.itertext()), child.tail or ""]
    yield from _filled(_folded("".join(run)))


def _is_block(element: etree._Element) -> bool:
    if element.tag != "code":
        return element.tag in _BLOCKS
    return element.getparent().tag not in _INLINE_PARENTS or "\n" in "".join(element.itertext()).strip()


def _block(element: etree._Element) -> Iterator[str]:
    if element.tag == "head":
        yield from _heading(element)
    elif element.tag == "list":
        yield from _filled("\n".join(_item(item) for item in element))
    elif element.tag == "table":
        yield from _filled("\n".join(_rows(element)))
    elif element.tag == "code":
        code = "".join(element.itertext()).replace(_BREAK, "\n").strip("\n")
        yield from _filled(code and f"```\n{code}\n```")
    else:
        yield from _blocks(element)


def _heading(element: etree._Element) -> Iterator[str]:
    rank = (element.get("rend") or "h2").removeprefix("h")
    level = int(rank) if rank in {"1", "2", "3", "4", "5", "6"} else 2
    words = " ".join("".join(element.itertext()).split())
    yield from _filled(words and f"{'#' * level} {words}")


def _item(item: etree._Element) -> str:
    """One list item; what it holds beyond its first line is indented under it."""
    lines = "\n".join(_blocks(item)).split("\n")
    return "\n".join(f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines)).rstrip()


def _rows(table: etree._Element) -> Iterator[str]:
    for number, row in enumerate(table.iter("row")):
        cells = [" ".join(" ".join(cell.itertext()).split()) for cell in row.iter("cell")]
        yield f"| {' | '.join(cells)} |"
        if number == 0 and any(cell.get("role") == "head" for cell in row.iter("cell")):
            yield f"|{'---|' * len(cells)}"


def _folded(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(_BREAK))
    return "\n".join(lines).strip()


def _filled(block: str) -> Iterator[str]:
    if block.strip():
        yield block
