"""An evaluation as one self-contained page: figures, charts and every missed question.

Nothing is fetched and no script runs; all that comes from posts and questions is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from string import Template
from typing import NamedTuple

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.charts import Bar, Mark, bars, columns, curve, round_step
from qa.evaluation.compare import Change, Comparison, moved_text
from qa.evaluation.html_style import PAGE, RULES
from qa.evaluation.results import ANSWER_HIT, HEADLINES, Evaluation, Figure, Quoted, Row, TopPassage
from qa.evaluation.tables import error_rows, refusal_rows, with_error


class Spot(NamedTuple):
    """A place in a post that a report speaks of; where `start` equals `end`, it is where `quote` stands."""

    post_id: str
    title: str
    start: int
    end: int
    quote: str


Link = Callable[[Spot], str]

_RANKS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 100))


def html_report(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """The page as text in UTF-8's range, for a light and a dark screen."""
    body = report_body(evaluation, comparison)
    return Template(PAGE).substitute(title=escape(evaluation.gold), rules=RULES, body=body)


def report_body(
    evaluation: Evaluation, comparison: Comparison | None = None, link: Link = lambda spot: escape(spot.title)
) -> str:
    """What stands in the page, for use within another one that brings the style (`qa.evaluation.html_style.RULES`).

    Args:
        link: Makes of a spot what is shown in place of its post's title, as HTML.
    """
    sections = [
        _head(evaluation),
        _tiles(evaluation),
        _section("Against the baseline", _comparison(comparison)) if comparison else "",
        _section("Per kind of question", f'<div class="charts">{_kind_charts(evaluation)}</div>'),
        _section("Ranks, confidence, time", f'<div class="charts wide">{_charts(evaluation)}</div>'),
        _section("All figures", _figures(evaluation)),
        _section("Missed questions", _misses(evaluation.rows, link)),
    ]
    return "\n".join(filter(None, sections))


def reasons_missed(row: Row) -> list[str]:
    """Why the question counts as missed, in plain words; nothing where all of it is right."""
    if row.error:
        return [f"refused as input: {row.error}"]
    if not row.answerable:
        return ["answered, though the corpus does not answer it"] if row.answered else []
    rank = f"at rank {row.post_rank}" if row.post_rank else "not among the ranked passages"
    found = (
        (not row.answered, "refused, though the corpus answers it"),
        (row.post_rank != 1, f"first gold post {rank}"),
        (row.measures.get("quote@1") == 0, "the first quote is not a gold quote"),
        (row.measures.get("answer@1") == 0, "the first quote holds no gold answer"),
        (row.answered and row.measures.get(ANSWER_HIT) == 0, "no gold answer in the answer's text"),
        (bool(row.unplaced_quotes), "a gold quote does not stand in the gold post"),
    )
    return [reason for missed, reason in found if missed]


def _head(evaluation: Evaluation) -> str:
    overall = evaluation.overall
    facts = [
        f"{overall.questions:,} questions, {overall.answerable:,} of them answerable",
        f"index generation {', '.join(map(str, evaluation.generations)) or 'unknown'}",
        f"encoder {evaluation.encoder}" if evaluation.encoder else "",
        f"{evaluation.dropped:,} questions dropped, as they could not be judged" if evaluation.dropped else "",
        f"gold SHA-256 {evaluation.sha256[:16]}…" if evaluation.sha256 else "",
    ]
    return f"<h1>{escape(evaluation.gold)}</h1><p>{escape(' · '.join(filter(None, facts)))}</p>"


