"""An HTML tree without what a browser does not show, and with formulas, code and raised figures as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.text.superscripts import subscript, superscript

_NEVER_TEXT = (
    "script", "style", "template", "iframe", "object", "embed", "svg", "canvas", "audio", "video", "img",
    "picture", "button", "select", "textarea", "input", "map", "datalist", "dialog", "rp", "rt", "mjx-math",
)  # fmt: skip
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|screen-?reader(?:-text|-only)?|visually-?hidden|assistive-text|is-hidden|u-hidden|hidden|"
    r"katex-html|MathJax(?:_Preview|_Display|_SVG|_CHTML)?|mjx-chtml|d-none)(?:\s|$)"
)
_HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_GUTTER = re.compile(r"gutter|linenos?\b|line-?num|lineno|blob-num|ln-num", re.I)
_CODE_CELL = re.compile(r"(?:^|[\s_-])(?:code|blob-code|rouge-code|ln-code)\b", re.I)
_CODE_BOX = re.compile(r"(?:^|\s)(?:codehilite|highlight|sourceCode|wp-block-code|CodeMirror-code)(?:\s|$)")
_NOTE_LINK = re.compile(r"footnote-?(?:anchor|ref|back)|reversefootnote|noteref|fnref|cite_ref", re.I)
_ANCHOR_TEXT = {"#", "¶", "§", "🔗", "↩", "↩︎", "⏎", "^", "↑", "link", "[edit]"}
_SETTLED = "settled"
_INLINE = {"a", "b", "i", "em", "strong", "span", "font", "u", "code"}
_TEX_WRAPPER = re.compile(r"^\{\\(?:displaystyle|textstyle)\s*(.*)\}$", re.S)


def clean_tree(tree: etree._Element) -> None:
    """Change a tree in place: hidden parts go, formulas, code and raised figures become text."""
    _formulas_to_text(tree)
    settle(tree)
    etree.strip_elements(tree, *_NEVER_TEXT, with_tail=False)
    _settle_noscript(tree)
    _drop_hidden(tree)
    settle(tree)
    _code_to_pre(tree)
    for pre in list(tree.iter("pre")):
        _flatten_code(pre)
    _drop_link_marks(tree)
    settle(tree)
    _raised_to_text(tree)
    settle(tree)


def text_of(element: etree._Element) -> str:
    """All text inside an element."""
    return "".join(element.itertext())


def names_of(element: etree._Element) -> str:
    """The class names and the id of an element, which tell its part on the page."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()


def replace_with_text(element: etree._Element, text: str = "") -> None:
    """Let an element hold nothing but a text; `settle` then puts that in its place, for all of them at once."""
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = _SETTLED, text, tail


def settle(tree: etree._Element) -> None:
    """Take out what `replace_with_text` has changed; one pass, for a text joined piece by piece takes squared time."""
    etree.strip_tags(tree, _SETTLED)


def _formulas_to_text(tree: etree._Element) -> None:
    """Each formula once: the TeX it was written in, else its MathML in a line."""
    for script in list(tree.iter("script")):
        if (script.get("type") or "").startswith("math/tex"):
            replace_with_text(script, f" {(script.text or '').strip()} ")
    for math in list(tree.iter("math")):
        note = next((a for a in math.iter("annotation") if "tex" in (a.get("encoding") or "").lower()), None)
        text = _TEX_WRAPPER.sub(r"\1", text_of(note).strip()) if note is not None else _math_line(math)
        shown = math
        while (parent := shown.getparent()) is not None and _wraps_formula(parent):
            shown = parent
        replace_with_text(shown, " ".join(text.split()))


def _wraps_formula(element: etree._Element) -> bool:
    """Whether an element shows one formula in several ways, of which others are hidden or pictures."""
    return element.tag in ("span", "mjx-container", "mjx-assistive-mml") and bool(
        re.search(r"katex|mwe-math|MathJax|mjx|MJX|mathml", names_of(element)) or element.tag.startswith("mjx")
    )


def _math_line(element: etree._Element) -> str:
    """Presentation MathML in a line: powers as ^, indices as _, fractions with a slash."""
    if element.tag in ("annotation", "annotation-xml"):
        return ""
    parts = [_math_line(child) for child in element if isinstance(child.tag, str)]
    mark = {"msup": "^", "msub": "_", "mfrac": "/"}.get(element.tag)
    if mark and len(parts) == 2:
        return mark.join(parts)
    if element.tag == "msqrt":
        return f"√({''.join(parts)})"
    return "".join(((element.text or "").strip(), *parts))


