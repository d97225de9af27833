"""Gold questions: what is asked and what a right answer must rest on, read from the formats in use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self, TypeAlias

from pydantic import AliasChoices, BaseModel, Field, StrictBool, ValidationError, model_validator

from index.errors import GoldError
from index.records import NonEmpty, Record
from qa.gold_squad import SquadQuestion, squad_document, squad_posts, squad_questions

__all__ = ["GoldQuestion", "GoldSet", "read_gold", "squad_posts"]


class GoldQuestion(Record):
    """A question with what proves an answer to it.

    Attributes:
        answerable: Whether the corpus answers it; a refusal is right where it does not.
        posts: Titles of the posts that answer; used when `post_ids` is empty.
        post_ids: Ids of the posts that answer.
        quotes: Verbatim pieces of those posts; any one of them is a right citation.
        answers: Short answers; any one of them is right.
        grades: Relevance by post id where the set grades it (0 is judged and not relevant).

    Raises:
        ValueError: The question is answerable but no post is named that answers it.
    """

    id: NonEmpty
    question: NonEmpty
    answerable: bool = True
    posts: tuple[NonEmpty, ...] = ()
    post_ids: tuple[NonEmpty, ...] = ()
    quotes: tuple[NonEmpty, ...] = ()
    answers: tuple[NonEmpty, ...] = ()
    kind: NonEmpty = "factoid"
    grades: dict[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _names_its_post(self) -> Self:
        if self.answerable and not (self.posts or self.post_ids):
            raise ValueError("an answerable question names no post that answers it")
        return self


_Placed: TypeAlias = tuple[str, GoldQuestion]
"""Where a question stands, for the reader of an error, and the question."""


class GoldSet(Record):
    """Questions read from one place.

    Attributes:
        name: Folder and file the questions were read from.
        sha256: Of the bytes read, so that two reports can be told to rest on the same set.
        dropped: Questions without a relevant post in the judgements, and judgements without a question.
    """

    name: str
    questions: tuple[GoldQuestion, ...]
    sha256: str = ""
    dropped: int = 0


def read_gold(path: Path | str) -> GoldSet:
    """Read a gold set: JSON Lines, SQuAD-style JSON (v1.1, v2) or a BEIR folder, told by its content.

    Raises:
        GoldError: The file is missing, of another format, or holds a question that cannot be used.
    """
    place = Path(path)
    if place.is_dir():
        return _read_beir(place)
    text = _text(place)
    document = squad_document(text, place)
    placed = _squad(document, place) if document is not None else _lines(text, place)
    return _gold_set(place, placed, (place,))


def _gold_set(path: Path, placed: Iterable[_Placed], files: Iterable[Path], dropped: int = 0) -> GoldSet:
    first_seen: dict[str, str] = {}
    questions: list[GoldQuestion] = []
    for where, question in placed:
        if question.id in first_seen:
            remedy = f"It stands first in {first_seen[question.id]}; give each question an id of its own."
            raise GoldError("a question id is given twice", where=where, seen=question.id, remedy=remedy)
        first_seen[question.id] = where
        questions.append(question)
    if not questions:
        raise GoldError("there are no questions", where=path, remedy="Name a file that holds at least one.")
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    full = path.resolve()
    return GoldSet(
        name=f"{full.parent.name}/{full.name}", questions=tuple(questions), sha256=digest, dropped=dropped
    )


class _Line(BaseModel):
    """A line of JSON Lines as found; keys of other tools are passed over."""

    id: str | int | None = Field(default=None, validation_alias=AliasChoices("id", "_id"))
    question: NonEmpty
    answerable: StrictBool | None = None
    posts: tuple[NonEmpty, ...] = ()
    post_ids: tuple[NonEmpty, ...] = Field(default=(), validation_alias=AliasChoices("post_ids", "relevant"))
    quotes: tuple[NonEmpty, ...] = ()
    answers: tuple[NonEmpty, ...] = ()
    kind: NonEmpty | None = None

    def made(self, number: int) -> GoldQuestion:
        answerable = self.answerable
        if answerable is None:
            if not {"posts", "post_ids"} & self.model_fields_set:
                raise ValueError("neither `answerable` nor the posts that answer are given")
            answerable = bool(self.posts or self.post_ids)
        return GoldQuestion(
            id=f"q{number}" if self.id is None else str(self.id),
            question=self.question,
            answerable=answerable,
            posts=self.posts,
            post_ids=self.post_ids,
            quotes=self.quotes,
            answers=self.answers,
            kind=self.kind or ("factoid" if answerable else "unanswerable"),
        )


def _lines(text: str, path: Path) -> Iterator[_Placed]:
    remedy = "Give `id`, `question`, `answerable`, `posts`, `quotes`, `answers` and `kind` as the docs show."
    for number, row in _objects(text, path):
        where = f"{path}, line {number}"
        try:
            yield where, _Line.model_validate(row).made(number)
        except ValidationError as error:
            raise _refused(error, where, remedy) from error
        except ValueError as error:
            raise GoldError(str(error), where=where, seen=json.dumps(row), remedy=remedy) from error


def _objects(text: str, path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """The lines' objects with their numbers from 1, `null` taken for absent and blank lines passed over."""
    # split("\n"), not splitlines(): a JSON string may hold U+2028 as it is.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            remedy = 'Give one JSON object per line, or SQuAD\'s {"data": …} as one document.'
            raise GoldError("a line is not JSON", where=where, seen=line.strip(), remedy=remedy) from error
        if not isinstance(row, dict):
            remedy = "Give one JSON object per line."
            raise GoldError("a line is no JSON object", where=where, seen=line.strip(), remedy=remedy)
        yield number, {key: value for key, value in row.items() if value is not None}


