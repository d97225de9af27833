"""A BEIR folder's judgements: `qrels/*.tsv` (Thakur et al. 2021, arXiv:2104.08663)."""

from __future__ import annotations

from pathlib import Path

from index.errors import GoldError
from qa.evaluation.gold_files import text_of


def judgement_file(folder: Path) -> Path:
    """The file to judge by: `test.tsv`, or the only one.

    Raises:
        GoldError: There is none, or several and no `test.tsv`.
    """
    found = sorted((folder / "qrels").glob("*.tsv"))
    test = folder / "qrels" / "test.tsv"
    if test in found:
        return test
    if len(found) != 1:
        seen = ", ".join(file.name for file in found) or "none"
        remedy = "Put `test.tsv`, or exactly one file, into the folder's `qrels/`."
        raise GoldError("it is not clear which judgements to use", where=folder / "qrels", seen=seen, remedy=remedy)
    return found[0]


def grades_of(path: Path) -> dict[str, dict[str, int]]:
    """Grades by query id and post id from `query-id<TAB>corpus-id<TAB>score`, a header allowed.

    Raises:
        GoldError: A line has other cells.
    """
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        cells = line.strip("\r").split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip() == "score"):
            continue
        try:
            query, post, grade = cells
            grades.setdefault(query, {})[post] = int(grade)
        except ValueError as error:
            where = f"{path}, line {number}"
            remedy = "Give three cells between tabs: query-id, corpus-id, and a whole number as score."
            raise GoldError("a judgement cannot be read", where=where, seen=line, remedy=remedy) from error
    return grades
