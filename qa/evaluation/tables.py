"""An evaluation as a table for people and as JSON for programs."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from qa.evaluation.funnel import STEPS, Funnel, Step, funnels, outcome
from qa.evaluation.results import HEADLINES, Evaluation, EvaluationError, Figure, Refusals, Row, Summary

SCHEMA = 1
"""Version of the JSON form; a reader refuses any other."""

FIGURE_HEAD = ("measure", "mean, 95 % interval", "questions")
_RANKS = ("post_passage_rank", "passage_rank", "quote_rank", "sentence_rank", "confidence", "correct")
_STATED = ("version", "corpus", "weights", "reranker")  # of the fingerprint; the rest of it is in the setup
WIDTH = 120
_REMEDY = "Write it anew with `qa eval GOLD --json FILE`."


def table(evaluation: Evaluation) -> str:
    """The figures with their 95 % intervals, overall and per kind, as plain text."""
    overall = evaluation.overall
    names = [name for name in HEADLINES if name in overall.measures]
    kinds = [
        (
            kind,
            str(summary.questions),
            *(_narrow(with_interval(summary.measures.get(name))) for name in names),
        )
        for kind, summary in evaluation.kinds.items()
    ]
    parts = [
        f"{evaluation.gold}: {', '.join(facts(evaluation))}",
        text_table(FIGURE_HEAD, *figure_rows(overall)),
        text_table(("kind", "asked", *map(_narrow, names)), kinds),
        *_funnel_parts(evaluation),
        *_remarks(evaluation),
    ]
    return "\n".join(parts) + "\n"


def _narrow(text: str) -> str:
    """A head or a figure of a table of many columns, in two lines: `0.933` above `.82–.98`."""
    first, space, rest = text.replace("sentence@", "sentence @").partition(" ")
    return first + space.replace(" ", "\n") + rest.replace("0.", ".")


def _funnel_parts(evaluation: Evaluation) -> Iterator[str]:
    """Each table below its title, and above what its columns mean where no earlier one has told it."""
    explained: set[str] = set()
    for funnel in funnels(evaluation):
        yield f"\n{funnel.title}"
        yield text_table(funnel.head, *funnel.cells)
        yield from (_meaning(step) for step in funnel.steps if step.name not in explained)
        explained.update(step.name for step in funnel.steps)


def _meaning(step: Step) -> str:
    return textwrap.fill(f"{step.name}: {step.meaning}", WIDTH, initial_indent="  ", subsequent_indent="    ")


def read_stored(path: Path, what: str = "the evaluation") -> Any:
    """What `to_json` gave for a file.

    Raises:
        EvaluationError: The file cannot be read or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{what} cannot be read", where=path, seen=error, remedy=_REMEDY) from error


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as plain values: where it comes from, the figures, and every question's row."""
    return {
        "schema": SCHEMA,
        "gold": {
            "name": evaluation.gold,
            "sha256": evaluation.sha256,
            "questions": len(evaluation.rows),
            "dropped": evaluation.dropped,
        },
        "index": {"generations": list(evaluation.generations), "encoder": evaluation.encoder},
        "reader": evaluation.reader,
        "calibration": evaluation.calibration,
        "fingerprint": evaluation.fingerprint,
        "aggregates": evaluation.overall.model_dump(mode="json"),
        "kinds": {name: summary.model_dump(mode="json") for name, summary in evaluation.kinds.items()},
        "funnel": [_funnel_to_json(funnel) for funnel in funnels(evaluation)],
        "rows": [row.model_dump(mode="json") for row in evaluation.rows],
    }


def _funnel_to_json(funnel: Funnel) -> dict[str, Any]:
    names = [step.name for step in funnel.steps]
    return {
        "title": funnel.title,
        "meaning": {step.name: step.meaning for step in funnel.steps},
        "counts": [
            {"group": counts.group, "asked": counts.asked, **dict(zip(names, counts.reached, strict=True))}
            for section in funnel.sections
            for counts in section
        ],
        "questions": {name: [row.id for row in rows] for name, rows in funnel.questions.items()},
    }