def _refused(error: ValidationError, where: str, remedy: str) -> GoldError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    what = f"`{key}` cannot be used: {first['msg']}" if key else first["msg"].removeprefix("Value error, ")
    return GoldError(what, where=where, seen=repr(first["input"]), remedy=remedy)


def _squad(document: object, path: Path) -> Iterator[_Placed]:
    for where, found in squad_questions(document, path):
        yield where, _from_squad(found)


def _from_squad(found: SquadQuestion) -> GoldQuestion:
    return GoldQuestion(
        id=found.id,
        question=found.question,
        answerable=found.answerable,
        posts=(found.title,) if found.answerable else (),
        post_ids=(found.post_id,) if found.answerable else (),
        answers=found.answers if found.answerable else (),
        # v2's impossible questions were written to look answerable from their paragraph.
        kind="factoid" if found.answerable else "near-miss",
    )


def _read_beir(folder: Path) -> GoldSet:
    queries, judgements = folder / "queries.jsonl", _judgement_file(folder)
    grades = _grades(judgements)
    placed: list[_Placed] = []
    unjudged = 0
    for number, row in _objects(_text(queries), queries):
        where = f"{queries}, line {number}"
        if not isinstance(row.get("_id"), str | int) or not str(row.get("text", "")).strip():
            remedy = "Give `_id` and `text`."
            raise GoldError("a query lacks its id or text", where=where, seen=json.dumps(row), remedy=remedy)
        graded = grades.get(str(row["_id"]), {})
        relevant = tuple(post for post, grade in graded.items() if grade > 0)
        if not relevant:
            unjudged += 1
            continue
        question = GoldQuestion(
            id=str(row["_id"]), question=str(row["text"]), post_ids=relevant, kind="retrieval", grades=graded
        )
        placed.append((where, question))
    asked = {question.id for _, question in placed}
    unasked = sum(1 for key, graded in grades.items() if key not in asked and max(graded.values()) > 0)
    return _gold_set(folder, placed, (queries, judgements), dropped=unjudged + unasked)


def _judgement_file(folder: Path) -> Path:
    found = sorted((folder / "qrels").glob("*.tsv"))
    test = folder / "qrels" / "test.tsv"
    if test in found:
        return test
    if len(found) != 1:
        seen = ", ".join(file.name for file in found) or "none"
        remedy = "Put `test.tsv`, or exactly one file, into the folder's `qrels/`."
        raise GoldError(
            "it is not clear which judgements to use", where=folder / "qrels", seen=seen, remedy=remedy
        )
    return found[0]


def _grades(path: Path) -> dict[str, dict[str, int]]:
    """Grades by query id and post id from `query-id<TAB>corpus-id<TAB>score`, a header allowed."""
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
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


def _text(path: Path) -> str:
    remedy = "Name a gold file in UTF-8 (JSON Lines or SQuAD's JSON) or a BEIR folder."
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GoldError("the file cannot be read", where=path, seen=error.strerror, remedy=remedy) from error
    except UnicodeDecodeError as error:
        raise GoldError("the file is not UTF-8", where=path, seen=error.reason, remedy=remedy) from error
