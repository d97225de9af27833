"""A BEIR folder: `queries.jsonl` and judgements in `qrels/` (Thakur et al. 2021, arXiv:2104.08663), or TREC's qrels."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field

from index.errors import GoldError
from index.records import NonEmpty
from qa.evaluation.gold_files import json_objects, text_of, trec_id, validated
from qa.evaluation.gold_records import GoldQuestion, Located

QUERIES = "queries.jsonl"
_SUFFIXES = (".tsv", ".qrels", ".qrel", ".txt")


class _Query(BaseModel):
    id: str | int = Field(validation_alias="_id")
    text: NonEmpty


def beir_questions(queries: Path, judgements: Path) -> tuple[list[Located], int]:
    """The questions that have a relevant post; and how many have none, or are judged and not asked.

    Raises:
        GoldError: A file is missing, or a line of it cannot be read.
    """
    grades = _grades(judgements)
    questions: list[Located] = []
    without_relevant = 0
    for _, where, row in json_objects(text_of(queries), queries):
        query = validated(_Query, row, where)
        graded = grades.get(str(query.id), {})
        relevant = [post for post, grade in graded.items() if grade > 0]
        if not relevant:
            without_relevant += 1
            continue
        fields = {"id": query.id, "question": query.text, "post_ids": relevant, "grades": graded, "kind": "retrieval"}
        questions.append((where, validated(GoldQuestion, fields, where)))
    ids = {question.id for _, question in questions}
    not_asked = sum(1 for query_id, graded in grades.items() if query_id not in ids and max(graded.values()) > 0)
    return questions, without_relevant + not_asked


def judgement_file(folder: Path) -> Path:
    """The file to judge by: `test.tsv`, or the only one; also of a suffix that qrels have.

    Raises:
        GoldError: There is none, or several and no `test.tsv`.
    """
    files = sorted(file for file in (folder / "qrels").glob("*") if file.suffix in _SUFFIXES)
    chosen = [file for file in files if file.name == "test.tsv"] or files
    if len(chosen) != 1:
        seen = ", ".join(file.name for file in files) or "none"
        remedy = "Put `test.tsv`, or exactly one file, into the folder's `qrels/`."
        raise GoldError("it is not clear which judgements to use", where=folder / "qrels", seen=seen, remedy=remedy)
    return chosen[0]


def _grades(path: Path) -> dict[str, dict[str, int]]:
    """Grades by query id and post id, from BEIR's `query-id<TAB>corpus-id<TAB>score` or TREC's `query 0 post grade`."""
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        cells = line.strip("\r").split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip() == "score"):
            continue
        try:
            query, post, grade = cells if len(cells) == 3 else _of_qrels(line)
            grades.setdefault(query, {})[post] = int(grade)
        except ValueError as error:
            where = f"{path}, line {number}"
            remedy = "Give query-id, corpus-id and a whole number between tabs, or TREC's query, 0, document, grade."
            raise GoldError("a judgement cannot be read", where=where, seen=line, remedy=remedy) from error
    return grades


def _of_qrels(line: str) -> tuple[str, str, str]:
    query, _, post, grade = map(trec_id, line.split())
    return query, post, grade
