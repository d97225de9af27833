"""Rows of the data files, their passages brought into the form in which posts are indexed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.text.blocks import BlockKind, blocks
from training.reader.sources import Layout


@dataclass(frozen=True)
class Row:
    """A question over a passage; `answers` are character spans of the passage, none where it does not answer.

    Attributes:
        level: `span`, `sentence` or `section`; every sentence that overlaps an answer counts as one.
        near_miss: Text on the same subject that does not answer; may be empty.
        names_subject: False for a question that makes sense beside its post only: other posts may answer it.
    """

    id: str
    question: str
    title: str
    passage: str
    answers: tuple[tuple[int, int], ...]
    level: str
    near_miss: str
    names_subject: bool = True

    @property
    def answer_texts(self) -> list[str]:
        """The answers' own words."""
        return [self.passage[start:end] for start, end in self.answers]


def read_rows(path: Path, layout: Layout) -> Iterator[Row]:
    """The rows of a JSON Lines file.

    Raises:
        ValueError: A line is no JSON, lacks a field, or an answer leaves its passage.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _row(json.loads(line), layout)
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise ValueError(f"{path}, line {number}: {error!r}") from error


def _row(fields: dict[str, object], layout: Layout) -> Row:
    passage = str(fields["passage"])
    answers = [(int(answer["start"]), int(answer["end"])) for answer in fields["answers"]]  # type: ignore[attr-defined]
    if any(not 0 <= start < end <= len(passage) for start, end in answers):
        raise ValueError(f"answers {answers} leave the passage of {len(passage)} characters")
    body, places = laid_out(passage, layout)
    near_miss = fields.get("near_miss")  # text; in some files only whether the question is one
    return Row(
        id=str(fields["id"]),
        question=" ".join(str(fields["question"]).split()),
        title=" ".join(str(fields.get("title") or "").split()),
        passage=body,
        answers=tuple((places[start], places[end - 1] + 1) for start, end in answers),
        level=str(fields.get("level") or "span"),
        near_miss=laid_out(near_miss, layout)[0] if isinstance(near_miss, str) else "",
        names_subject=bool(fields.get("names_subject", True)),
    )


def laid_out(passage: str, layout: Layout) -> tuple[str, list[int]]:
    """A passage as Markdown, and for each of its characters the place in that."""
    if layout is Layout.MARKDOWN:
        return passage, list(range(len(passage)))
    lines = passage.split("\n")
    codes = [_is_code(at, line, layout) for at, line in enumerate(lines)]
    body = ""
    places: list[int] = []
    for at, line in enumerate(lines):
        before = codes[at - 1] if at else False
        if codes[at] and not before:
            body += "```\n"
        places += range(len(body), len(body) + len(line) + 1)  # with the line's end
        body += line + "\n"
        after = codes[at + 1] if at + 1 < len(lines) else False
        if codes[at] and not after:
            body += "```\n"
        if not (codes[at] and after):
            body += "\n"
    return body, places


def _is_code(at: int, line: str, layout: Layout) -> bool:
    if layout is Layout.COMMANDS:
        return at > 0 and at % 2 == 0
    return bool(line.strip()) and blocks(line)[0].kind is BlockKind.CODE
