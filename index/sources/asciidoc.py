"""AsciiDoc: the common part of it turned into Markdown."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources.dates import iso_date
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.front_matter import Fields, split_front_matter
from index.sources.markdown import markdown_post
from index.sources.parse_errors import parse_errors

_HEADER = re.compile(r"(?:(?://.*)?\n)*(?P<title>[=#] \S.*)\n(?P<lines>(?:[^\n]+\n?)*)")
_ATTRIBUTE = re.compile(r":(!?[\w-]+!?):(?:[ \t]+(.*))?$", re.M)
_AUTHOR = re.compile(r"[^\W\d_][^:\d<>]*(?:<[^<>]*>)?(?:;[^:\d<>]*(?:<[^<>]*>)?)*$")
_COMMENT_BLOCK = re.compile(r"^////+\n.*?^////+$\n?", re.M | re.S)
_FENCES = {
    "----": "code",
    "....": "code",
    "```": "code",
    "====": "",
    "****": "",
    "____": "quote",
    "--": "",
    "++++": "raw",
}
_LINE = re.compile(r"^(?P<fence>-{4,}|\.{4,}|`{3,}|={4,}|\*{4,}|_{4,}|\+{4,}|--)(?P<language>[\w+#-]*)$")
_TABLE = re.compile(r"^[|!,:]={3,}$")
_HEADING = re.compile(r"^(?P<level>={2,6}|#{2,6})[ \t]+(?P<words>\S.*?)(?:[ \t]+=+)?$")
_ITEM = re.compile(r"^[ \t]*(?P<mark>\*{1,5}|-|\.{1,5}|\d+\.)[ \t]+(?P<text>\S.*)$")
_TERM = re.compile(r"^[ \t]*(?P<term>\S.*?)(?::{2,4}|;;)(?:[ \t]+(?P<text>\S.*))?$")
_BLOCK_ATTRIBUTES = re.compile(r"^\[(?P<list>[^\[\]]*|\[[^\[\]]*\])\]$")
_BLOCK_TITLE = re.compile(r"^\.(?P<words>[^\s.].*)$")
_LEFT_OUT = re.compile(
    r"^(?:(?:include|ifdef|ifndef|ifeval|endif|image|video|audio|toc)::.*|//(?!/).*|'''|<<<|:!?[\w-]+!?:(?:[ \t].*)?)$"
)
_CELL = re.compile(r"(?:(?:^|(?<=\s))(?:\d+(?:\.\d+)?[+*])?[<^>.]*[aehlmdsv]?)?(?<!\\)\|")
_COLUMNS = re.compile(r"cols=(?:\"([^\"]*)\"|(\d*\*?))")
_INLINE = (
    (re.compile(r"(?<!<)<(?=[A-Za-z/!?])|(?<=\{)\{|\{(?=[{%/#])"), r"\\\g<0>"),  # no tags in either
    (
        re.compile(r"(?:image|icon|kbd|btn|menu|anchor|indexterm2?|footnote):\w*\[([^\]]*)\]|image:[^\s\[]+\[[^\]]*\]"),
        "",
    ),
    (re.compile(r"\(\(\(.*?\)\)\)|\[\[[\w:.-]+(?:,[^\]]*)?\]\]"), ""),
    (re.compile(r"<<[^<>,]+,\s*([^<>]+)>>"), r"\1"),
    (re.compile(r"<<#?([^<>]+)>>"), r"\1"),
    (re.compile(r"(?:link|xref):[^\s\[]+\[\]"), ""),
    (re.compile(r"(?:link:|xref:)([^\s\[]+)\[([^\]^,]+)[^\]]*\]"), r"[\2](<\1>)"),
    (re.compile(r"\b(https?://[^\s\[\]<>]+)\[([^\]^,]+)[^\]]*\]"), r"[\2](<\1>)"),
    (re.compile(r"\b(https?://[^\s\[\]<>]+)\[\]"), r"<\1>"),
    (re.compile(r"`\+([^`\n]+)\+`"), r"`\1`"),
    (re.compile(r"\[[.#%][\w .#%-]*\](?=[#*_`])"), ""),
    (re.compile(r"##([^#\n]+)##|(?<!\w)#([^#\s][^#\n]*)#(?!\w)"), r"\1\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])"), r"**\1**"),
    (re.compile(r"[ \t]\+$"), r"\\"),
)
_SUBSTITUTED = re.compile(r"\{([A-Za-z][\w-]*)\}")
_CODE_SPAN = re.compile(r"(`[^`\n]+`)")


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | NotPublished]:
    """The one draft of a file, unless it is not published.

    Raises:
        SourceError: The file cannot be read as text, or quotes in it are nested too deeply.
    """
    text = read_text(document, settings).lstrip("\ufeff")
    fields = Fields({})
    if text.startswith("---\n"):
        fields, text = split_front_matter(text)
    stated, body = _header(_COMMENT_BLOCK.sub("", text))
    names = {**stated, **{name[5:]: value for name, value in stated.items() if name.startswith(("page-", "jbake-"))}}
    names |= {"draft": "true"} if names.get("draft") == "" else {}  # an attribute without a value is set
    body = _SUBSTITUTED.sub(lambda match: stated.get(match[1].lower(), match[0]), body)
    if title := stated.get("title"):
        body = f"# {title}\n\n{body}" if fields else body
    with parse_errors(path_text(document.path), csv.Error, what="broken AsciiDoc", remedy="Save it as Markdown."):
        body = _Converter().markdown(body)
    yield markdown_post(fields or Fields(names), body, document, settings)


def _header(text: str) -> tuple[dict[str, str], str]:
    """What the header states, and the text below it."""
    match = _HEADER.match(text)
    if match is None:
        attributes = re.match(r"(?:(?::!?[\w-]+!?:.*|//.*)?\n)*", text)
        head = attributes[0] if attributes else ""
        return _attributes(head), text[len(head) :]
    stated = {"title": match["title"][2:].strip()}
    lines = [line for line in match["lines"].split("\n") if line and not line.startswith("//")]
    plain = [line for line in lines if not line.startswith(":")]
    if plain and _AUTHOR.fullmatch(plain[0]):
        stated["authors"] = plain.pop(0)
        for part in re.split(r"[,:]\s*", plain[0]) if plain else ():
            if date := iso_date(part.strip()):
                stated["date"] = date
    return stated | _attributes(match["lines"]), text[match.end() :]


def _attributes(lines: str) -> dict[str, str]:
    named = {"revdate": "date", "docdate": "modified"}
    return {named.get(name.lower(), name.lower()): value or "" for name, value in _ATTRIBUTE.findall(lines)}


class _Converter:
    """One pass over the lines of a text."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._language = ""
        self._attributes = ""  # of the block that comes next
        self._speaker = ""  # the same, of a quote
        self._numbers: dict[int, int] = {}  # of the last items, by their depth

    def markdown(self, text: str) -> str:
        lines = iter(text.split("\n"))
        for line in lines:
            self._line(line.rstrip(), lines)
        return "\n".join(self._out)

    def _line(self, line: str, rest: Iterator[str]) -> None:
        if _TABLE.match(line):
            self._table(line, rest)
        elif fence := _LINE.match(line):
            self._block(fence, rest)
        elif attributes := _BLOCK_ATTRIBUTES.match(line):
            parts = [part.strip() for part in attributes["list"].split(",")]
            self._attributes = attributes["list"]
            self._language = parts[1] if len(parts) > 1 and parts[0] in {"", "source"} else ""
            self._speaker = ", ".join(parts[1:]) if parts[0] in {"quote", "verse"} else ""
        elif not _LEFT_OUT.match(line):
            self._out += self._text(line)

    def _text(self, line: str) -> list[str]:
        if item := _ITEM.match(line):
            return [self._item(item["mark"], _inline(item["text"]))]
        if line == "+":  # what follows belongs to the item above
            return [""]
        self._numbers = self._numbers if not line or line[0].isspace() else {}
        if heading := _HEADING.match(line):
            return ["", f"{'#' * len(heading['level'])} {_inline(heading['words'])}", ""]
        if title := _BLOCK_TITLE.match(line):
            return ["", _inline(title["words"]), ""]
        if (term := _TERM.match(line)) and "://" not in term["term"]:
            return ["", f"- {_inline(term['term'])}: {_inline(term['text'] or '')}"]
        return [_inline(line.lstrip())]

    def _item(self, mark: str, words: str) -> str:
        depth = len(mark) - 1 if mark[0] in "*." else 0
        if mark[0] in "*-":
            return f"{'   ' * depth}- {words}"
        self._numbers = {level: number for level, number in self._numbers.items() if level <= depth}
        self._numbers[depth] = self._numbers.get(depth, 0) + 1
        return f"{'   ' * depth}{self._numbers[depth]}. {words}"

    def _block(self, fence: re.Match[str], rest: Iterator[str]) -> None:
        """A delimited block: code to its end, of others only the lines that delimit them are left out."""
        delimiter = fence["fence"]
        kind = _FENCES.get(delimiter[:4] if delimiter != "--" else "--", _FENCES.get(delimiter[:3], ""))
        if kind not in {"code", "raw"}:
            self._out.append("")
            if kind == "quote":
                self._quote(_until(rest, delimiter))
            return
        code = list(_until(rest, delimiter))
        if kind == "code":
            marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", "\n".join(code))), 3)
            self._out += ["", f"{marks}{fence['language'] or self._language}", *code, marks, ""]
        self._language = ""

    def _quote(self, lines: Iterator[str]) -> None:
        speaker, self._speaker = self._speaker, ""
        for line in lines:
            self._line(line.rstrip(), lines)
        self._out += ["", f"— {_inline(speaker)}" if speaker else "", ""]

    def _table(self, delimiter: str, rest: Iterator[str]) -> None:
        """Rows of cells: as many as the columns that are stated, else as the first line with cells has."""
        lines = list(_until(rest, delimiter))
        rows = list(csv.reader(lines)) if delimiter[0] == "," else _rows_of_cells(lines)
        cells = [_inline(" ".join(cell.split())).replace("|", r"\|") for row in rows for cell in row]
        if not cells:
            return
        first = next(at for at, line in enumerate(lines) if line.strip())
        width = _columns(self._attributes) or max(1, len(next(filter(None, rows))))
        made = [cells[at : at + width] for at in range(0, len(cells), width)]
        is_apart = len(lines) > first + 1 and not lines[first + 1].strip()
        made = made if is_apart or "header" in self._attributes else [[""] * width, *made]
        self._attributes = ""
        shown = [f"| {' | '.join(row)} |" for row in made]
        self._out += ["", shown[0], f"|{'---|' * width}", *shown[1:], ""]


