"""What site generators and note-taking programs take out of Markdown before it is read, made invisible in place.

Liquid (Jekyll), shortcodes (Hugo, Zola), JSX expressions and modules (MDX), comments (HTML, Obsidian), directives
(Docusaurus, Python-Markdown). Every replacement has the length of what it replaces, so that places stay true.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from index.text.hidden import (
    CODE_SPAN,
    FENCE,
    NOTE_TITLE,
    PLACEHOLDER,
    Source,
    blank,
    fills_lines,
    note_title,
    placeholders,
    spaces,
)
from index.text.mdx import is_mdx, without_jsx
from index.text.superscripts import subscript, superscript

_BRACE = "\ue002"  # for a brace that is shown

_NOTES = (
    "note tip hint important warning caution danger attention error seealso admonition margin sidebar dropdown "
    "epigraph topic versionadded versionchanged deprecated"
).replace(" ", "|")
_NOTE_FENCE = re.compile(
    rf" {{0,3}}[`~]{{3,}}[ \t]*(?:\{{(?:{_NOTES})\}}|ad-[\w-]+)[ \t]*(?P<stated>[^\n]*)\n"
    r"(?:(?::[\w-]+:[^\n]*|title:[ \t]*(?P<title>[^\n]+)|(?:collapse|icon|color):[^\n]*)\n)*"
)
_QUERIES = r"dataview|dataviewjs|query|tasks|\{(?:toctree|contents|image)\}"
_QUERY_FENCE = re.compile(rf" {{0,3}}[`~]{{3,}}[ \t]*(?:{_QUERIES})(?![\w-])")
_MYST = re.compile(rf"^(?:[`~]{{3,}}|:{{3,}})\{{(?:{_NOTES}|code-cell|code-block|figure|toctree)\}}", re.M)
_MYST_COMMENT = re.compile(r"^(?:%|\+\+\+)(?:[ \t][^\n]*)?$", re.M)
_LIQUID_CODE = (
    r"\{%-?\s*highlight\b[^%\n]*%\}[ \t]*\n(?:.*?)\{%-?\s*endhighlight\s*-?%\}"
    r"|\{\{<\s*highlight\b[^\n]*?>\}\}[ \t]*\n(?:.*?)\{\{<\s*/\s*highlight\s*>\}\}"
)
_LIQUID_COMMENT = r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}"
_PARTS = (
    ("", f"(?P<code>{FENCE}|{CODE_SPAN})"),
    ("highlight", f"(?P<liquid_code>{_LIQUID_CODE})"),
    ("/*", r"(?P<shown_tag>\{\{[<%]/\*[^\n]*?\*/[>%]\}\})"),
    ("{%", rf"{_LIQUID_COMMENT}|\{{%.*?%\}}"),
    # elements that a script or generator defines, and those whose content is Markdown
    ("<", r"</?[a-z][a-z0-9]*-[\w.-]*(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"),
    ("markdown", r"<[a-z]+\s(?=[^<>]*(?<=\s)markdown(?:=[\"']?(?:1|block|span)[\"']?)?[\s>])[^<>]*>"),
    ("{{", r"\{\{[<%].*?[%>]\}\}|\{\{.*?\}\}"),
    ("{/*", r"\{/\*.*?\*/\}"),
    ("<!--", r"(?<!\\)<!--.*?(?:-->|\Z)"),
    ("{#", r"(?<![ ]{4})\{#[\s-].*?#\}"),  # a comment of Jinja or Tera
    # behind a line of HTML the parser ends these at a blank line
    ("<s|<S", r"(?<=>\n)(?i:<script\b.*?</script\s*>|<style\b.*?</style\s*>)"),
    (
        "hidden|none",
        r"<(?:div|section|aside)\b[^<>]*(?:\shidden(?=[\s=>])|display:\s*none)[^<>]*>.*?</(?:div|section|aside)\s*>",
    ),
    ("%%", r"^%%[ \t]*$.*?^%%[ \t]*$|%%(?!\s*$).*?%%"),
    ("{::", r"\{::comment\}.*?\{:/(?:comment)?\}"),
    ("toc", r"^(?:[-*+]|1\.)[ \t]+[^\n]*\n\{:[ ]?toc[^{}\n]*\}"),
    ("{:", r"\{:[^{}\n]*\}"),
    ("]{|){|`{", r"(?<=[\])`])\{[ ]?(?:[#.=][\w:.=-]|[\w-]+=)[^{}\n]*\}"),  # attributes of a link, a picture, code
    ("{.|{ .|{#|{ #", r"[ \t]\{[ ]?[.#][\w-]+[^{}\n]*\}[ \t]*$"),
    ("8<", r"^[ \t]*-+8<-+[^\n]*$"),  # a file that is included
    ("{>>", r"\{>>.*?<<\}"),
    ("}`", r"\{[a-z][\w:.-]*\}(?=`[^`\n]+`)"),  # a role of MyST
    ("^", r"[ \t]\^(?:(?=[a-z]*\d)[a-z0-9]{6}|[A-Za-z][\w-]{2,})$"),  # the id of a block
    ("^", r"^\^[ \t]*$"),
    (")=", r"^\([\w:.-]+\)=[ \t]*$"),  # the name of what stands below, in MyST
    ("\\", r"^\\(?:newpage|pagebreak|clearpage|tableofcontents|maketitle|(?:small|med|big)skip)[ \t]*$"),
    ("[toc]|[TOC]|[_TOC_]", r"^\[(?:toc|TOC|\[(?:_TOC_|toc|TOC)\])\][ \t]*$"),
    ("*[", r"^\*\[[^\]\n]+\]:[^\n]*$"),  # an abbreviation's long form
    (
        ":material-|:fontawesome-|:octicons-|:simple-",
        r":(?:material|fontawesome|octicons|simple)-[\w-]+:(?:\{[^{}\n]*\})?",
    ),
    ("]{.", r"\[(?P<span>[^\[\]\n]+)\]\{[.][^{}\n]*\}"),
    ("^[", r"\^\[(?P<note>(?=[^\]]*\s)(?:[^\[\]]|\[[^\[\]\n]*\]){2,1000})\]"),
    ("~", r"~(?:(?<=[^\W\d]~)|(?<=[\w)\]]~)(?![^~\n]*~\d))(?P<lowered>[\w+−–-]{1,12})~(?!~)"),
    ("^", r"\^(?<=[\w)\]]\^)(?P<raised>[\w+−–-]{1,12})\^(?!\w)"),
)
"""What is replaced, each with letters one of which it cannot be without; what has no name is hidden."""
_TERMS = re.compile(r"(?:(?<=\n\n)|\A)(?:[^\s:>#|*+`~<-][^\n]*\n){2,5}(?=\n?:[ \t]+\S)")
_RAW = re.compile(r"(\{%-?\s*raw\s*-?%\})(.*?)(\{%-?\s*endraw\s*-?%\}|\Z)", re.S)
_LIQUID_CODE_PARTS = re.compile(
    r"\A(\{\{?[%<].*?[%>]\}\}?)(.*?)(\{\{?[%<]-?\s*(?:end|/\s*)highlight\s*-?[%>]\}\}?)\Z", re.S
)
_CAPTION = re.compile(r"\b(?P<name>caption|title)\s*=\s*([\"'])(?P<words>(?:(?!\2).)+)\2")
_DIRECTIVE = re.compile(
    r"^(?P<marks> {0,3}(?::{3,}|!{3}|\?{3}\+?|={3}[+!]?(?=[ \t]+\"))[ \t]*)(?P<name>\{[\w-]+\}|[\w-]*)(?P<rest>[^\n]*)"
    r"(?P<options>(?:\n[ \t]*:[\w-]+:[^\n]*)*)$",
    re.M,
)


def without_tags(body: str, *, mdx: bool = False) -> Source:
    """A Markdown text of the same length in which template syntax, comments and modules are not visible any more.

    Code keeps what looks like them. A tag that fills its lines becomes spaces, so that it is no paragraph; one
    inside a line becomes placeholders, so that a link whose target it makes up stays a link.

    Args:
        mdx: Whether it is MDX; a text that has modules is so in any case.
    """
    source = without_jsx(body) if mdx or is_mdx(body) else Source(body)
    substitutes = dict(source.substitutes)
    text = _RAW.sub(_raw, source.text)
    parts = tuple(pattern for letters, pattern in _PARTS if any(letter in text for letter in letters.split("|")))
    text = _compiled(parts).sub(lambda match: _replaced(match, substitutes), text)
    if _MYST.search(body):
        text = _outside_fences(text, lambda part: _MYST_COMMENT.sub(lambda match: spaces(match[0]), part))
    text = _outside_fences(text.replace(_BRACE, "{"), lambda part: _DIRECTIVE.sub(_directive, part))
    return Source(_with_terms(text, substitutes) if "\n:" in text else text, substitutes)


@lru_cache(maxsize=64)
def _compiled(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.M | re.S)


def _with_terms(text: str, substitutes: dict[int, tuple[int, str]]) -> str:
    """A text in which several terms of one definition stand on one line, as the parser knows them."""
    fences = [match.span() for match in re.finditer(FENCE, text, re.M | re.S)]
    breaks = [
        match.start() + at
        for match in _TERMS.finditer(text)
        if not any(start <= match.start() < stop for start, stop in fences)
        for at, letter in enumerate(match[0][:-1])
        if letter == "\n"
    ]
    substitutes.update((at, (at + 1, " / ")) for at in breaks)
    for at in breaks:
        text = f"{text[:at]}x{text[at + 1 :]}"
    return text


def _raw(match: re.Match[str]) -> str:
    """What stands between `{% raw %}` and its end, as it is, without the tags."""
    body = match.string
    return _blank(body, *match.span(1)) + match[2].replace("{", _BRACE) + _blank(body, *match.span(3))


def _replaced(match: re.Match[str], substitutes: dict[int, tuple[int, str]]) -> str:
    """What stands for a match; `substitutes` gets what is shown in place of marks."""
    (start, end), tag = match.span(), match[0]
    match match.lastgroup:
        case "liquid_code":
            return _fenced(tag)
        case "code":
            return _note_fence(tag) if match["fence"] else tag
        case "shown_tag":
            return _BRACE * 2 + tag[2] + PLACEHOLDER * 2 + tag[5:-5] + PLACEHOLDER * 2 + tag[-3:]
        case None:
            return _blank(match.string, start, end)
        case "span":
            return PLACEHOLDER + match["span"] + PLACEHOLDER * (end - match.end("span"))
        case "note":
            substitutes[start] = start + 2, "(" if match.string[start - 1 : start].isspace() else " ("
            substitutes[end - 1] = end, ")"
            return f" ({match['note']})"
        case "lowered" | "raised":
            return _on_line(match, substitutes)
        case _:
            return tag


def _note_fence(code: str) -> str:
    """A fence that is no code: a note of MyST's or of Obsidian's Admonition plugin, or a query that is run."""
    match = _NOTE_FENCE.match(code)
    if match is None:
        return spaces(code) if _QUERY_FENCE.match(code) else code
    end = code.rfind("\n")
    stated = match["stated"] if match["stated"].strip() else ""
    title = match.span("title") if match["title"] else match.span("stated") if stated else None
    head = note_title(code, 0, match.end() - 1, title) + "\n" if title else spaces(match[0])
    return head + code[match.end() : end] + spaces(code[end:])


def _on_line(match: re.Match[str], substitutes: dict[int, tuple[int, str]]) -> str:
    """A lowered or raised text of Pandoc's, "H~2~O" or "10^6^", written so that no figure changes."""
    start, text = match.start(), match[match.lastgroup or 0]
    before = match.string[max(start - 40, 0) : start]
    if match.lastgroup == "raised":
        written = superscript(before, text, links=False)
        mark = "^" if written.startswith("^") else PLACEHOLDER
        return f"{mark}{text}{PLACEHOLDER}" if written else PLACEHOLDER * len(match[0])
    written = subscript(before, text, match.string[match.end() : match.end() + 1])
    if written[0] != "_":
        return f"{PLACEHOLDER}{text}{PLACEHOLDER}"
    substitutes[start] = start + 1, "_"
    if written.endswith(" "):
        substitutes[match.end() - 1] = match.end(), " "
        return f"x{text}x"
    return f"x{text}{PLACEHOLDER}"


