"""Frozen records of the corpus: Document, Post, Chunk, Sentence, and what a build reports."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from reprlib import Repr
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index.visible import Piece, Pieces, VisibleText, pieces_from_json

NonEmpty = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _ShortRepr(Repr):
    """Texts cut short, and of a tuple only what it holds how often."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring, self.maxother, self.maxtuple = 60, 120, 3

    def repr_tuple(self, values: tuple[Any, ...], level: int) -> str:
        holds = sorted({type(value).__name__ for value in values})
        return (
            f"<{len(values)} {'/'.join(holds)}>" if values and holds != ["str"] else super().repr_tuple(values, level)
        )

    def repr_float(self, value: float, _: int) -> str:
        return f"{value:.4g}"


_SHORT = _ShortRepr()


class Record(BaseModel):
    """A value that never changes and knows no field but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __repr__(self) -> str:
        """The fields that are not at their defaults, cut short: a post alone may fill many screens."""
        fields = ((name, field, getattr(self, name)) for name, field in type(self).model_fields.items() if field.repr)
        stated = (f"{name}={_SHORT.repr(value)}" for name, field, value in fields if value != field.get_default())
        return f"{type(self).__name__}({', '.join(stated)})"


class Document(Record):
    """A file found in the sources, not yet read.

    Attributes:
        path: Where the bytes are.
        name: The path relative to the source it was found under; stable when a folder is moved.
    """

    path: Path
    name: str


class Post(Record):
    """One post: what is indexed, quoted and cited.

    Attributes:
        id: Given by the data, else derived from title and place (see `index.sources.read`).
        published: ISO 8601 date or date-time, where the source states one.
        language: ISO 639-1 code, stated by the source or detected from the body.
        body: The text that quotes are cut from; offsets everywhere are characters into it.
        origin: File and, where it holds several posts, the line or entry.
        also_at: Further origins whose body is the same.
        also_ids: Further ids it is found under: those of its twins, and the one it shared with other texts.
        visible_pieces: Which pieces of the body its reader sees, as `index.visible` stores them; empty for all of it.
        link_share: The share of its text that is the text of links.
        block_places: Its blocks where the body is Markdown, as `index.text.structure` stores them.
    """

    id: NonEmpty
    title: NonEmpty
    body: NonEmpty
    authors: tuple[str, ...] = ()
    published: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str = "und"
    origin: str = ""
    also_at: tuple[str, ...] = ()
    also_ids: tuple[str, ...] = ()
    visible_pieces: str = Field(default="", repr=False)
    block_places: str = Field(default="", repr=False)
    link_share: float = Field(default=0.0, ge=0, le=1, repr=False)

    @cached_property
    def visible(self) -> VisibleText:
        """The body as its reader sees it, without markup."""
        return VisibleText(self.body, pieces_from_json(self.visible_pieces))


class SentenceKind(StrEnum):
    """What a quotable piece of a body is; a question is a sentence that only asks, and answers nothing."""

    SENTENCE = "sentence"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    QUESTION = "question"


class Sentence(Record):
    """A quotable piece of a body: `post.body[start:end]`, in characters."""

    start: int = Field(ge=0)
    end: int
    kind: SentenceKind = SentenceKind.SENTENCE


class Chunk(Record):
    """A stretch of a post's body that is encoded as one passage.

    `post.body[start:end] == text` holds because `Chunk.cut` is the way to make one.

    Attributes:
        headings: The path of headings that stand above the stretch, outermost first.
        sentences: The quotable pieces inside, in order, with offsets into the post's body.
        pieces: What of the stretch its reader sees, with offsets into the post's body; None for all of it.
    """

    post_id: str
    start: int = Field(ge=0)
    end: int
    text: str
    headings: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    pieces: Pieces | None = None

    @cached_property
    def visible(self) -> VisibleText:
        """The stretch as its reader sees it; places count from the start of the chunk."""
        if self.pieces is None:
            return VisibleText(self.text)
        return VisibleText(
            self.text, (Piece(start - self.start, end - self.start, text) for start, end, text in self.pieces)
        )

    @cached_property
    def sentence_places(self) -> tuple[tuple[int, int], ...]:
        """Where each sentence lies in the visible text."""
        return tuple(self.visible.span(one.start - self.start, one.end - self.start) for one in self.sentences)

    @cached_property
    def sentence_texts(self) -> tuple[str, ...]:
        """What is visible of each sentence."""
        return tuple(self.visible.text[start:end] for start, end in self.sentence_places)

    @classmethod
    def cut(
        cls,
        post: Post,
        start: int,
        end: int,
        headings: tuple[str, ...],
        sentences: tuple[Sentence, ...],
        pieces: Pieces | None = None,
    ) -> Self:
        """Cut `post.body[start:end]`.

        Raises:
            ValueError: The stretch is empty, leaves the body, or a sentence leaves the stretch.
        """
        if not 0 <= start < end <= len(post.body):
            raise ValueError(f"chunk {start}:{end} leaves the body of {post.id} (0:{len(post.body)})")
        for sentence in sentences:
            if not start <= sentence.start < sentence.end <= end:
                raise ValueError(f"sentence {sentence.start}:{sentence.end} leaves chunk {start}:{end}")
        text = post.body[start:end]
        return cls(
            post_id=post.id, start=start, end=end, text=text, headings=headings, sentences=sentences, pieces=pieces
        )


class SetAside(Record):
    """A document, or a part of one, that could not be read, and why."""

    origin: str
    reason: str


class NotPublished(SetAside):
    """A post that its owner has not published: a draft, a private post, one that is due later."""


class Empty(SetAside):
    """A document, or a part of one, without any text."""


class NoDocument(SetAside):
    """A file that holds no text by its nature: an image, a font, a style sheet, a script."""


class BuildReport(Record):
    """What a build did.

    Attributes:
        path: The index folder.
        encoded: Chunks that the encoder read.
        reused: Chunks whose vectors were known, from the generation before or from a build that was stopped.
        removed: Chunks of the generation before that are in this one no more.
        duplicates: Posts that went into others with the same body.
        shared_ids: Ids that different texts had, which were told apart.
        replaced: Posts of which the same file holds a later version, under the same id and title.
        set_aside: What could not be read.
        not_published: Posts left out because their owner has not published them.
        empty: Documents and entries without text.
        no_documents: How many images, fonts, styles, scripts and the like were passed over.
        seconds: Wall time.
        encoder: The encoder's name.
    """

    path: Path
    generation: int
    posts: int
    chunks: int
    sentences: int
    encoded: int
    reused: int
    removed: int
    duplicates: int
    shared_ids: int = 0
    replaced: int = 0
    set_aside: tuple[SetAside, ...]
    not_published: tuple[SetAside, ...] = ()
    empty: tuple[SetAside, ...] = ()
    no_documents: int = 0
    encoder: str
    seconds: float
