"""What site generators and note-taking programs take out of Markdown before it is read, made invisible in place.

Liquid (Jekyll), shortcodes (Hugo, Zola), JSX expressions and modules (MDX), comments (HTML, Obsidian), directives
(Docusaurus, Python-Markdown). Every replacement has the length of what it replaces, so that places stay true.
"""

from __future__ import annotations

import re
from collections.abc import Callable

PLACEHOLDER = "\ue000"
"""A character of the private use area: stands in a line for each character that is not visible."""
NOTE_TITLE = "\ue001"
"""The placeholder right before the title of a note, or at the end of the line that opens one without a title."""
_BRACE = "\ue002"  # for a brace that is shown

_FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?? {0,3}(?P=fence)[`~]*[ \t]*$"
_CODE_SPAN = r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)"
_LIQUID_CODE = (
    r"\{%-?\s*highlight\b[^%\n]*%\}[ \t]*\n(?:.*?)\{%-?\s*endhighlight\s*-?%\}"
    r"|\{\{<\s*highlight\b[^\n]*?>\}\}[ \t]*\n(?:.*?)\{\{<\s*/\s*highlight\s*>\}\}"
)
_LIQUID_COMMENT = r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}"
_HIDDEN = (
    _LIQUID_COMMENT,
    r"\{%.*?%\}",
    r"\{\{[<%].*?[%>]\}\}",
    r"\{\{.*?\}\}",
    r"\{/\*.*?\*/\}",
    r"<!--.*?(?:-->|\Z)",
    r"^%%[ \t]*$.*?^%%[ \t]*$",
    r"%%(?!\s*$).*?%%",
    r"\{:[^{}\n]*\}",
    r"[ \t]\^(?=[a-z]*\d)[a-z0-9]{6}$",  # the id of a block
    r"^\[(?:toc|TOC|\[_TOC_\])\][ \t]*$",
    r"^\*\[[^\]\n]+\]:[^\n]*$",  # an abbreviation's long form
)
_OUTSIDE_CODE = re.compile(
    f"(?P<code>{_FENCE}|{_CODE_SPAN})|(?P<liquid_code>{_LIQUID_CODE})|(?P<hidden>{'|'.join(_HIDDEN)})", re.M | re.S
)
_RAW = re.compile(r"(\{%-?\s*raw\s*-?%\})(.*?)(\{%-?\s*endraw\s*-?%\}|\Z)", re.S)
_LIQUID_CODE_PARTS = re.compile(
    r"\A(\{\{?[%<].*?[%>]\}\}?)(.*?)(\{\{?[%<]-?\s*(?:end|/\s*)highlight\s*-?[%>]\}\}?)\Z", re.S
)
_CAPTION = re.compile(r"\b(?:caption|title)\s*=\s*(?:\"([^\"]+)\"|'([^']+)')")
_MODULE = re.compile(
    r"^(?:import\s+(?:[\w*{][^\n]*?\s+from\s+)?['\"][^'\"\n]+['\"];?"
    r"|export\s+(?:const|let|var|function|default|async|class)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*)[ \t]*$",
    re.M,
)
_DIRECTIVE = re.compile(r"^(?P<marks> {0,3}(?::{3,}|!{3}|\?{3}\+?)[ \t]*)(?P<name>[\w-]*)(?P<rest>[^\n]*)$", re.M)


def without_tags(body: str) -> str:
    """A Markdown text of the same length in which template syntax, comments and modules are not visible any more.

    Code keeps what looks like them. A tag that fills its lines becomes spaces, so that it is no paragraph; one
    inside a line becomes placeholders, so that a link whose target it makes up stays a link.
    """
    text = _OUTSIDE_CODE.sub(_replaced, _RAW.sub(_raw, body)).replace(_BRACE, "{")
    if re.search(r"^import\s.+from\s+['\"]", text, re.M):
        text = _outside_fences(text, lambda part: _MODULE.sub(lambda match: _spaces(match[0]), part))
    return _outside_fences(text, lambda part: _DIRECTIVE.sub(_directive, part))


def _raw(match: re.Match[str]) -> str:
    """What stands between `{% raw %}` and its end, as it is, without the tags."""
    body = match.string
    return _blank(body, *match.span(1)) + match[2].replace("{", _BRACE) + _blank(body, *match.span(3))


def _replaced(match: re.Match[str]) -> str:
    if match["code"]:
        return match[0]
    if match["liquid_code"]:
        return _fenced(match[0])
    return _blank(match.string, *match.span())


def _fenced(code: str) -> str:
    """`{% highlight %}` and its end as the fences of a code block."""
    parts = _LIQUID_CODE_PARTS.match(code)
    if parts is None:
        return code
    opening, inside, closing = parts.groups()
    break_before = "" if inside.endswith("\n") else PLACEHOLDER
    if break_before:  # the end stands in the last line of the code: nothing to be gained
        return _spaces(opening) + inside + _spaces(closing)
    return "```" + PLACEHOLDER * (len(opening) - 3) + inside + "```" + " " * (len(closing) - 3)


def _blank(text: str, start: int, end: int) -> str:
    """What stands for `text[start:end]`; of a shortcode the caption stays."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    stop = text.find("\n", end)
    after = text[end : stop if stop >= 0 else len(text)]
    tag = text[start:end]
    caption = _CAPTION.search(tag) if tag.startswith(("{{<", "{{%")) else None
    if caption is None:
        return _spaces(tag) if not (before + after).strip() else _placeholders(tag)
    first, last = caption.span(1) if caption[1] else caption.span(2)
    return _placeholders(tag[:first]) + tag[first:last] + _placeholders(tag[last:])


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _placeholders(text: str) -> str:
    return re.sub(r"[^\n]", PLACEHOLDER, text)


def _directive(match: re.Match[str]) -> str:
    """The line that opens a note without its marks: the title stays.

    Python-Markdown indents what belongs to the note, as the item of a list does.
    """
    line, is_indented = match[0], match["marks"].strip()[0] in "!?"
    title = match["rest"].strip().strip('"[]') if match["name"] else ""
    if not (title or is_indented):
        return _spaces(line)
    start = line.rfind(title) if title else len(line)
    marks = "*   " if is_indented and line[0] in "!?" else ""
    hidden = marks + PLACEHOLDER * (start - len(marks) - 1) + NOTE_TITLE
    return hidden + title + _placeholders(line[start + len(title) :])


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    """A text whose parts outside fenced code are changed."""
    parts, at = [], 0
    for match in re.finditer(_FENCE, text, re.M | re.S):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])
