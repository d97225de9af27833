"""Requests and replies of the HTTP API; replies are the library's records, with posts in other records bodiless."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from index.filters import Filters, stated_filters
from index.records import Post
from qa.answer import Answer
from qa.question.followup import MOST_TURNS
from qa.records import Citation, Passage, SearchResult
from qa.survey.records import PostStance, Survey


class AskRequest(BaseModel):
    """A question, which posts it is asked of, and the earlier questions it may refer to, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str
    filters: Filters | None = None
    history: list[str] = Field(default_factory=list, max_length=MOST_TURNS)


class SearchRequest(BaseModel):
    """A question, which posts are searched, and how many passages are wanted."""

    model_config = ConfigDict(extra="forbid")

    question: str
    k: int = Field(default=10, ge=1, le=1_000)
    filters: Filters | None = None


class SuggestRequest(BaseModel):
    """A question that is still being typed, in an address: which posts it is asked of, and the questions before it."""

    model_config = ConfigDict(extra="forbid")

    q: str
    history: list[str] = Field(default_factory=list, max_length=MOST_TURNS)
    posts: list[str] = Field(default_factory=list, max_length=100)
    authors: list[str] = Field(default_factory=list, max_length=100)
    publishers: list[str] = Field(default_factory=list, max_length=100)
    since: str = ""
    until: str = ""

    @property
    def filters(self) -> Filters:
        """Which posts may answer."""
        return stated_filters(**self.model_dump(exclude={"q", "history"}))


class SurveyRequest(BaseModel):
    """A question put to every post that meets the filters."""

    model_config = ConfigDict(extra="forbid")

    question: str
    filters: Filters | None = None


def _derived(record: type[BaseModel], name: str, **changed: Any) -> type[BaseModel]:
    """A record with fields of other types, and without those whose type is None."""
    fields: dict[str, Any] = {field: (info.annotation, info) for field, info in record.model_fields.items()}
    fields |= {field: (kind, ...) for field, kind in changed.items()}
    kept = {field: value for field, value in fields.items() if value[0] is not None}
    return create_model(name, __doc__=record.__doc__, **kept)


PostFacts = _derived(Post, "PostFacts", body=None)
CitationReply = _derived(Citation, "CitationReply", post=PostFacts)
PassageReply = _derived(Passage, "PassageReply", post=PostFacts, also_in=list[PostFacts])  # type: ignore[valid-type]
StanceReply = _derived(PostStance, "StanceReply", post=PostFacts, citation=CitationReply | None)
SurveyReply = _derived(
    Survey,
    "SurveyReply",
    text=str,
    posts=int,
    not_shown=int,
    rows=list[StanceReply],  # type: ignore[valid-type]
    wanted=StanceReply | None,
)


AnswerReply = _derived(
    Answer,
    "AnswerReply",
    text=str,
    survey=SurveyReply | None,
    segments=None,
    citations=list[CitationReply],  # type: ignore[valid-type]
    passages=list[PassageReply],  # type: ignore[valid-type]
    nearest=list[PostFacts],  # type: ignore[valid-type]
)


class SuggestReply(BaseModel):
    """The sentence as its post's reader sees it, with the quote it stands in; both null where none answers."""

    sentence: str | None
    citation: CitationReply | None  # type: ignore[valid-type]


SearchReply = _derived(SearchResult, "SearchReply", passages=list[PassageReply])  # type: ignore[valid-type]


class PostsReply(BaseModel):
    """Some of the posts, in the order of the corpus, and how many there are in all."""

    total: int
    posts: list[PostFacts]  # type: ignore[valid-type]


class ErrorReply(BaseModel):
    """Why there is no answer, in one sentence."""

    error: str
