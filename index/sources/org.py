"""Org: the common part of it turned into Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources.decoding import read_text
from index.sources.draft_post import DraftPost
from index.sources.front_matter import Fields
from index.sources.markdown import markdown_post

_KEYWORD = re.compile(r"[ \t]*#\+(?P<name>[\w-]+):[ \t]*(?P<value>.*)$")
_BEGIN = re.compile(r"[ \t]*#\+begin_(?P<kind>\w+)[ \t]*(?P<language>[\w+#-]*)", re.I)
_DRAWER = re.compile(r"[ \t]*:(?P<name>[\w-]+):[ \t]*$")
_PROPERTY = re.compile(r"[ \t]*:(?P<name>[\w-]+):[ \t]+(?P<value>.*)$")
_HEADING = re.compile(
    r"(?P<stars>\*+)[ \t]+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)[ \t]+)?(?:\[#\w\][ \t]*)?"
    r"(?P<words>.*?)(?P<tags>[ \t]+:[\w@:%#]+:)?[ \t]*$"
)
_HIDDEN_HEADING = re.compile(r"^\*+[ \t]+(?:[A-Z]+[ \t]+)?COMMENT\b|:(?:noexport|ARCHIVE):(?:[\w@:%#]+:)?[ \t]*$")
_COMMENT = re.compile(r"[ \t]*#(?:[ \t]|$)")
_PLANNING = re.compile(r"[ \t]*(?:(?:SCHEDULED|DEADLINE|CLOSED):[ \t]*[<\[][^<>\[\]]*[>\]][ \t]*)+$")
_FIXED = re.compile(r"[ \t]*:[ ](?P<text>.*)$")
_TABLE_RULE = re.compile(r"[ \t]*\|[-+]+\|?[ \t]*$")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-+]|(?P<number>\d+)[.)])[ \t]+(?:\[@\d+\][ \t]*)?")
_TERM = re.compile(r"(?P<term>\S.*?)[ \t]+::(?:[ \t]+|$)")
_DATE = re.compile(r"[<\[](\d{4}-\d\d-\d\d)[^<>\[\]]*[>\]]")
_MARKED = r"(?<![\w{0}]){0}(?=\S)([^{0}\n]*?\S)?{0}(?![\w{0}])"
_LINK = re.compile(r"\[\[([^\[\]]+)\](?:\[([^\[\]]+)\])?\]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])|(?<=\{)\{|\{(?=[{%/#])")  # what Markdown would take for one
_CODE = re.compile(r"(?<!\w)([=~])(?=\S)([^\n]*?\S)\1(?!\w)")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)$", re.I)
_INLINE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(_MARKED.format(r"\*")), r"**\1**"),
    (re.compile(r"(?<![\w/:.<])/(?=[^\s/])([^/\n]*[^\s/])/(?![\w/])"), r"*\1*"),
    (re.compile(_MARKED.format(r"\+")), r"~~\1~~"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]*[^\s_])_(?![\w_])"), r"\1"),
    (re.compile(r"^\[fn:([\w-]+)\]"), r"[^\1]:"),
    (re.compile(r"\[fn:([\w-]+)\]"), r"[^\1]"),
    (re.compile(r"<<<?\\?[^<>\n]+>>>?|@@[^@\n]*@@"), ""),
)
_SHOWN_CODE = {"src", "example"}
_NOT_SHOWN = {"comment", "export"}


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | NotPublished]:
    """The one draft of a file, unless it is not published.

    Raises:
        SourceError: The file cannot be read as text.
    """
    converter = _Converter()
    body = converter.markdown(read_text(document, settings).lstrip("\ufeff"))
    yield markdown_post(Fields(converter.stated), body, document, settings)


class _Converter:
    """One pass over the lines of a text; `stated` are the keywords above its first heading."""

    def __init__(self) -> None:
        self.stated: dict[str, Any] = {}
        self._out: list[str] = []
        self._rows: list[str] = []  # of a table
        self._has_heading = False

    def markdown(self, text: str) -> str:
        lines = _shown_lines(text)
        for line in lines:
            if line.lstrip().startswith("|"):
                self._rows.append(line)
                continue
            self._end_table()
            self._line(line.rstrip(), lines)
        self._end_table()
        return "\n".join(self._out)

    def _line(self, line: str, rest: Iterator[str]) -> None:
        if begin := _BEGIN.match(line):
            self._block(begin["kind"].lower(), begin["language"], rest)
        elif keyword := _KEYWORD.match(line):
            self._keyword(keyword["name"].lower(), keyword["value"].strip())
        elif drawer := _DRAWER.match(line):
            self._drawer(drawer["name"].lower(), rest)
        elif _COMMENT.match(line) or _PLANNING.match(line):
            pass
        elif heading := _HEADING.match(line):
            self._has_heading = True
            level = min(6, len(heading["stars"]) + 1)
            self._out += ["", f"{'#' * level} {_inline(heading['words'])}", ""]
        elif fixed := _FIXED.match(line):
            self._out.append(f"    {fixed['text']}")
        else:
            self._out.append(_text(line))

    def _keyword(self, name: str, value: str) -> None:
        if name == "caption":
            self._out += ["", _inline(value), ""]
        elif not self._has_heading and value:
            date = _DATE.search(value)
            key = name.removeprefix("hugo_")
            self.stated.setdefault(key, date[1] if date and "date" in name else value)

    def _drawer(self, name: str, rest: Iterator[str]) -> None:
        """Properties are not shown; those above the first heading are the document's."""
        for line in _until(rest, lambda line: line.strip().lower() == ":end:"):
            match = _PROPERTY.match(line)
            if match and name == "properties" and not self._has_heading:
                self.stated.setdefault(match["name"].lower(), match["value"].strip())

    def _block(self, kind: str, language: str, rest: Iterator[str]) -> None:
        lines = list(_until(rest, lambda line: line.strip().lower() == f"#+end_{kind}"))
        if kind in _NOT_SHOWN:
            return
        if kind in _SHOWN_CODE:
            indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
            marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", "\n".join(lines))), 3)
            code = [re.sub(r"^,(?=[*#,])", "", line[indent:]) for line in lines]
            self._out += ["", f"{marks}{language if kind == 'src' else ''}", *code, marks, ""]
            return
        mark = "> " if kind == "quote" else ""
        self._out += ["", *(f"{mark}{_text(line)}" for line in lines), ""]

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        shown = [_inline(row.strip()) for row in rows if not _TABLE_RULE.match(row)]
        if not shown:
            return
        width = max(1, *(row.count("|") - 1 for row in shown))
        if not (len(rows) > 1 and _TABLE_RULE.match(rows[1])):
            shown.insert(0, "|" + " |" * width)
        self._out += ["", shown[0], f"|{'---|' * width}", *shown[1:], ""]


