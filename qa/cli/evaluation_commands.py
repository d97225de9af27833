"""Commands for gold questions: `qa eval`, `qa calibrate`, `qa gold suggest`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import EncoderOption, Exit, IndexOption, RerankerOption, open_assistant
from qa.cli.output import confirm_question, progress_bar, write_text, writing
from qa.settings import PRECISION, REFUSAL_COST, SHOWN

_PROPOSALS_PER_NEAR_MISS = 5

if TYPE_CHECKING:
    from qa.evaluation.gold import GoldSet
    from qa.evaluation.trec import Judgements


def evaluate_gold(
    gold: Annotated[list[Path], typer.Argument(help="Gold questions: JSON Lines, a BEIR folder, or SQuAD JSON.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    reranker: RerankerOption = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write every question's row here.")] = None,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Write a line per question here.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="An earlier --json file to compare with.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a self-contained report page here.")] = None,
    trec_run: Annotated[Path | None, typer.Option(help="Write the rankings of posts as a TREC run here.")] = None,
    qrels: Annotated[Path | None, typer.Option(help="Write which posts answer as TREC qrels here.")] = None,
    run: Annotated[Path | None, typer.Option(help="Score this TREC run of post ids; nothing is asked.")] = None,
) -> None:
    """Measure answers, rankings and refusals against gold questions, and show where answers are lost."""
    from qa.evaluation.compare import compare, comparison_table  # noqa: PLC0415
    from qa.evaluation.gold import joined, read_gold  # noqa: PLC0415
    from qa.evaluation.html_report import html_report  # noqa: PLC0415
    from qa.evaluation.runner import evaluate  # noqa: PLC0415
    from qa.evaluation.tables import read_stored, table, to_csv, to_json  # noqa: PLC0415
    from qa.evaluation.trec import read_run, run_table, to_qrels, to_run  # noqa: PLC0415

    questions = joined([read_gold(path) for path in gold])
    if qrels is not None:
        write_text(qrels, to_qrels(_judgements(questions, index)))
    if run is not None:
        if any((json_file, csv_file, baseline, html, trec_run)):
            raise typer.BadParameter("a run holds rankings alone: only --qrels goes with --run")
        print(run_table(read_run(run), questions, _judgements(questions, index)))
        return
    assistant = open_assistant(index, encoder, reranker)
    with progress_bar() as progress:
        evaluation = evaluate(assistant, questions, progress=lambda done, total: progress("asking", done, total))
    comparison = compare(read_stored(baseline, "the baseline"), evaluation, where=baseline) if baseline else None
    print(table(evaluation))
    if json_file:
        write_text(json_file, json.dumps(to_json(evaluation), indent=1, ensure_ascii=False))
    if csv_file:
        write_text(csv_file, to_csv(evaluation))
    if trec_run:
        write_text(trec_run, to_run(evaluation))
    if html:
        write_text(html, html_report(evaluation, comparison))
    if comparison is not None:
        print(comparison_table(comparison))
        raise typer.Exit(Exit.REFUSED if comparison.significant_loss else Exit.DONE)


def _judgements(gold: GoldSet, index: Path | None) -> Judgements:
    """Which posts answer; the index is opened only where the gold names posts by title."""
    from index.reader import Index  # noqa: PLC0415
    from qa.evaluation.trec import ids_by_title, judgements  # noqa: PLC0415

    by_id = all(question.grades or question.post_ids for question in gold.questions if question.answerable)
    return judgements(gold, {} if by_id else ids_by_title(Index.open(index).posts()))


def compare_runs(
    old: Annotated[Path, typer.Argument(help="The earlier run, as qa eval --json wrote it.")],
    new: Annotated[Path, typer.Argument(help="The later run of the same questions.")],
    html: Annotated[
        Path | None, typer.Option(help="Write a report page of the later run with the comparison here.")
    ] = None,
) -> None:
    """Compare two runs: what changed in the setup, which questions changed, and whether a loss is more than chance."""
    from qa.evaluation.compare import compare, comparison_table  # noqa: PLC0415
    from qa.evaluation.html_report import html_report  # noqa: PLC0415
    from qa.evaluation.tables import from_json, read_stored  # noqa: PLC0415

    later = from_json(read_stored(new, "the later run"), where=new)
    comparison = compare(read_stored(old, "the earlier run"), later, where=old)
    if html:
        write_text(html, html_report(later, comparison))
    print(comparison_table(comparison))
    raise typer.Exit(Exit.REFUSED if comparison.significant_loss else Exit.DONE)


def calibrate(
    gold: Annotated[Path, typer.Argument(help="Gold questions about the posts of this index.")],
    index: IndexOption = None,
    encoder: EncoderOption = None,
    refusal_cost: Annotated[
        float, typer.Option(min=0.01, help="Without the reader: cost of a needless refusal; a wrong answer costs 1.")
    ] = REFUSAL_COST,
    precision: Annotated[
        float, typer.Option(min=0, max=1, help="With the reader: share right of what is shown as an answer.")
    ] = PRECISION,
    shown: Annotated[
        float,
        typer.Option(min=0, max=1, help="With the reader: share of the answerable shown, if only as the nearest."),
    ] = SHOWN,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the figures, write nothing.")] = False,
) -> None:
    """Fit the confidence and what is shown as an answer to your own questions; `qa ask` uses it from then on."""
    from qa.answering.weights import save_calibration  # noqa: PLC0415
    from qa.evaluation.calibrate import calibrate as fit  # noqa: PLC0415
    from qa.evaluation.calibrate_reading import Targets, calibrate_reading  # noqa: PLC0415
    from qa.evaluation.gold import read_gold  # noqa: PLC0415
    from qa.evaluation.runner import evaluate  # noqa: PLC0415

    questions = read_gold(gold)
    assistant = open_assistant(index, encoder)
    reading = None
    with progress_bar() as progress:
        fitted, figures = fit(assistant, questions, refusal_cost, lambda *counts: progress("ranking", *counts))
        if assistant.reader is not None:
            evaluation = evaluate(assistant, questions, progress=lambda *counts: progress("reading", *counts))
            reading = calibrate_reading(evaluation, assistant.snapshot.reading, Targets(precision, shown))
    if reading is not None:
        print(reading.text)
        fitted = fitted.model_copy(update={"reading": reading.thresholds})
    else:
        for name, value in figures.items():
            print(f"{name}: {value:.3f}")
    if not dry_run:
        print(f"written: {save_calibration(fitted, assistant.index.root)} (remove it to undo this)")


def suggest_gold(
    out: Annotated[Path, typer.Argument(help="Accepted questions are added to this file.")],
    index: IndexOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Most questions to propose.")] = 20,
    seed: Annotated[int, typer.Option(help="Another seed, another choice.")] = 0,
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Take every proposal unseen.")] = False,
) -> None:
    """Propose gold questions from the posts, for you to accept, edit or reject.

    The last fifth are near misses, which probably no post answers: accept one only if none does. --accept-all leaves
    them out.
    """
    from index.reader import Index  # noqa: PLC0415
    from qa.evaluation.gold_append import appending_gold  # noqa: PLC0415
    from qa.evaluation.near_misses import near_misses  # noqa: PLC0415
    from qa.evaluation.suggest import review, suggest  # noqa: PLC0415

    opened = Index.open(index)
    unanswered = 0 if accept_all else limit // _PROPOSALS_PER_NEAR_MISS
    proposed = suggest(opened, limit - unanswered, seed)
    proposed += near_misses(proposed, opened.posts(), unanswered)
    accepted = proposed if accept_all else review(proposed, confirm_question)
    with writing(out), appending_gold(out) as append:
        for question in accepted:
            append(question)
    print(f"{len(accepted)} of {len(proposed)} added to {out}")
