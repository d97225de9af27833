"""Reading gold sets in the formats in use: JSON Lines, SQuAD-style JSON, a BEIR folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from index.errors import GoldError
from qa.evaluation.gold_beir import QUERIES, beir_questions, judgement_file
from qa.evaluation.gold_files import json_objects, text_of, validated
from qa.evaluation.gold_records import GoldQuestion, GoldSet, Located
from qa.evaluation.gold_squad import squad_document, squad_posts, squad_questions

__all__ = ["GoldQuestion", "GoldSet", "gold_from_text", "joined", "read_gold", "squad_posts"]

_LINE_KEYS = {
    "_id": "id",
    "relevant": "post_ids",
    **{name: name for name in ("id", "question", "answerable", "posts", "post_ids", "quotes", "answers", "kind")},
}


def read_gold(path: Path | str) -> GoldSet:
    """Read a gold set; the format is recognised by the content.

    Raises:
        GoldError: The file is missing, of another format, or holds a question that cannot be used.
    """
    path = Path(path)
    files, dropped = [path], 0
    if path.is_dir():
        files = [path / QUERIES, judgement_file(path)]
        located, dropped = beir_questions(*files)
        questions = _unique(located, path)
    else:
        questions = _unique(_questions(text_of(path), path), path)
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    full = path.resolve()
    return GoldSet(name=f"{full.parent.name}/{full.name}", questions=questions, sha256=digest, dropped=dropped)


def joined(sets: Sequence[GoldSet]) -> GoldSet:
    """Several gold sets as one, whose questions tell which they are of."""
    if len(sets) == 1:
        return sets[0]
    return GoldSet(
        name=" + ".join(each.name for each in sets),
        questions=tuple(one.model_copy(update={"gold": each.name}) for each in sets for one in each.questions),
        sha256=hashlib.sha256("".join(each.sha256 for each in sets).encode()).hexdigest(),
        dropped=sum(each.dropped for each in sets),
    )


def gold_from_text(text: str, name: str) -> GoldSet:
    """A gold set from text that is in no file, such as pasted questions: JSON Lines or SQuAD's JSON.

    Args:
        name: What it is called in errors and reports.

    Raises:
        GoldError: As `read_gold`.
    """
    questions = _unique(_questions(text, Path(name)), Path(name))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return GoldSet(name=name, questions=questions, sha256=digest)


def _questions(text: str, path: Path) -> Iterable[Located]:
    document = squad_document(text, path)
    return _line_questions(text, path) if document is None else squad_questions(document, path)


def _line_questions(text: str, path: Path) -> Iterator[Located]:
    """Questions of JSON Lines; keys of other tools are ignored."""
    for number, where, row in json_objects(text, path):
        fields = {name: row[key] for key, name in _LINE_KEYS.items() if key in row}
        if not {"answerable", "posts", "post_ids"} & fields.keys():
            raise GoldError(
                "neither `answerable` nor the posts that answer are given",
                where=where,
                seen=row,
                remedy="Give `answerable`, `posts` (titles) or `post_ids`.",
            )
        answerable = fields.setdefault("answerable", bool(fields.get("posts") or fields.get("post_ids")))
        defaults = {"id": f"q{number}", "kind": "factoid" if answerable else "unanswerable"}
        yield where, validated(GoldQuestion, defaults | fields, where)


def _unique(located: Iterable[Located], path: Path) -> tuple[GoldQuestion, ...]:
    """The questions, at least one, each with an id of its own."""
    places: dict[str, str] = {}
    questions: list[GoldQuestion] = []
    for where, question in located:
        if question.id in places:
            remedy = f"It was first given in {places[question.id]}; give each question an id of its own."
            raise GoldError("a question id is given twice", where=where, seen=question.id, remedy=remedy)
        places[question.id] = where
        questions.append(question)
    if not questions:
        raise GoldError("there are no questions", where=path, remedy="Name a file that holds at least one.")
    return tuple(questions)
