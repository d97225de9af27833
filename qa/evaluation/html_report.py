"""An evaluation as one self-contained page: figures, charts and every missed question.

Nothing is fetched and no script runs; Jinja escapes all that comes from posts and questions.
"""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from qa.evaluation import charts
from qa.evaluation.compare import CONTRAST_HEAD, LEGEND, Comparison
from qa.evaluation.definitions import formulas
from qa.evaluation.funnel import OUTCOMES, STEPS, funnels
from qa.evaluation.results import ANSWER_HIT, HEADLINES, Evaluation, Row
from qa.evaluation.tables import FIGURE_HEAD, facts, figure_rows, interval, refusal_figures

_TEMPLATES = Environment(
    loader=PackageLoader("qa.evaluation"), autoescape=True, trim_blocks=True, undefined=StrictUndefined
)
_TEMPLATES.filters["px"] = "{:.1f}".format
_TEMPLATES.filters["interval"] = interval


Link = Callable[[str, str, int, int, str], str]
"""Makes HTML of a post's id and title, start, end and a quote; where start equals end, the place is the quote's."""


def html_report(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """The page, for a light and a dark screen."""
    body = Markup(report_body(evaluation, comparison))  # noqa: S704  # escaped by its template
    return _TEMPLATES.get_template("page.html").render(title=evaluation.gold, body=body)


def report_style() -> str:
    """The report's CSS rules; they name no colour but by variable, so that another page can hold the report."""
    return _TEMPLATES.get_template("report.css").render()


def report_body(
    evaluation: Evaluation, comparison: Comparison | None = None, link: Link = lambda _, title, *place: escape(title)
) -> str:
    """The content of the page, for use within another one that brings `report_style()`.

    Args:
        link: What is shown as a post's title where a place in it is named.
    """
    overall = evaluation.overall
    headlines = [(name, overall.measures[name]) for name in HEADLINES if name in overall.measures]
    shares, errors = refusal_figures(overall.refusals)
    compared = [*(contrast.measure for contrast in comparison.contrasts), "p"] if comparison else []
    return _TEMPLATES.get_template("body.html").render(
        evaluation=evaluation,
        facts=facts(evaluation),
        tiles=[(name, figure) for name, figure in (*headlines, *shares) if figure],
        funnels=funnels(evaluation),
        meanings={step.name: step.meaning for step in (*STEPS, *OUTCOMES)},
        formulas=formulas([*overall.measures, *dict(shares), *dict(errors), *compared]),
        comparison=comparison,
        contrast_head=CONTRAST_HEAD,
        contrast_legend=LEGEND,
        kind_bars=charts.kind_bars(evaluation),
        ranks=charts.rank_columns(evaluation),
        risk=charts.risk_curve(evaluation),
        reliability=charts.reliability_curve(evaluation),
        times=charts.time_columns(evaluation),
        figure_head=FIGURE_HEAD,
        figures=[row for group in figure_rows(overall) for row in group],
        missed=[(row, reasons) for row in evaluation.rows if (reasons := reasons_missed(row))],
        link=lambda *place: Markup(link(*place)),  # noqa: S704  # HTML by contract
    )


def reasons_missed(row: Row) -> list[str]:
    """Why the question counts as missed, in plain words; nothing where all of it is right."""
    if row.error:
        return [f"refused as input: {row.error}"]
    if not row.answerable:
        return ["answered, though the corpus does not answer it"] if row.answered else []
    rank = f"at rank {row.post_rank}" if row.post_rank else "not among the ranked passages"
    reasons = (
        (not row.answered, "refused, though the corpus answers it"),
        (row.post_rank != 1, f"first gold post {rank}"),
        (row.measures.get("quote@1") == 0, "the first quote is not a gold quote"),
        (row.measures.get("answer@1") == 0, "the first quote holds no gold answer"),
        (row.answered and row.measures.get(ANSWER_HIT) == 0, "no gold answer in the answer's text"),
        (bool(row.unplaced_quotes), "a gold quote is not in the gold post"),
    )
    return [reason for missed, reason in reasons if missed]