def _shown_lines(text: str) -> Iterator[str]:
    """The lines without headings that are commented out, archived or not exported, and what is below these."""
    hidden = 0  # level of the heading whose subtree is passed over
    for line in text.split("\n"):
        if heading := _HEADING.match(line):
            level = len(heading["stars"])
            if not hidden or level <= hidden:
                hidden = level if _HIDDEN_HEADING.search(line) else 0
        if not hidden:
            yield line


def _text(line: str) -> str:
    item = _ITEM.match(line)
    if item is None or (not item["indent"] and line.startswith("*")):
        return _inline(line)
    mark = f"{item['number']}." if item["number"] else "-"
    words = _inline(_TERM.sub(lambda term: f"{term['term']}: ", line[item.end() :], count=1))
    return f"{item['indent']}{mark} {words}"


def _inline(text: str) -> str:
    """Links, code and emphasis as Markdown writes them."""
    parts = _CODE.split(text)
    made = []
    for at in range(0, len(parts), 3):
        plain = _LINK.sub(_link, _TAG.sub(r"\\\g<0>", parts[at]))
        for pattern, replacement in _INLINE:
            plain = pattern.sub(replacement, plain)
        made.append(plain + (f"`{parts[at + 2]}`" if at + 2 < len(parts) else ""))
    return "".join(made)


def _link(match: re.Match[str]) -> str:
    target, words = match[1], match[2]
    if words is None:
        return "" if _PICTURE.search(target) else f"<{target}>" if "://" in target else target.removeprefix("*")
    return f"[{words}](<{target}>)"


def _until(lines: Iterator[str], is_end: Callable[[str], bool]) -> Iterator[str]:
    for line in lines:
        if is_end(line):
            return
        yield line
