"""docs/languages.md, out of the figures that `benchmarks.languages` measured: nothing in it is typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.language_speed import ENGINE
from benchmarks.page import markdown
from index.encoders.installed.catalog import MULTILINGUAL
from index.settings import DEFAULT_ENCODER

PAGE = Path("docs/languages.md")
_SPEEDS = ("passages per second", "question ms", "load ms", "memory MB after questions", "memory MB at most")
_ENGLISH, _SPANISH = (f"XQuAD, English paragraphs, asked in {name}" for name in ("en", "es"))
_RANKING = ("recall@1", "nDCG@10", "quote@1", "quote@3")
Figures = dict[str, Any]


def page(figures: Figures, held_out: Figures | None) -> str:
    """The whole page."""
    parts = [
        "# Languages",
        f"Made by `python -m benchmarks.languages`; every figure is measured, none is typed. `{MULTILINGUAL}` is "
        f"multilingual-e5-small, here out of {figures['origin']} with its weights in 4 bits; `{DEFAULT_ENCODER}` is "
        "the default. Both run in 8-bit integers. The weights that add features up are each encoder's own, fitted by "
        "`python -m benchmarks.fit`; the shipped ones were fitted on these questions, so the held-out table below "
        "is the fairer one. The twelve questions over the sample posts in German, Russian, Arabic and Chinese were "
        "not fitted on; they are few, one is 0.08.",
        "## What is found",
        _found(figures["quality"]),
    ]
    if held_out:
        parts += ["## Held out: fitted on one half of the articles, measured on the other", _held_out(held_out)]
    parts += [
        "## Spanish questions that the English posts do not answer",
        "By the shipped weights; `removed`: without the answering paragraph, `off-topic`: asked of another corpus.",
        markdown([["figure", "value"], *([name, f"{value:.3f}"] for name, value in figures["refusals"].items())]),
        "## Speed and memory",
        _speed(figures),
        "## Which one to choose",
        _advice(figures),
    ]
    return "\n\n".join(parts) + "\n"


def _found(quality: Figures) -> str:
    header = ["posts and questions", "n", *(f"{name}, {one}" for name in _RANKING for one in _short(quality))]
    rows = []
    for title, first in quality[DEFAULT_ENCODER].items():
        cells = [quality[encoder][title].get(name) for name in _RANKING for encoder in quality]
        rows.append([title, str(first["questions"]), *("–" if cell is None else f"{cell:.3f}" for cell in cells)])
    return markdown([header, *rows])


def _short(quality: Figures) -> list[str]:
    return ["MiniLM" if encoder == DEFAULT_ENCODER else encoder for encoder in quality]


def _held_out(figures: Figures) -> str:
    columns = {f"{which}, {part}": row for which, parts in figures.items() for part, row in parts.items()}
    names = list(dict.fromkeys(name for row in columns.values() for name in row))
    told = {"own": "posts' language", "foreign": "another language"}
    header = ["figure", *(f"{told[name.split(', ')[0]]}, {name.split(', ')[1]}" for name in columns)]
    cells = [[name, *(f"{row[name]:.3f}" if name in row else "–" for row in columns.values())] for name in names]
    return markdown([header, *cells])


def _speed(figures: Figures) -> str:
    speed, machine = figures["speed"], figures["machine"]
    systems = (DEFAULT_ENCODER, MULTILINGUAL, ENGINE)
    rows = [[name, *(f"{speed[one][name]:.1f}" if name in speed[one] else "–" for one in systems)] for name in _SPEEDS]
    load = machine["load average"][0]
    return "\n\n".join(
        [
            markdown([["", *systems], *rows]),
            f"Medians of {speed['runs']} runs in turn on {machine['cores']} cores shared with other work (load "
            f"{load:.1f}), so absolute speeds are low; the ratio in the same run is what to read: `{MULTILINGUAL}` "
            f"reads {speed['against the engine']:.1f} times as many passages a second as the engine of its package, "
            f"at least {speed['least']:.1f} times.",
        ]
    )


def _advice(figures: Figures) -> str:
    ours, usual = figures["quality"][MULTILINGUAL], figures["quality"][DEFAULT_ENCODER]
    speed = figures["speed"]
    slower = speed[DEFAULT_ENCODER]["passages per second"] / speed[MULTILINGUAL]["passages per second"]
    memory = speed[MULTILINGUAL]["memory MB after questions"] - speed[DEFAULT_ENCODER]["memory MB after questions"]
    gain = ours[_ENGLISH]["recall@1"] - usual[_ENGLISH]["recall@1"]
    return (
        f"- Posts or questions in any language but English: `{MULTILINGUAL}`. Spanish questions find their English "
        f"paragraph first {ours[_SPANISH]['recall@1']:.3f} of the time, with `{DEFAULT_ENCODER}` "
        f"{usual[_SPANISH]['recall@1']:.3f}.\n"
        f"- English alone: `{DEFAULT_ENCODER}` encodes {slower:.1f} times as fast and takes {memory:.0f} MB less; "
        f"the other's Recall@1 differs by {gain:+.3f} ({ours[_ENGLISH]['recall@1']:.3f} against "
        f"{usual[_ENGLISH]['recall@1']:.3f}).\n"
        f"- The default stays `{DEFAULT_ENCODER}`: what speaks for the change is every figure in another language"
        f"{' and a little in English' if gain > 0 else ''}; what speaks against it is the time to encode, the memory "
        "and a package of 72 MB that not everybody needs."
    )
