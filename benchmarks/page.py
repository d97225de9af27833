"""Pages of figures: Markdown tables, and sections that a benchmark writes between marks of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

PERFORMANCE = Path("docs/performance.md")
QUALITY = Path("docs/quality.md")
_SECTIONS = re.compile(r"\n## [^\n]+\n\n<!-- (\S+) -->\n.*?<!-- /\1 -->\n", re.S)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is the header."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def write_section(page: Path, mark: str, title: str, text: str) -> None:
    """Put a text between its marks on a page; the rest of the page stays.

    Args:
        mark: Names the section in the marks.
        title: Heads the section where the page does not have it yet.
    """
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    old = page.read_text(encoding="utf-8") if page.is_file() else "# Performance\n"
    if begin not in old:
        old += f"\n## {title}\n\n{begin}\n{end}\n"
    before, rest = old.split(begin, 1)
    page.write_text(f"{before}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")


def write_around_sections(page: Path, text: str) -> None:
    """Write a page anew, followed by the sections that other benchmarks wrote on it."""
    old = page.read_text(encoding="utf-8") if page.is_file() else ""
    page.write_text(text + "".join(match[0] for match in _SECTIONS.finditer(old)), encoding="utf-8")
