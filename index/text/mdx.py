"""What MDX takes out of Markdown, made invisible in place: modules, components, expressions and comments in braces.

An expression that is a string, a number or a constant of the page shows its value; what others show is not known
before the page is built.
"""

from __future__ import annotations

import re

from index.text.hidden import CODE_SPAN, FENCE, Source, blank, fills_lines, note_title, placeholders

_MODULE_LINE = re.compile(r"^(?:import\s.+?\sfrom\s+['\"]|export\s+(?:const|default)\s|\{/\*)", re.M)
_VUE = re.compile(r"^<script\b", re.M)  # whose components have modules inside
_PARTS = (
    rf"(?P<code>{FENCE}|{CODE_SPAN}|\$\$.+?\$\$|\$(?=[^\s\d$])[^$\n]*?[^\s$]\$(?!\d)|<!--.*?-->|\\.)",
    r"(?P<import>^import\s+(?:(?:type\s+)?[\w*{][^;'\"]*?\s+from\s+)?['\"][^'\"\n]+['\"];?[ \t]*$)",
    r"(?P<export>^export\s+(?:const|let|var|function|default|async|class|\{|\*))",
    r"(?P<tag></?(?:[A-Za-z][\w.-]*(?=[\s/>])|(?=>)))",
    r"(?P<brace>\{(?!\{?[<%]))",  # what follows is a shortcode
)
_OPENING = re.compile("|".join(_PARTS), re.M | re.S)
_CONSTANT = re.compile(
    r"export\s+(?:const|let|var)\s+(\w+)\s*(?::\s*\w+\s*)?=\s*(?:([\"'`])((?:(?!\2)[^\\\n])*)\2|([\d.]+));?\s*$"
)
_LITERAL = re.compile(r"\{\s*(?:([\"'`])((?:(?!\1)[^\\$])*)\1|([\d.]+))\s*\}")
_NAME = re.compile(r"\{\s*(\w+)\s*\}")
_TITLE = re.compile(r"\b(?P<name>caption|title|label|summary)=\{?([\"'])(?P<title>(?:(?!\2)[^\n])+)\2")
_FLOW = frozenset("div section main article header footer center aside span figure p nav".split())
_LONGEST = 20_000  # characters of an expression or a tag


def is_mdx(body: str) -> bool:
    """Whether a Markdown text has modules or comments of MDX in it: generators read `.md` as MDX, too."""
    return _MODULE_LINE.search(body) is not None and not _VUE.search(body)


def without_jsx(body: str) -> Source:
    """An MDX text of the same length in which modules, components, expressions and comments are not visible."""
    reader = _Reader(body)
    return Source(reader.read(), reader.substitutes)


class _Reader:
    """One pass over a text."""

    def __init__(self, body: str) -> None:
        self.substitutes: dict[int, tuple[int, str]] = {}
        self._body = body
        self._constants: dict[str, str] = {}

    def read(self) -> str:
        parts, at = [], 0
        while match := _OPENING.search(self._body, at):
            parts.append(self._body[at : match.start()])
            stop = self._end(match)
            parts.append(self._shown(match, stop))
            at = stop
        return "".join([*parts, self._body[at:]])

    def _end(self, match: re.Match[str]) -> int:
        """Where what begins at a match ends; the match's own end where it is only text."""
        if match["brace"]:
            literal = _LITERAL.match(self._body, match.start())
            return literal.end() if literal else self._closing(match.start()) or match.end()
        if match["tag"]:
            return self._tag_end(match.end()) or match.end()
        if match["export"]:
            return self._export_end(match.start())
        return match.end()

    def _shown(self, match: re.Match[str], stop: int) -> str:
        start, text = match.start(), self._body[match.start() : stop]
        if match["code"] or (stop == match.end() and (match["brace"] or match["tag"])):
            return text
        if match["export"] and (constant := _CONSTANT.match(text)):
            self._constants[constant[1]] = constant[3] or constant[4] or ""
        if match["brace"]:
            return self._expression(text, start)
        return self._component(match["tag"], text, start) if match["tag"] else blank(self._body, start, stop)

    def _expression(self, text: str, start: int) -> str:
        literal, name = _LITERAL.fullmatch(text), _NAME.fullmatch(text)
        value = (literal[2] or literal[3]) if literal else self._constants.get(name[1]) if name else None
        if value is None:
            return blank(self._body, start, start + len(text))
        self.substitutes[start] = start + len(text), value
        return "x" * len(text)

    def _component(self, opening: str, text: str, start: int) -> str:
        """A tag made invisible; of HTML's own only what Markdown's rules would not see through."""
        name = opening.strip("</")
        if name[:1].islower() and name not in _FLOW and "-" not in name:
            return re.sub(r"\s[\w:-]+=\{.*?\}(?=[\s/>])", lambda match: " " * len(match[0]), text, flags=re.S)
        begins_line = not self._body[self._body.rfind("\n", 0, start) + 1 : start].strip()
        title = _TITLE.search(text) if name[:1].isupper() and begins_line else None
        if title is None or (text.endswith("/>") and title["name"] != "caption"):
            return blank(self._body, start, start + len(text))
        first, last = (start + at for at in title.span("title"))
        end = start + len(text)
        if fills_lines(self._body, start, end):
            return note_title(self._body, start, end, (first, last))
        self.substitutes[end - 1] = end, ": "
        return placeholders(self._body[start:first]) + title["title"] + placeholders(self._body[last : end - 1]) + "x"

    def _closing(self, start: int) -> int | None:
        """Behind the brace that closes the one at a place."""
        depth = 0
        for match in re.compile(r"[{}]").finditer(self._body, start, start + _LONGEST):
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                return match.end()
        return None

    def _tag_end(self, at: int) -> int | None:
        """Behind the tag whose attributes begin at a place; those in quotes and braces may hold anything."""
        while match := re.compile(r"\"[^\"]*\"|'[^']*'|[{>]|\n[ \t]*\n").search(self._body, at, at + _LONGEST):
            if match[0] == ">":
                return match.end()
            closing = self._closing(match.start()) if match[0] == "{" else match.end()
            if closing is None or match[0][0] == "\n":
                return None
            at = closing
        return None

    def _export_end(self, start: int) -> int:
        """The end of the line in which all brackets of a statement are closed, or of the text."""
        at = start
        while (at := self._body.find("\n", at + 1)) >= 0:
            statement = self._body[start:at]
            if all(statement.count(opening) <= statement.count(closing) for opening, closing in ("()", "[]", "{}")):
                return at
        return len(self._body)
