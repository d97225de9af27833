"""TREC's two formats: a run (rankings of posts) and qrels (which posts answer), written and read.

Fields are separated by white space (https://trec.nist.gov, trec_eval's README): `query Q0 document rank score tag`, and
`query 0 document grade`. White space inside an id is written as `␠`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from index.errors import GoldError
from index.records import Post
from qa.evaluation.gold_files import text_of, trec_field, trec_id
from qa.evaluation.gold_records import GoldQuestion, GoldSet
from qa.evaluation.judge import normalised
from qa.evaluation.metrics import ranking_measures
from qa.evaluation.results import Evaluation, EvaluationError, Row, figure
from qa.evaluation.tables import text_table, with_interval

Judgements = dict[str, dict[str, int]]
"""Grades by post, by question; above 0 a post answers."""
Run = dict[str, list[str]]
"""Posts by question, best first."""

_TAG = "postqa"
_ALL = "all"
_A_RUN = "Give a TREC run: query, Q0, post id, rank, score and a name on each line, between spaces."


def ids_by_title(posts: Iterable[Post]) -> dict[str, list[str]]:
    """The ids of the posts that bear a title, by the title as gold questions are judged by it."""
    ids: dict[str, list[str]] = {}
    for post in posts:
        ids.setdefault(normalised(post.title), []).append(post.id)
    return ids


def judgements(gold: GoldSet, titles: Mapping[str, Sequence[str]]) -> Judgements:
    """Which posts answer each answerable question.

    Args:
        gold: The questions.
        titles: From `ids_by_title`, for questions that name posts by title; a title that no post bears stands for
            itself, as a post that no ranking holds.
    """
    return {_key(question): _grades(question, titles) for question in gold.questions if question.answerable}


def _grades(question: GoldQuestion, titles: Mapping[str, Sequence[str]]) -> dict[str, int]:
    if question.grades:
        return dict(question.grades)
    named = question.post_ids or [id for title in question.posts for id in titles.get(normalised(title), [title])]
    return dict.fromkeys(named, 1)


def to_qrels(judged: Judgements) -> str:
    """Judgements as the text of a qrels file."""
    lines = ((query, post, grade) for query, grades in judged.items() for post, grade in grades.items())
    return "".join(f"{trec_field(query)} 0 {trec_field(post)} {grade}\n" for query, post, grade in lines)


def to_run(evaluation: Evaluation) -> str:
    """Rankings as the text of a run.

    The score counts down to 1: trec_eval orders by it alone, and by id where two are equal.
    """
    return "".join(
        f"{trec_field(_key(row))} Q0 {trec_field(post)} {rank} {len(row.ranking) - rank + 1} {_TAG}\n"
        for row in evaluation.rows
        for rank, post in enumerate(row.ranking, 1)
    )


def read_run(path: Path) -> Run:
    """A run, whoever made it, in the order that trec_eval gives it: by falling score, then by falling id.

    Raises:
        GoldError: The file or a line of it cannot be read.
    """
    scores: dict[str, list[tuple[float, str]]] = {}
    for number, line in enumerate(text_of(path, _A_RUN).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            query, _, post, _, score, _ = line.split()
            scores.setdefault(trec_id(query), []).append((float(score), trec_id(post)))
        except ValueError as error:
            where = f"{path}, line {number}"
            raise GoldError("a line of the run cannot be read", where=where, seen=line, remedy=_A_RUN) from error
    return {query: [post for _, post in sorted(scored, reverse=True)] for query, scored in scores.items()}


def run_table(run: Run, gold: GoldSet, judged: Judgements) -> str:
    """The measures over posts of a run, of all answerable questions and of each kind, as plain text.

    A question that the run does not hold counts 0 everywhere.

    Raises:
        EvaluationError: The run holds none of the questions.
    """
    if run.keys().isdisjoint(judged):
        raise EvaluationError(
            "the run holds none of the answerable questions",
            where=gold.name,
            seen=", ".join([*run][:3]),
            remedy="A run names them by the ids of the gold set; where several sets are asked, by set/id.",
        )
    by_kind: dict[str, list[dict[str, float]]] = {_ALL: []}
    for question in gold.questions:
        if question.answerable:
            measures = _measures(run.get(_key(question), []), judged[_key(question)])
            by_kind[_ALL].append(measures)
            by_kind.setdefault(question.kind, []).append(measures)
    names = list(by_kind[_ALL][0])
    lines = [(kind, str(len(rows)), *_cells(names, rows)) for kind, rows in by_kind.items()]
    return "\n".join([text_table(("kind", "asked", *names), lines[:1], lines[1:]), *_missing(run, judged)]) + "\n"


def _measures(posts: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    gains = [float(max(0, grades.get(post, 0))) for post in posts]
    return ranking_measures("post", gains, [float(grade) for grade in grades.values() if grade > 0])


def _cells(names: Sequence[str], rows: Sequence[Mapping[str, float]]) -> Iterator[str]:
    for name in names:
        yield with_interval(figure([row[name] for row in rows]))


def _missing(run: Run, judged: Judgements) -> Iterator[str]:
    if missing := judged.keys() - run.keys():
        yield f"not in the run, which counts 0: {len(missing)} questions"
    if others := run.keys() - judged.keys():
        yield f"in the run and not judged: {len(others)} questions"


def _key(question: GoldQuestion | Row) -> str:
    """A question's id; with its gold set where several were joined."""
    return f"{question.gold}/{question.id}" if question.gold else question.id
