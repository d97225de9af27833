"""Gold questions as records: what is asked, and what a right answer must rest on."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StrictBool, model_validator

from index.records import NonEmpty, Record


class GoldQuestion(Record):
    """A question with what proves an answer to it.

    Attributes:
        answerable: Whether the corpus answers it; a refusal is right where it does not.
        posts: Titles of the posts that answer; used when `post_ids` is empty.
        post_ids: Ids of the posts that answer.
        quotes: Verbatim passages of those posts; any one of them is a right citation.
        answers: Short answers; any one of them is right.
        grades: Relevance by post id where the set grades it (0 is judged and not relevant).
        gold: The gold set it is of, where several were joined.

    Raises:
        ValueError: The question is answerable but no post is named that answers it.
    """

    id: Annotated[NonEmpty, Field(coerce_numbers_to_str=True)]
    question: NonEmpty
    answerable: StrictBool = True
    posts: tuple[NonEmpty, ...] = ()
    post_ids: tuple[NonEmpty, ...] = ()
    quotes: tuple[NonEmpty, ...] = ()
    answers: tuple[NonEmpty, ...] = ()
    kind: NonEmpty = "factoid"
    grades: dict[str, int] = Field(default_factory=dict)
    gold: str = ""

    @model_validator(mode="after")
    def _names_its_post(self) -> Self:
        if self.answerable and not (self.posts or self.post_ids):
            raise ValueError("an answerable question names no post that answers it")
        return self


class GoldSet(Record):
    """Questions read from one place.

    Attributes:
        name: Folder and file the questions were read from.
        sha256: Of the bytes read: two reports with the same hash rest on the same set.
        dropped: Questions without a relevant post in the judgements, and judgements without a question.
    """

    name: str
    questions: tuple[GoldQuestion, ...]
    sha256: str = ""
    dropped: int = 0


Located = tuple[str, GoldQuestion]
"""A question, after its place in the file for error texts."""
