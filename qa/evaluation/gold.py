"""Gold questions: what is asked and what a right answer must rest on, read from the formats in use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeAlias

from pydantic import AliasChoices, BaseModel, Field, StrictBool, ValidationError, model_validator

from index.errors import GoldError
from index.records import NonEmpty, Record
from qa.evaluation.gold_beir import grades_of, judgement_file
from qa.evaluation.gold_files import json_objects, text_of
from qa.evaluation.gold_squad import squad_document, squad_posts, squad_questions

__all__ = ["GoldQuestion", "GoldSet", "gold_from_text", "read_gold", "squad_posts"]


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
    return _gold_set(place, _placed(text_of(place), place), (place,))


def gold_from_text(text: str, name: str) -> GoldSet:
    """A gold set out of text that stands in no file, such as what somebody pasted: JSON Lines or SQuAD's JSON.

    Args:
        name: What it is called in errors and reports.

    Raises:
        GoldError: As `read_gold`.
    """
    questions = _different(Path(name), _placed(text, Path(name)))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return GoldSet(name=name, questions=questions, sha256=digest)


def _placed(text: str, place: Path) -> Iterable[_Placed]:
    document = squad_document(text, place)
    return _squad(document, place) if document is not None else _lines(text, place)


def _gold_set(path: Path, placed: Iterable[_Placed], files: Iterable[Path], dropped: int = 0) -> GoldSet:
    questions = _different(path, placed)
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    full = path.resolve()
    return GoldSet(name=f"{full.parent.name}/{full.name}", questions=questions, sha256=digest, dropped=dropped)


def _different(path: Path, placed: Iterable[_Placed]) -> tuple[GoldQuestion, ...]:
    """The questions, at least one, each with an id of its own."""
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
    return tuple(questions)


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

    @model_validator(mode="after")
    def _says_whether_it_is_answerable(self) -> Self:
        if self.answerable is None and not {"posts", "post_ids"} & self.model_fields_set:
            raise ValueError("neither `answerable` nor the posts that answer are given")
        return self

    def made(self, number: int) -> GoldQuestion:
        """The question of this line, named by its number where it has no id."""
        answerable = bool(self.posts or self.post_ids) if self.answerable is None else self.answerable
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
    for number, row in json_objects(text, path):
        where = f"{path}, line {number}"
        with _told(where):
            question = _Line.model_validate(row).made(number)
        yield where, question


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Turn what a record refuses into an error that names the place, the key and the value."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        told = first["msg"].removeprefix("Value error, ")
        what = f"`{key}` cannot be used: {told}" if key else told
        remedy = "Give the keys of the gold format as the docs show, each with a value of its type."
        raise GoldError(what, where=where, seen=repr(first["input"]), remedy=remedy) from error


def _squad(document: object, path: Path) -> Iterator[_Placed]:
    for where, asked in squad_questions(document, path):
        yield (
            where,
            GoldQuestion(
                id=asked.id,
                question=asked.question,
                answerable=asked.answerable,
                posts=asked.titles,
                post_ids=asked.post_ids,
                answers=asked.answers,
                # v2's impossible questions were written to look answerable from their paragraph.
                kind="factoid" if asked.answerable else "near-miss",
            ),
        )


class _Query(BaseModel):
    """A line of BEIR's `queries.jsonl`."""

    id: str | int = Field(validation_alias="_id")
    text: NonEmpty


def _read_beir(folder: Path) -> GoldSet:
    queries, judgements = folder / "queries.jsonl", judgement_file(folder)
    grades = grades_of(judgements)
    placed: list[_Placed] = []
    unjudged = 0
    for number, row in json_objects(text_of(queries), queries):
        where = f"{queries}, line {number}"
        with _told(where):
            query = _Query.model_validate(row)
            graded = grades.get(str(query.id), {})
            relevant = tuple(post for post, grade in graded.items() if grade > 0)
            if not relevant:
                unjudged += 1
                continue
            question = GoldQuestion(
                id=str(query.id), question=query.text, post_ids=relevant, kind="retrieval", grades=graded
            )
        placed.append((where, question))
    asked = {question.id for _, question in placed}
    unasked = sum(1 for key, graded in grades.items() if key not in asked and max(graded.values()) > 0)
    return _gold_set(folder, placed, (queries, judgements), dropped=unjudged + unasked)
