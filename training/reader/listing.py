"""The data listing as a Markdown table: `python -m training.reader.listing --data DIR [--write docs/reader.md]`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from index.files import file_sha256
from training.reader.sources import Role, source_of

MARKS = ("<!-- data: python -m training.reader.listing -->", "<!-- end of data -->")
"""Between them stands the table in a document."""


def listing(folders: Sequence[Path], held_out: frozenset[str]) -> str:
    """A row for every file: rows, who made the questions, licence, use, weight of a row and SHA-256."""
    lines = ["| file | rows | questions by | licence | use | weight | SHA-256 |", "|---|---|---|---|---|---|---|"]
    for path in sorted((path for folder in folders for path in folder.glob("*.jsonl")), key=lambda path: path.name):
        source = source_of(path.stem, held_out=held_out)
        with path.open("rb") as file:
            rows = sum(1 for _ in file)
        weight = f"{source.weight:g}" if source.role is Role.TRAINING else "-"
        cells = (path.name, f"{rows:,}", source.origin, source.licence, source.role, weight, f"`{file_sha256(path)}`")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def written(text: str, table: str, marks: tuple[str, str]) -> str:
    """A document with a table between two marks.

    Raises:
        ValueError: A mark is missing.
    """
    before, begin, rest = text.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise ValueError(f"the document lacks {marks[0]} or {marks[1]}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def main() -> None:
    """Print the table, or write it into a document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", required=True, help="a folder of JSON Lines; repeatable")
    parser.add_argument("--hold-out", action="append", default=[], help="as given to prepare")
    parser.add_argument("--write", type=Path, help="a document with the two marks")
    options = parser.parse_args()
    table = listing(options.data, frozenset(options.hold_out))
    if options.write:
        options.write.write_text(written(options.write.read_text(encoding="utf-8"), table, MARKS), encoding="utf-8")
    else:
        print(table)


if __name__ == "__main__":
    main()
