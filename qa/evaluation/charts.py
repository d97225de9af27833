"""Small charts as inline SVG, drawn from numbers; colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10
from typing import NamedTuple

_WIDTH, _HEIGHT = 440, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 16, 44
_INNER_WIDTH, _INNER_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Bar(NamedTuple):
    """A labelled share, 0 to 1, with its standard error where there is one."""

    label: str
    value: float
    error: float | None
    n: int


class Mark(NamedTuple):
    """A labelled vertical line at a share of the width, 0 to 1."""

    label: str
    at: float


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def bars(title: str, items: Sequence[Bar]) -> str:
    """Horizontal bars from 0 to 1 with whiskers of one standard error."""
    left, width, step = 104, 142, 24
    drawn = []
    for number, item in enumerate(items):
        middle = 14 + number * step
        end = left + item.value * width
        drawn += [
            _text(left - 8, middle + 4, _cut(item.label, 15), "end"),
            _rect("track", _Box(left, middle - 8, width, 16)),
            _rect("fill", _Box(left, middle - 8, end - left, 16), f"{item.label}: {item.value:.3f}, n {item.n}"),
            _text(left + width + 8, middle + 4, f"{item.value:.2f}", "start", "strong"),
            _text(left + width + 42, middle + 4, f"n {item.n}", "start"),
        ]
        if item.error:
            low = left + max(0.0, item.value - item.error) * width
            high = min(end + item.error * width, left + width)
            drawn.append(_line(low, middle, high, middle, "whisker"))
    return _svg(title, "".join(drawn), width=left + width + 82, height=len(items) * step + 6)


def columns(
    title: str, counts: Sequence[int], labels: Sequence[str], x_name: str, *, marks: Sequence[Mark] = ()
) -> str:
    """A histogram: a column per count, its label below (an empty one draws none), marks across."""
    # Quarters of whole numbers, and room for the marks' labels above the columns.
    top = 4 * round_step(max(max(counts, default=0) * (1.3 if marks else 1) / 4, 1))
    step = _INNER_WIDTH / max(len(counts), 1)
    drawn = [_axes([f"{share * top:g}" for share in _QUARTERS], x_name, "questions")]
    for number, (count, label) in enumerate(zip(counts, labels, strict=True)):
        height = count / top * _INNER_HEIGHT
        x, y = _LEFT + number * step, _TOP + _INNER_HEIGHT - height
        drawn.append(_rect("fill", _Box(x + 1, y, max(step - 2, 1), height), f"{count} questions"))
        drawn.append(_text(x + step / 2, _TOP + _INNER_HEIGHT + 15, label, "middle"))
    for number, mark in enumerate(marks):
        x = _x(mark.at)
        drawn.append(_line(x, _TOP, x, _TOP + _INNER_HEIGHT, "mark"))
        # The first label goes to the left of its line and the others to the right, where there is room.
        side, shift = ("end", -5) if mark.at > (0.7 if number else 0.3) else ("start", 5)
        drawn.append(_text(x + shift, _TOP + 10 + 14 * number, mark.label, side, "strong"))
    return _svg(title, "".join(drawn))


def curve(
    title: str,
    points: Sequence[tuple[float, float]],
    x_name: str,
    y_name: str,
    *,
    top: float = 1.0,
    diagonal: bool = False,
    sizes: Sequence[int] = (),
) -> str:
    """A line through points of [0, 1] × [0, top]; with sizes, dots of an area that grows with them."""
    shares = [(x, min(y / top, 1.0)) for x, y in points]
    drawn = [_axes([f"{share * top:.2g}" for share in _QUARTERS], x_name, y_name)]
    drawn += [_text(_x(q), _TOP + _INNER_HEIGHT + 15, f"{q:g}", "middle") for q in _QUARTERS]
    if diagonal:
        drawn.append(_line(_x(0), _y(0), _x(1), _y(1), "guide"))
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in shares)
    drawn.append(f'<polyline class="line" points="{path}"/>')
    largest = max(sizes, default=1)
    for (x, y), size in zip(shares, sizes, strict=False):
        radius = 3 + 7 * (size / largest) ** 0.5
        drawn.append(
            f'<circle class="dot" cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{radius:.1f}">'
            f"<title>{size} questions, confidence {x:.2f}</title></circle>"
        )
    return _svg(title, "".join(drawn))


def round_step(least: float) -> float:
    """The smallest of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is no smaller than `least`, above 0."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def _axes(ticks: Sequence[str], x_name: str, y_name: str) -> str:
    drawn = []
    for share, tick in zip(_QUARTERS, ticks, strict=True):
        drawn.append(_line(_LEFT, _y(share), _LEFT + _INNER_WIDTH, _y(share), "grid"))
        drawn.append(_text(_LEFT - 8, _y(share) + 4, tick, "end"))
    middle = _TOP + _INNER_HEIGHT / 2
    drawn.append(_text(_LEFT + _INNER_WIDTH / 2, _HEIGHT - 8, x_name, "middle"))
    drawn.append(
        f'<text x="12" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 12 {middle:.1f})">'
        f"{escape(y_name)}</text>"
    )
    return "".join(drawn)


def _svg(title: str, inside: str, *, width: int = _WIDTH, height: int = _HEIGHT) -> str:
    name = escape(title)
    return (
        f'<figure><figcaption>{name}</figcaption><svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{name}">{inside}</svg></figure>'
    )


def _text(x: float, y: float, text: str, anchor: str, style: str = "") -> str:
    named = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(text)}</text>'


def _rect(style: str, box: _Box, tip: str = "") -> str:
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    shown = f"<title>{escape(tip)}</title>" if tip else ""
    return f'<rect class="{style}" {place} rx="2">{shown}</rect>'


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _x(share: float) -> float:
    return _LEFT + share * _INNER_WIDTH


def _y(share: float) -> float:
    return _TOP + (1 - share) * _INNER_HEIGHT


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