def _rows_of_cells(lines: Sequence[str]) -> list[list[str]]:
    """The cells that begin on each line; what stands before the first goes on in the cell before."""
    rows: list[list[str]] = [[]]
    for line in lines:
        before, *cells = _CELL.split(line)
        if before.strip() and any(rows):
            next(row for row in reversed(rows) if row)[-1] += f" {before}"
        elif before.strip():
            cells.insert(0, before)
        rows.append(cells)
    return rows


def _columns(attributes: str) -> int:
    """How many columns `cols="1,2"` or `cols=3*` states; 0 if it states none."""
    match = _COLUMNS.search(attributes)
    parts = (match[1] or match[2]).split(",") if match else ()
    counts = (re.match(r"\s*(\d{1,2})\*", part) for part in parts)
    return sum(int(count[1]) if count else 1 for count in counts)


def _until(lines: Iterator[str], end: str) -> Iterator[str]:
    for line in lines:
        if line.rstrip() == end:
            return
        yield line


def _inline(text: str) -> str:
    parts = _CODE_SPAN.split(text)
    for at in range(0, len(parts), 2):
        for pattern, made in _INLINE:
            parts[at] = pattern.sub(made, parts[at])
    return "".join(part.replace("`+", "`").replace("+`", "`") for part in parts)
