"""The scale section of docs/performance.md and its picture, out of the figures that were measured."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from benchmarks.page import PERFORMANCE, markdown, write_section

_PICTURE = Path("docs/scale.svg")
_SHOWN = (
    "open, s",
    "memory after opening, MB",
    "memory after asking, MB",
    "question without encoder, median ms",
    "question without encoder, p95 ms",
    "whole question, median ms",
    "recall@10 against exact",
)
_LINES = (
    ("whole question, median ms", "#0f766e"),
    ("open, s", "#b45309"),
    ("memory after asking, MB", "#1d4ed8"),
)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 340, 60, 220, 20, 50


def write_page(figures: dict[str, Any]) -> None:
    """Write the picture, and the section between its marks on the page; the rest of the page stays."""
    _PICTURE.write_text(picture(figures["sizes"]), encoding="utf-8")
    write_section(PERFORMANCE, "scale", "Growing", section(figures))


def section(figures: dict[str, Any]) -> str:
    """Tables and what follows from them."""
    sizes: dict[str, dict[str, Any]] = figures["sizes"]
    names = [f"{int(size):,} chunks" for size in sizes]
    built = list(next(iter(sizes.values()))["build"])
    rows = [[name, *(f"{row[name]:.4g}" for row in sizes.values())] for name in _SHOWN]
    rows += [[f"build: {name}", *(f"{row['build'][name]:.1f}" for row in sizes.values())] for name in built]
    rows += [["vector search", *(str(row["structure"]) for row in sizes.values())]]
    rows += [["on disk, MB", *(f"{sum(row['on disk, MB'].values()):,.0f}" for row in sizes.values())]]
    measures = figures["neighbourhoods"]
    compared = [[name, f"{measures['real'][name]:.3f}", f"{measures['made'][name]:.3f}"] for name in measures["real"]]
    machine = figures["machine"]
    return "\n\n".join(
        [
            f"Measured by `python -m benchmarks.scale` on {machine['cores']} cores of {machine['processor']}. Nothing "
            f"is encoded in it; the encoder's {figures['encoder, median ms']:.1f} ms for a question are measured "
            "beside and added. Every size is opened and asked in a process of its own.",
            markdown([["", *names], *rows]),
            "![How opening, asking and memory grow](scale.svg)",
            "The vectors are made, not encoded. What a search structure lives on, in the real corpus and in the made "
            "one (as many passages, in as many articles):",
            markdown([["neighbourhoods", "XQuAD-en", "made"], *compared]),
            _growth(sizes),
            _hundred_million(sizes),
        ]
    )


def _growth(sizes: dict[str, dict[str, Any]]) -> str:
    """How each figure grows between the smallest and the largest size."""
    (small, first), *_, (large, last) = sizes.items()
    times = int(large) / int(small)
    growth = [f"{name.split(',')[0]} {last[name] / first[name]:.1f} times" for name, _ in _LINES]
    return f"From {int(small):,} to {int(large):,} chunks, {times:,.0f} times as many, grow: {'; '.join(growth)}."


def _hundred_million(sizes: dict[str, dict[str, Any]]) -> str:
    """What a hundred times the largest size would need, reckoned from its figures."""
    size, row = list(sizes.items())[-1]
    factor = 100_000_000 / int(size)
    disk = row["on disk, MB"]
    tables = (disk.get("passages.npy", 0) + disk.get("sentences.npy", 0)) * factor / 1e6
    structure = disk.get("passages.faiss", 0) * factor / 1e3
    lexical = (
        sum(megabytes for name, megabytes in disk.items() if name.startswith(("posting", "term", "chunk"))) * factor
    )
    return (
        "**A hundred million chunks, on paper.** At the bytes a chunk measured here, the tables in half precision "
        f"take {tables:.1f} TB, the inverted file's codes {structure:.0f} GB, postings and offsets "
        f"{lexical / 1e3:.0f} GB. The codes must lie in memory and the tables on fast disks, so it is a machine of "
        "64 to 128 GB, or several with a share each: the candidates of the shares are merged before they are "
        "weighed, which looks at no more of them than now. Lists grow with the root of the size, so a search looks "
        "at ten times as many codes as at a million. Building is the encoder's work: at about a hundred passages a "
        "second and machine of this kind, twelve days on one, a day on a dozen, for passages are encoded "
        "independently. The seams are `Encoder` (embedding on a cluster), `VectorStore` (a vector database) and "
        "the build's checkpoint."
    )


def picture(sizes: dict[str, dict[str, Any]]) -> str:
    """Curves over the number of chunks, both axes logarithmic."""
    values = [row[name] for row in sizes.values() for name, _ in _LINES]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    left, right = (math.log10(int(size)) for size in (next(iter(sizes)), list(sizes)[-1]))

    def x(size: float) -> float:
        return _LEFT + (math.log10(size) - left) / max(right - left, 1e-9) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(value) - low) / max(high - low, 1) * (_HEIGHT - _TOP - _BOTTOM)

    drawn = []
    for power in range(low, high + 1):
        at = y(10.0**power)
        drawn.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        drawn.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for size in sizes:
        place = f'x="{x(int(size)):.1f}" y="{_HEIGHT - _BOTTOM + 20}"'
        drawn.append(f'<text {place} text-anchor="middle">{int(size):,}</text>')
    for name, colour in _LINES:
        points = [(x(int(size)), y(row[name])) for size, row in sizes.items()]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        drawn.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>' for a, b in points]
        drawn.append(f'<text x="{points[-1][0] + 10:.1f}" y="{points[-1][1] + 4:.1f}" fill="{colour}">{name}</text>')
    drawn.append(f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">chunks</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>{"".join(drawn)}</svg>\n'
    )