def to_csv(evaluation: Evaluation) -> str:
    """A line per question: what it is, where it ends, and 1 for each step that it reaches, 0 for the others."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ("gold", "id", "question", "kind", "answerable", "outcome", *(step.name for step in STEPS), *_RANKS)
    )
    for row in evaluation.rows:
        told = (row.gold or evaluation.gold, row.id, row.question, row.kind)
        steps = [int(step.reached(row)) for step in STEPS]
        ranks = [getattr(row, name) for name in _RANKS]
        writer.writerow((*map(_cell, told), int(row.answerable), outcome(row), *steps, *ranks))
    return file.getvalue()


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def from_json(stored: Mapping[str, Any], *, where: object = None) -> Evaluation:
    """The evaluation that `to_json` stored; its figures are computed again from the rows.

    Args:
        stored: The object read from the file.
        where: The file, for the error's text.

    Raises:
        EvaluationError: It is of another schema version or lacks a part.
    """
    if not isinstance(stored, Mapping) or stored.get("schema") != SCHEMA:
        seen = stored.get("schema") if isinstance(stored, Mapping) else type(stored).__name__
        raise EvaluationError(f"this is no evaluation of schema {SCHEMA}", where=where, seen=seen, remedy=_REMEDY)
    try:
        gold, index = stored["gold"], stored["index"]
        return Evaluation(
            gold=gold["name"],
            sha256=gold["sha256"],
            dropped=gold["dropped"],
            generations=tuple(index["generations"]),
            encoder=index["encoder"],
            reader=stored.get("reader", ""),
            calibration=stored.get("calibration", ""),
            fingerprint=stored.get("fingerprint", {}),
            rows=tuple(Row.model_validate(row) for row in stored["rows"]),
        )
    except (KeyError, TypeError, ValidationError) as error:
        raise EvaluationError("a stored evaluation lacks a part", where=where, seen=error, remedy=_REMEDY) from error


def text_table(head: Sequence[str], *sections: Iterable[Sequence[str]]) -> str:
    """A table of figures as plain text, with lines between the sections; all columns but the first to the right."""
    table = Table(Column(head[0], no_wrap=True), *(Column(name, justify="right") for name in head[1:]))
    for section in sections:
        for cells in section:
            table.add_row(*map(escape, cells))
        table.add_section()
    return plain_text(table)


def plain_text(table: Table) -> str:
    """A rich table as plain text."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get().rstrip("\n")


def with_interval(figure: Figure | None) -> str:
    """A figure as `0.933 0.82–0.98`, or a dash where it is undefined."""
    return "–" if figure is None else f"{figure.mean:.3f} {interval(figure)}"


def interval(figure: Figure) -> str:
    """The 95 % interval of a figure."""
    return f"{figure.low:.2f}–{figure.high:.2f}"


def figure_rows(summary: Summary) -> tuple[list[tuple[str, str, str]], ...]:
    """All figures as name, value and number of questions: first measures, then refusals, then errors and counts."""
    shares, errors = refusal_figures(summary.refusals)
    return (
        [(name, with_interval(figure), str(figure.n)) for name, figure in summary.measures.items()],
        [(name, with_interval(share), str(share.n if share else 0)) for name, share in shares],
        [
            *((f"{name}, less is better", f"{value:.3f}", str(summary.questions)) for name, value in errors),
            ("quotes proven", f"{summary.proven} of {summary.citations}", ""),
            ("one answer, median / p95", f"{summary.median_ms:.1f} / {summary.p95_ms:.1f} ms", ""),
        ],
    )


def refusal_figures(refusals: Refusals) -> tuple[list[tuple[str, Figure | None]], list[tuple[str, float]]]:
    """The shares, and the errors of which less is better, by the names they are shown under."""
    named = [(str(field.title), getattr(refusals, name)) for name, field in Refusals.model_fields.items()]
    shares = [(name, value) for name, value in named if not isinstance(value, float)]
    return shares, [(name, value) for name, value in named if isinstance(value, float)]


def facts(evaluation: Evaluation) -> list[str]:
    """What was evaluated, with what, and what was left out."""
    overall = evaluation.overall
    parts = (
        f"{overall.questions:,} questions, {overall.answerable:,} of them answerable",
        evaluation.setup,
        f"{evaluation.dropped:,} questions dropped, as they could not be judged" if evaluation.dropped else "",
        f"gold SHA-256 {evaluation.sha256[:16]}…" if evaluation.sha256 else "",
        *(f"{name} {evaluation.fingerprint[name]}" for name in _STATED if name in evaluation.fingerprint),
    )
    return [part for part in parts if part]


def _remarks(evaluation: Evaluation) -> list[str]:
    remarks = (
        ("a gold quote is not in the gold post", [row.id for row in evaluation.rows if row.unplaced_quotes]),
        ("refused as input, which counts as a miss", [row.id for row in evaluation.rows if row.error]),
    )
    return [f"{text}: {', '.join(ids)}" for text, ids in remarks if ids]