def _fenced(code: str) -> str:
    """`{% highlight %}` and its end as the fences of a code block."""
    parts = _LIQUID_CODE_PARTS.match(code)
    if parts is None:
        return code
    opening, inside, closing = parts.groups()
    break_before = "" if inside.endswith("\n") else PLACEHOLDER
    if break_before:  # the end stands in the last line of the code: nothing to be gained
        return spaces(opening) + inside + spaces(closing)
    return "```" + PLACEHOLDER * (len(opening) - 3) + inside + "```" + " " * (len(closing) - 3)


def _blank(text: str, start: int, end: int) -> str:
    """What stands for `text[start:end]`; of a shortcode the caption stays, and a title if nothing stands beside it."""
    tag = text[start:end]
    captions = list(_CAPTION.finditer(tag)) if tag.startswith(("{{<", "{{%")) else []
    caption = min(captions, key=lambda found: found["name"], default=None)
    if caption is None:
        return blank(text, start, end)
    first, last = (start + at for at in caption.span("words"))
    if fills_lines(text, start, end):
        return note_title(text, start, end, (first, last))
    if caption["name"] == "title":
        return placeholders(tag)
    return placeholders(text[start:first]) + text[first:last] + placeholders(text[last:end])


def _directive(match: re.Match[str]) -> str:
    """The line that opens a note without its marks: the title stays.

    Python-Markdown indents what belongs to the note, as the item of a list does.
    """
    line, is_indented = match[0], match["marks"].strip()[0] in "!?="
    quoted = re.search(r"\"([^\"\n]*)\"", match["rest"])
    stated = quoted[1] if quoted else "" if is_indented else re.sub(r"\{[^{}]*\}$", "", match["rest"])
    title = stated.strip().strip("[]") if match["name"] or is_indented else ""
    if not (title or is_indented):
        return spaces(line)
    start = line.rfind(title) if title else len(line)
    marks = "*   " if is_indented and line[0] in "!?=" else ""
    hidden = marks + PLACEHOLDER * (start - len(marks) - 1) + NOTE_TITLE
    return hidden + title + placeholders(line[start + len(title) :])


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    """A text whose parts outside fenced code are changed."""
    parts, at = [], 0
    for match in re.finditer(FENCE, text, re.M | re.S):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])