def _tiles(evaluation: Evaluation) -> str:
    overall = evaluation.overall
    shown: list[tuple[str, Figure | None]] = [
        (name, overall.measures[name]) for name in HEADLINES if name in overall.measures
    ]
    shown += refusal_rows(overall.refusals)
    tiles = [_tile(name, figure) for name, figure in shown if figure]
    tiles.append(_plain_tile("calibration error, less is better", f"{overall.refusals.calibration_error:.3f}"))
    tiles.append(_plain_tile("quotes proven", f"{overall.proven} of {overall.citations}"))
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(name: str, figure: Figure) -> str:
    error = "" if figure.standard_error is None else f"<small> ±{figure.standard_error:.3f}</small>"
    return f'<div class="tile"><b>{figure.mean:.3f}{error}</b><span>{escape(name)} (n {figure.n})</span></div>'


def _plain_tile(name: str, value: str) -> str:
    return f'<div class="tile"><b>{escape(value)}</b><span>{escape(name)}</span></div>'


def _kind_charts(evaluation: Evaluation) -> str:
    drawn = []
    for name in HEADLINES:
        found = [(kind, summary.measures.get(name)) for kind, summary in evaluation.kinds.items()]
        items = [Bar(kind, f.mean, f.standard_error, f.n) for kind, f in found if f]
        if items:
            drawn.append(bars(name, items))
    return "".join(drawn)