def _settle_noscript(tree: etree._Element) -> None:
    """What is for readers without scripts goes, unless it is the page as a whole."""
    whole = len(text_of(tree))
    for element in list(tree.iter("noscript")):
        if len(text_of(element)) > whole / 2:
            element.tag = "div"
    etree.strip_elements(tree, "noscript", with_tail=False)


def _drop_hidden(tree: etree._Element) -> None:
    hidden = [element for element in tree.iter(etree.Element) if _is_hidden(element)]
    if not hidden:
        return
    whole = len(text_of(tree))
    for element in hidden:
        # a page saved while a dialog or a loading screen covered it hides its content as a whole
        if element.tag not in ("html", "body") and len(text_of(element)) <= whole / 2:
            replace_with_text(element)


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDING_STYLE.search(element.get("style") or ""))
        or bool(_HIDDEN_CLASS.search(element.get("class") or ""))
    )


def _code_to_pre(tree: etree._Element) -> None:
    """Tables that set code beside line numbers, and boxes of code lines, become one `pre`."""
    for table in list(tree.iter("table")):
        if code := _table_code(table):
            _make_pre(table, code)
    for box in list(tree.iter("div", "figure")):
        if _CODE_BOX.search(box.get("class") or "") and not _has(box, "pre", "table", "p", "div"):
            box.tag = "pre"


def _table_code(table: etree._Element) -> str:
    """The code of a table whose other cells are line numbers; empty for any other table."""
    cells = list(table.iter("td"))
    gutters = {cell for cell in cells if _is_gutter(cell)}
    code = [cell for cell in cells if cell not in gutters]
    if not gutters and not _GUTTER.search(names_of(table)):
        return ""
    if not code or not all(_has(cell, "pre", "code") or _CODE_CELL.search(names_of(cell)) for cell in code):
        return ""
    return "\n".join(_code_text(cell).rstrip("\n") for cell in code)


def _is_gutter(cell: etree._Element) -> bool:
    text = text_of(cell)
    return not text.strip() or text.replace(" ", "").replace("\n", "").isdigit() or bool(_GUTTER.search(names_of(cell)))


def _has(element: etree._Element, *tags: str) -> bool:
    return next(element.iterdescendants(*tags), None) is not None


def _make_pre(element: etree._Element, code: str) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "pre", code, tail


def _flatten_code(pre: etree._Element) -> None:
    for element in list(pre.iterdescendants(etree.Element)):
        if _GUTTER.search(element.get("class") or "") and text_of(element).strip(" \n").isdigit():
            replace_with_text(element)
    _make_pre(pre, _code_text(pre))


def _code_text(element: etree._Element) -> str:
    """The lines of code; line breaks and block elements end a line, and one that has just ended is not ended twice."""
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "").removeprefix("\n")
    for block in element.iter("div", "p", "li", "tr"):
        if block is not element:
            block.tail = "\n" + (block.tail or "").lstrip("\n")
    return text_of(element)


def _drop_link_marks(tree: etree._Element) -> None:
    """Links that are signs and no words: to a heading itself, to a note and back from it."""
    for link in list(tree.iter("a")):
        text = text_of(link).strip()
        if len(text) > 12:
            continue
        is_note = text.strip("[]()").isdigit() and (
            _NOTE_LINK.search(names_of(link))
            or "footnote" in names_of(link.getparent())
            or link.get("role") in ("doc-noteref", "doc-backlink")
        )
        is_back = bool(_NOTE_LINK.search(names_of(link))) and not any(letter.isalnum() for letter in text)
        if is_note or is_back or (text.lower() in _ANCHOR_TEXT and (link.get("href") or "#").startswith("#")):
            replace_with_text(link)


def _raised_to_text(tree: etree._Element) -> None:
    for element in list(tree.iter("sup", "sub")):
        raised, before = text_of(element), "".join(_before(element))[-40:]
        if element.tag == "sub":
            written = subscript(before, raised, element.tail or "")
        else:
            links = element.getparent().tag == "a" or _has(element, "a") or bool(_NOTE_LINK.search(names_of(element)))
            written = superscript(before, raised, links=links)
        replace_with_text(element, written)


def _before(element: etree._Element) -> Iterator[str]:
    """Text in front of an element in its block, as far as its own and its parents' nearest siblings hold it."""
    parent = element.getparent()
    if parent is None:
        return
    previous = element.getprevious()
    if previous is None:
        if parent.tag in _INLINE:
            yield from _before(parent)
        yield parent.text or ""
        return
    if not previous.tail and previous.tag not in ("br", "p", "div"):
        yield text_of(previous)
    yield previous.tail or ""
