"""SQuAD-style JSON (v1.1 and v2): each paragraph a post, each `qas` entry a question about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, StrictBool, ValidationError

from index.errors import GoldError
from index.records import NonEmpty
from qa.evaluation.gold_files import text_of

_REMEDY = "Give data[].paragraphs[].qas[] as SQuAD v1.1 and v2 do (rajpurkar.github.io/SQuAD-explorer)."


class _AnswerSpan(BaseModel):
    text: str


class _Asked(BaseModel):
    id: NonEmpty
    question: NonEmpty
    answers: tuple[_AnswerSpan, ...] = ()
    is_impossible: StrictBool = False


class _Paragraph(BaseModel):
    context: NonEmpty
    qas: tuple[_Asked, ...] = ()


class _Article(BaseModel):
    title: NonEmpty
    paragraphs: tuple[_Paragraph, ...]


class _Squad(BaseModel):
    data: tuple[_Article, ...]


class SquadQuestion(NamedTuple):
    """A question of a SQuAD file; the post and answers are empty where it is impossible."""

    id: str
    question: str
    answerable: bool
    titles: tuple[str, ...] = ()
    post_ids: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def squad_document(text: str, path: Path) -> dict[str, object] | None:
    """The text as one SQuAD document, or None where it is something else, such as JSON Lines.

    Raises:
        GoldError: The file is called `.json` and is neither.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix == ".json" and not _first_line_is_object(text):
            raise GoldError("the file is not JSON", where=path, seen=error, remedy=_REMEDY) from error
        return None
    return document if isinstance(document, dict) and "data" in document else None


def squad_questions(document: object, path: Path) -> Iterator[tuple[str, SquadQuestion]]:
    """Every question, after the place in the document where it stands."""
    for where, post_id, title, paragraph in _paragraphs(document, path):
        for number, asked in enumerate(paragraph.qas):
            found = SquadQuestion(asked.id, asked.question, not asked.is_impossible)
            if found.answerable:
                answers = filter(None, (span.text.strip() for span in asked.answers))
                found = found._replace(titles=(title,), post_ids=(post_id,), answers=tuple(dict.fromkeys(answers)))
            yield f"{where}.qas[{number}]", found


def squad_posts(path: Path | str) -> Iterator[dict[str, str]]:
    """The paragraphs as rows to index: `id` (`<article title>#<paragraph, from 0>`), `title`, `text`.

    Raises:
        GoldError: The file is missing or no SQuAD-style JSON.
    """
    place = Path(path)
    document = squad_document(text_of(place), place)
    if document is None:
        raise GoldError("the file is no SQuAD document", where=place, remedy=_REMEDY)
    for _, post_id, title, paragraph in _paragraphs(document, place):
        yield {"id": post_id, "title": title, "text": paragraph.context}


def _paragraphs(document: object, path: Path) -> Iterator[tuple[str, str, str, _Paragraph]]:
    try:
        articles = _Squad.model_validate(document).data
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = f"{path}, {'.'.join(str(part) for part in first['loc'])}"
        raise GoldError(first["msg"], where=where, seen=repr(first["input"]), remedy=_REMEDY) from error
    # Counted by title over the file: two articles of one title must not share ids.
    numbers: Counter[str] = Counter()
    for a, article in enumerate(articles):
        for p, paragraph in enumerate(article.paragraphs):
            post_id = f"{article.title}#{numbers[article.title]}"
            numbers[article.title] += 1
            yield f"{path}, data[{a}].paragraphs[{p}]", post_id, article.title.replace("_", " "), paragraph


def _first_line_is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text.strip().split("\n", 1)[0]), dict)
    except (ValueError, RecursionError):
        return False
