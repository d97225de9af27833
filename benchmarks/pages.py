"""How much of the wanted and unwanted text of saved web pages is kept, and how often their date is right.

    python -m benchmarks.pages --pages DIR --gold FILE [--half development|held-out] [--misses] [--json FILE]

The gold is a JSON object of address to facts, as the evaluations of trafilatura (tests/evaldata.json) and htmldate
(tests/eval_default.json) have it: `file`, and what is known of `with` and `without` (pieces of text) and `date`.
Pieces are compared without Markdown's marks, white space and soft hyphens. The halves divide the gold by a shuffle of
fixed seed: rules are made on the first, and the second only measures them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.errors import SourceError
from index.records import Document, Record
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.html import read

_SEED = 7
_MARKS = re.compile(r"[|*_`#>\\\u00ad]+|(?<=\n)\s*- ")
_NUMBERS = re.compile(r"(?<=\n)\s*\d+\. ")
_DAY = len("2024-03-02")


class GoldPage(Record):
    """What a page's readers say of it; a date of None is not known, an empty one is that there is none."""

    file: str
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    date: str | None = None


class PageResult(Record):
    """One page measured: the wanted text lost, the unwanted text kept, and the date that was read."""

    page: GoldPage
    lost: tuple[str, ...]
    kept: tuple[str, ...]
    date: str | None


def gold_pages(path: Path, half: str | None = None) -> list[GoldPage]:
    """The pages of a gold file, or of one half of it."""
    stated = list(json.loads(path.read_text(encoding="utf-8")).values())
    pages = [
        GoldPage(
            file=facts["file"],
            wanted=tuple(facts.get("with") or ()),
            unwanted=tuple(facts.get("without") or ()),
            date=_date(facts),
        )
        for facts in stated
    ]
    random.Random(_SEED).shuffle(pages)  # noqa: S311  # no secret
    middle = len(pages) // 2
    return {"development": pages[:middle], "held-out": pages[middle:]}.get(half or "", pages)


def measure(pages: list[GoldPage], folder: Path) -> Iterator[PageResult]:
    """Each page that lies in the folder, measured; one that cannot be read has no text and no date."""
    files = {path.name: path for path in sorted(folder.rglob("*")) if path.is_file()}
    for page in pages:
        if page.file in files:
            draft = _read(files[page.file])
            body = draft.body if draft else ""
            text = f"{_compared(body)} {_compared(_NUMBERS.sub('', body))}"  # of lists, or of their own
            yield PageResult(
                page=page,
                lost=tuple(piece for piece in page.wanted if _compared(piece) not in text),
                kept=tuple(piece for piece in page.unwanted if _compared(piece) in text),
                date=draft.published[:_DAY] if draft and draft.published else None,
            )


def figures(results: list[PageResult]) -> dict[str, float]:
    """Shares of the pieces, and of the pages that have a date."""
    counts: Counter[str] = Counter()
    for result in results:
        page = result.page
        counts.update({"wanted": len(page.wanted), "lost": len(result.lost)})
        counts.update({"unwanted": len(page.unwanted), "kept": len(result.kept)})
        if page.date is not None:
            right = result.date == page.date
            counts.update({"dated": 1, "right": right, "wrong": bool(result.date) and not right})
    shares = {"pages": float(len(results))}
    if counts["wanted"]:
        shares["wanted text kept"] = 1 - counts["lost"] / counts["wanted"]
        shares["unwanted text kept"] = counts["kept"] / max(1, counts["unwanted"])
    if counts["dated"]:
        shares["date right"] = counts["right"] / counts["dated"]
        shares["date wrong"] = counts["wrong"] / counts["dated"]
    return {name: round(share, 4) for name, share in shares.items()}


def main() -> None:
    """Print the figures and, where asked for, what is behind them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=Path, required=True, help="Folder with the pages, at any depth.")
    options.add_argument("--gold", type=Path, required=True, help="JSON file of address to facts.")
    options.add_argument("--half", choices=("development", "held-out"), help="Only one half of the gold.")
    options.add_argument("--misses", action="store_true", help="Show what is lost, kept or wrong.")
    options.add_argument("--json", type=Path, help="File for the figures.")
    chosen = options.parse_args()
    results = list(measure(gold_pages(chosen.gold, chosen.half), chosen.pages))
    for result in results if chosen.misses else ():
        page = result.page
        if result.lost or result.kept:
            print(page.file, "lost", list(result.lost), "kept", list(result.kept))
        if page.date is not None and (result.date or "") != page.date:
            print(page.file, "date", page.date, "read", result.date)
    shares = figures(results)
    for name, share in shares.items():
        print(f"{name:20} {share:.4f}" if name != "pages" else f"{name:20} {share:.0f}")
    if chosen.json:
        chosen.json.write_text(json.dumps(shares, indent=2) + "\n", encoding="utf-8")


def _date(facts: dict[str, object]) -> str | None:
    if "date" not in facts:
        return None
    return facts["date"] if isinstance(facts["date"], str) else ""  # htmldate writes NaN


def _read(path: Path) -> DraftPost | None:
    try:
        (draft,) = read(Document(path=path, name=path.name), SourceSettings())
    except SourceError:
        return None
    return draft


def _compared(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


if __name__ == "__main__":
    main()
