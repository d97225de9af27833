"""Settings of the offline half: values only, unknown keys rejected, nothing built here."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from index.files import data_folder, write_file

LEFT_OUT = (
    ".*",
    "node_modules",
    "bower_components",
    "vendor",
    "third_party",
    "site-packages",
    "*.dist-info",
    "*.egg-info",
    "venv",
    "__pycache__",
)
"""Hidden files and folders, and folders of other people's code."""
DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_CHOICE_FILE = "encoder.txt"


def stated_encoder() -> str | None:
    """The encoder that `QA_ENCODER` names, if it does."""
    return os.environ.get("QA_ENCODER") or None


def chosen_encoder() -> str:
    """The encoder for a build that names none: `QA_ENCODER`, else the one chosen by `qa encoder use`."""
    if stated := stated_encoder():
        return stated
    try:
        return (data_folder() / _CHOICE_FILE).read_text(encoding="utf-8").strip() or DEFAULT_ENCODER
    except (OSError, ValueError):
        return DEFAULT_ENCODER


def remember_encoder(name: str) -> None:
    """Make an encoder the one for later builds."""
    data_folder().mkdir(parents=True, exist_ok=True)
    write_file(data_folder() / _CHOICE_FILE, f"{name}\n".encode())


class Settings(BaseModel):
    """Base of every group of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(Settings):
    """Caps on what is read; beyond them a document is set aside with the reason.

    Attributes:
        max_document_bytes: Largest file read whole (text, HTML, feed, PDF).
        max_line_bytes: Longest line of a JSON Lines file, which is read line by line.
        max_html_depth: Deepest nesting of HTML or XML elements.
        max_pdf_pages: Most pages of a PDF.
        max_pdf_seconds: Longest that the pages of a PDF may take together; looked at after each page.
        max_expansion: How many times its size a document's compressed parts may unfold to together (1 MB always may).
        drafts: Whether posts that are not published are read too.
        clock: The moment a post is due or expired against; None means now.
        left_out: Patterns of names of files and folders (as in a shell) that are passed over inside a folder.
    """

    max_document_bytes: int = Field(default=64 * 2**20, gt=0)
    max_line_bytes: int = Field(default=16 * 2**20, gt=0)
    max_html_depth: int = Field(default=500, gt=0)
    max_pdf_pages: int = Field(default=5_000, gt=0)
    max_pdf_seconds: float = Field(default=120, gt=0)
    max_expansion: int = Field(default=100, gt=0)
    drafts: bool = False
    clock: datetime | None = None
    left_out: tuple[str, ...] = LEFT_OUT


class FetchSettings(Settings):
    """How blogs are fetched.

    Attributes:
        user_agent: What requests say of themselves, and what robots.txt is asked for.
        delay: Seconds between two requests to one host; a longer delay that robots.txt asks for is kept.
        max_delay: Longest delay in seconds that robots.txt may ask for.
        max_bytes: Largest answer, after it was unpacked.
        max_seconds: Longest that one answer may take.
        max_redirects: Most redirects in a row; each is checked like the first address.
        max_pages: Most pages of a sitemap.
        allow_private: Whether hosts of private networks may be asked.
    """

    user_agent: str = "postqa/0.1 (a reader's own index)"
    delay: float = Field(default=1.0, ge=0)
    max_delay: float = Field(default=30.0, ge=0)
    max_bytes: int = Field(default=32 * 2**20, gt=0)
    max_seconds: float = Field(default=60.0, gt=0)
    max_redirects: int = Field(default=5, ge=0)
    max_pages: int = Field(default=2_000, gt=0)
    allow_private: bool = False


class ChunkSettings(Settings):
    """How posts are divided into chunks.

    Attributes:
        max_tokens: Upper bound on a chunk's own tokens; the encoder's limit bounds it too.
        context_tokens: Most tokens of title and headings that are encoded before a chunk.
    """

    max_tokens: int = Field(default=160, ge=16)
    context_tokens: int = Field(default=48, ge=0)


class LexicalSettings(Settings):
    """BM25's parameters (Robertson and Zaragoza 2009); words are read by the rules of each post's language.

    Chunks are short, so that a term stands there counts for more than how often it does: a small `k1`
    ranks best (measured in docs/quality.md).
    """

    k1: float = Field(default=0.2, gt=0)
    b: float = Field(default=0.75, ge=0, le=1)


class VectorSettings(Settings):
    """How passages' vectors are searched, and how thoroughly once they are many.

    Attributes:
        store: The vector store (`index.search.vectors.VECTOR_STORES`).
        exact_up_to: Most rows of a table that are compared one by one; beyond, passages get an inverted file and
            sentences are reached through their passages.
        probed: Share of the inverted file's lists that a search looks into.
        rescored: How many rows of the inverted file are scored again from the table.
    """

    store: str = "faiss"
    exact_up_to: int = Field(default=50_000, ge=1)
    probed: float = Field(default=0.35, gt=0, le=1)
    rescored: int = Field(default=300, ge=1)


class BuildSettings(Settings):
    """Everything a build depends on beside the documents."""

    encoder: str = Field(default_factory=chosen_encoder)
    sources: SourceSettings = SourceSettings()
    chunks: ChunkSettings = ChunkSettings()
    lexical: LexicalSettings = LexicalSettings()
    vectors: VectorSettings = VectorSettings()
    strict: bool = False


def default_index_path() -> Path:
    """The index folder when none is named: `QA_INDEX`, else the user's data folder."""
    named = os.environ.get("QA_INDEX")
    return Path(named) if named else data_folder() / "index"
