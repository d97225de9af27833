"""Documents into the store: every post, and an account of what is none."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from index.building.job import BuildJob
from index.building.language_step import settle_languages
from index.encoders.languages import languages_of
from index.errors import CorpusError, SourceError
from index.records import Empty, NoDocument, NotPublished, SetAside
from index.storage.post_writer import Stored


@dataclass
class Documents:
    """What the documents of a build came to, apart from the posts in the store."""

    duplicates: int = 0
    shared_ids: int = 0
    stored: Counter[Stored] = field(default_factory=Counter)
    set_aside: list[SetAside] = field(default_factory=list)
    not_published: list[SetAside] = field(default_factory=list)
    empty: list[SetAside] = field(default_factory=list)
    no_documents: list[SetAside] = field(default_factory=list)

    def add(self, item: SetAside) -> None:
        """Count what did not become a post, by its kind."""
        match item:
            case NoDocument():
                self.no_documents.append(item)
            case NotPublished():
                self.not_published.append(item)
            case Empty():
                self.empty.append(item)
            case _:
                self.set_aside.append(item)

    def report(self) -> dict[str, Any]:
        """The fields of a `BuildReport`."""
        lists = {name: tuple(getattr(self, name)) for name in ("set_aside", "not_published", "empty")}
        counts = {
            "duplicates": self.duplicates,
            "shared_ids": self.shared_ids,
            "replaced": self.stored[Stored.NEW_VERSION],
            "no_documents": len(self.no_documents),
        }
        return {**lists, **counts}


def read_step(job: BuildJob) -> Documents:
    """Read every post of the sources into the store.

    Raises:
        CorpusError: A source is missing, or no post could be read.
        SourceError: With `settings.strict`, a document could not be read.
    """
    from index.sources.decoding import path_text  # noqa: PLC0415
    from index.sources.language import detect_language, evidence  # noqa: PLC0415  # readers' libraries; asking needs none
    from index.sources.read import read_posts, start_of  # noqa: PLC0415

    detected: set[str] = set()

    def detect(start: str) -> str:
        digest = _language_key(start)
        detected.add(digest)
        language = (job.previous.store.language(digest) if job.previous else None) or detect_language(start)
        job.store.put_language(digest, language)
        return language

    documents = Documents()
    for done, item in enumerate(read_posts(job.sources, job.settings.sources, detect), 1):
        if isinstance(item, SetAside):
            documents.add(item)
        else:
            documents.stored[job.store.put(item)] += 1
        job.progress("reading", done, None)
    documents.duplicates = documents.stored[Stored.TWIN] + job.store.merge_twins()
    documents.shared_ids = job.store.tell_ids_apart([path_text(source) for source in job.sources])
    _require_posts(job, documents)
    settle_languages(
        job.store,
        lambda post: _language_key(start_of(post)) in detected,
        lambda post, other: evidence(start_of(post), post.language, other),
        languages_of(job.encoder.identity.name),
    )
    return documents


def _language_key(start: str) -> str:
    """Under which the language detected in the start of a body is remembered; changes with the way of detecting."""
    return hashlib.sha256(f"encoders' languages\0{start}".encode()).hexdigest()


def _require_posts(job: BuildJob, documents: Documents) -> None:
    if documents.set_aside and job.settings.strict:
        first = documents.set_aside[0]
        raise SourceError(
            f"{len(documents.set_aside)} document(s) cannot be read; the first: {first.reason}",
            where=first.origin,
            remedy="Repair or remove it, or build without --strict.",
        )
    if job.store.count_posts() == 0:
        passed_over = [*documents.set_aside, *documents.not_published, *documents.empty, *documents.no_documents]
        reasons = "; ".join(f"{item.origin}: {item.reason}" for item in passed_over[:3])
        raise CorpusError(
            "no post could be read",
            where=", ".join(map(str, job.sources)) or "an empty list of sources",
            seen=reasons or None,
            remedy="Name files or folders with Markdown, text, HTML, RSS, Atom, JSON Lines or PDF.",
        )
