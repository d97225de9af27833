"""What became of every document of a build, as a table for a person and as a file for a program."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from index.records import BuildReport, SetAside

_EXAMPLES = 3
_PIPE_WIDTH = 160  # columns where nobody says how wide the output is


def print_report(report: BuildReport, *, verbose: bool = False) -> None:
    """Print how many posts were read and what was left out: a count and three examples for each reason.

    Args:
        verbose: Every one instead of three.
    """
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_WIDTH)
    console.print(_table(report, verbose=verbose))


def _table(report: BuildReport, *, verbose: bool) -> Table:
    table = Table("documents", "", "examples", box=None, pad_edge=False, header_style="dim")
    table.columns[1].justify = "right"
    table.columns[2].overflow = "fold"

    def row(name: str, count: int, *examples: str) -> None:
        table.add_row(Text(name), f"{count:,}", Text("\n".join(examples)))

    row("read", report.posts, "posts in the index")
    for name, count, meaning in (
        ("twins", report.duplicates, "the same text at several places, kept once with all of them"),
        ("shared ids", report.shared_ids, "stood in more than one place with different texts; all are kept"),
        ("older versions", report.replaced, "replaced by a later text of the same file, id and title"),
        ("no documents", report.no_documents, "images, fonts, styles, scripts and the like"),
    ):
        if count:
            row(name, count, meaning)
    for kind, items in (
        ("not published", report.not_published),
        ("empty", report.empty),
        ("unreadable", report.set_aside),
    ):
        for reason, parts in _by_reason(items).items():
            shown = parts if verbose else parts[:_EXAMPLES]
            row(f"{kind}: {reason}", len(parts), *(f"{part.origin}: {part.reason}" for part in shown))
    return table


def _by_reason(items: Iterable[SetAside]) -> dict[str, list[SetAside]]:
    """Items by what is wrong with them, the commonest first; names and figures make no difference."""
    groups: dict[str, list[SetAside]] = {}
    for item in items:
        reason = re.split(r" in /| \(seen: |\. ", item.reason.replace(f" in {item.origin}", ""), maxsplit=1)[0]
        groups.setdefault(re.sub(r"(?<![\w-])\d[\d,.:T+-]*", "…", reason), []).append(item)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))
