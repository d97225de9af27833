"""SQuAD-style JSON (v1.1 and v2): each paragraph a post, each `qas` entry a question about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, StrictBool

from index.errors import GoldError
from index.records import NonEmpty
from qa.evaluation.gold_files import text_of, validated
from qa.evaluation.gold_records import GoldQuestion, Located

_REMEDY = "Give data[].paragraphs[].qas[] as SQuAD v1.1 and v2 do (rajpurkar.github.io/SQuAD-explorer)."


class _AnswerSpan(BaseModel):
    text: str


class _Question(BaseModel):
    id: NonEmpty
    question: NonEmpty
    answers: tuple[_AnswerSpan, ...] = ()
    is_impossible: StrictBool = False


class _Paragraph(BaseModel):
    context: NonEmpty
    qas: tuple[_Question, ...] = ()


class _Article(BaseModel):
    title: NonEmpty
    paragraphs: tuple[_Paragraph, ...]


class _Squad(BaseModel):
    data: tuple[_Article, ...]


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


def squad_questions(document: object, path: Path) -> Iterator[Located]:
    """Every question; v2's impossible ones were written to look answerable from their paragraph."""
    for where, post_id, title, paragraph in _paragraphs(document, path):
        for number, entry in enumerate(paragraph.qas):
            proof: dict[str, object] = {"answerable": False, "kind": "near-miss"}
            if not entry.is_impossible:
                answers = filter(None, (span.text.strip() for span in entry.answers))
                proof = {"posts": (title,), "post_ids": (post_id,), "answers": tuple(dict.fromkeys(answers))}
            fields = {"id": entry.id, "question": entry.question, **proof}
            yield f"{where}.qas[{number}]", GoldQuestion.model_validate(fields)


def squad_posts(path: Path | str) -> Iterator[dict[str, str]]:
    """The paragraphs as rows to index: `id` (`<article title>#<paragraph, from 0>`), `title`, `text`.

    Raises:
        GoldError: The file is missing or no SQuAD-style JSON.
    """
    path = Path(path)
    document = squad_document(text_of(path), path)
    if document is None:
        raise GoldError("the file is no SQuAD document", where=path, remedy=_REMEDY)
    for _, post_id, title, paragraph in _paragraphs(document, path):
        yield {"id": post_id, "title": title, "text": paragraph.context}


def _paragraphs(document: object, path: Path) -> Iterator[tuple[str, str, str, _Paragraph]]:
    # Counted by title over the file: two articles of one title must not share ids.
    numbers: Counter[str] = Counter()
    for a, article in enumerate(validated(_Squad, document, path, _REMEDY).data):
        for p, paragraph in enumerate(article.paragraphs):
            post_id = f"{article.title}#{numbers[article.title]}"
            numbers[article.title] += 1
            yield f"{path}, data[{a}].paragraphs[{p}]", post_id, article.title.replace("_", " "), paragraph


def _first_line_is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text.strip().split("\n", 1)[0]), dict)
    except (ValueError, RecursionError):
        return False