def _charts(evaluation: Evaluation) -> str:
    confidences = [row.confidence for row in evaluation.rows]
    correct = [row.correct for row in evaluation.rows]
    bins = metrics.equal_width_bins(confidences, correct)
    points = metrics.risk_coverage(confidences, correct)
    thinned = [*points[:: max(1, len(points) // 200)], points[-1]]
    reliable = [(each.confidence, each.accuracy) for each in bins]
    sizes = [each.size for each in bins]
    return "".join(
        [
            _rank_histogram("Rank of the first relevant passage", evaluation.rows),
            curve("Risk at coverage", thinned, "coverage: share answered", "risk: share wrong", top=_top(points)),
            curve("Reliability", reliable, "confidence", "share right", diagonal=True, sizes=sizes),
            _latency_histogram(evaluation),
        ]
    )


def _top(points: Sequence[metrics.RiskPoint]) -> float:
    """The axis' upper end, one whose quarters are round, so that a low curve can be read."""
    highest = max(point.risk for point in points)
    return next(end for end in (0.04, 0.08, 0.2, 0.4, 0.8, 1.0) if end >= highest)


def _rank_histogram(title: str, rows: Iterable[Row]) -> str:
    ranks = [row.passage_rank for row in rows if row.answerable]
    counts = [sum(low <= rank <= high for rank in ranks if rank) for low, high in _RANKS]
    labels = [f"{low}" if low == high else f"{low}–{high}" for low, high in _RANKS]
    return columns(title, [*counts, ranks.count(None)], [*labels, "none"], "rank")


def _latency_histogram(evaluation: Evaluation) -> str:
    times = [row.milliseconds for row in evaluation.rows if not row.error] or [0.0]
    median, p95 = evaluation.overall.median_ms, evaluation.overall.p95_ms
    # One slow first question would squeeze the rest into a column: the last column holds all above.
    width = round_step(max(min(max(times), 1.5 * p95), 0.001) / 20)
    size = int(min(max(times), 1.5 * p95) / width) + 1
    counts, _ = np.histogram(np.clip(times, 0, size * width), bins=size, range=(0, size * width))
    labels = [f"{number * width:g}" if number % 5 == 0 else "" for number in range(size)]
    marks = (
        Mark(f"median {median:.1f} ms", median / (size * width)),
        Mark(f"p95 {p95:.1f} ms", p95 / (size * width)),
    )
    return columns("Time of one ask()", counts.tolist(), labels, "milliseconds, from", marks=marks)


def _figures(evaluation: Evaluation) -> str:
    overall = evaluation.overall
    shown = [*overall.measures.items(), *refusal_rows(overall.refusals)]
    rows = [(name, with_error(figure), str(figure.n) if figure else "0") for name, figure in shown]
    less = [
        (f"{name}, less is better", f"{value:.3f}", str(overall.questions))
        for name, value in error_rows(overall.refusals)
    ]
    times = ("one ask(), median / p95", f"{overall.median_ms:.1f} / {overall.p95_ms:.1f} ms", "")
    return _table(("measure", "mean ± standard error", "questions"), [*rows, *less, times])


def _comparison(comparison: Comparison) -> str:
    verdict = "A significant loss" if comparison.significant_loss else "No significant loss"
    kind = "bad" if comparison.significant_loss else "good"
    rows = [
        (
            c.measure,
            f"{c.old:.3f}",
            f"{c.new:.3f}",
            f"{c.difference:+.3f}",
            f"{c.p:.4f}",
            str(c.wins),
            str(c.losses),
        )
        for c in comparison.contrasts
    ]
    differs = "" if comparison.same_gold else "<p>The two gold files differ.</p>"
    return (
        f'<p class="{kind}">{verdict} on a headline measure.</p>{differs}'
        + _table(("measure", "old", "new", "difference", "p", "won", "lost"), rows)
        + _changes("Lost", comparison.lost)
        + _changes("Won", comparison.won)
    )


def _changes(title: str, changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    rows = [(f"{c.id}: {c.question}", moved_text(c), c.old_answer, c.new_answer) for c in changes]
    table = _table(("question", "moved", "old answer", "new answer"), rows, style="prose changes")
    opened = " open" if title == "Lost" else ""
    return f"<details{opened}><summary>{title}: {len(changes)}</summary>{table}</details>"


def _misses(rows: Sequence[Row], link: Link) -> str:
    missed = [(row, reasons) for row in rows if (reasons := reasons_missed(row))]
    shown = "".join(_miss(row, reasons, link) for row, reasons in missed)
    return f"<p>{len(missed):,} of {len(rows):,} questions.</p>{shown}"


def _miss(row: Row, reasons: Sequence[str], link: Link) -> str:
    quotes = "".join(f"<blockquote>{escape(quote)}</blockquote>" for quote in row.gold_quotes)
    wanted = [("gold post", "; ".join(row.gold_posts)), ("gold answer", "; ".join(row.gold_answers))]
    facts = [*wanted, ("confidence", f"{row.confidence:.3f}"), ("answer", row.answer)]
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    offered = "".join(_offered(each, link) for each in row.candidates)
    return (
        f'<details class="miss"><summary><b>{escape(row.id)}</b> {escape(row.question)} '
        f'<span class="tag">{escape(row.kind)}</span><small>{escape("; ".join(reasons))}</small></summary>'
        f"{quotes}<dl>{listed}</dl><h3>Quotes offered, in order</h3><ol>{offered}</ol>"
        f"<h3>Passages retrieved</h3>{_passages(row.passages, link)}</details>"
    )


def _offered(quoted: Quoted, link: Link) -> str:
    at = link(Spot(quoted.post_id, quoted.title, quoted.start, quoted.end, quoted.quote))
    return f"<li>{'✓' if quoted.right else '✗'} {escape(quoted.quote)} <small>{at}</small></li>"


def _passages(passages: Sequence[TopPassage], link: Link) -> str:
    names = list(dict.fromkeys(name for passage in passages for name in passage.signals))
    rows = [
        (
            "✓" if passage.relevant else "✗",
            f"{link(Spot(passage.post_id, passage.title, 0, 0, passage.text))}: {escape(passage.text)}",
            f"{passage.score:.3f}",
            *(f"{passage.signals[name]:.3f}" if name in passage.signals else "" for name in names),
        )
        for passage in passages
    ]
    return _html_table(("right", "passage", "score", *names), rows, style="prose")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], *, style: str = "") -> str:
    return _html_table(head, [[escape(cell) for cell in row] for row in rows], style=style)


def _html_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, style: str) -> str:
    """A table whose cells are HTML already; its head is not."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    inside = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll"><table class="{style}">{inside}</table></div>'


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"
