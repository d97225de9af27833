"""Which reader reads which suffix; the one place where a format is added."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.draft_post import Draft, Reader


def _reader(module: str) -> Reader:
    """The `read` of a module beside this one, loaded with the library behind it when a document wants it."""

    def read(document: Document, settings: SourceSettings) -> Iterable[Draft | SetAside]:
        reader: Reader = import_module(f"index.sources.{module}").read
        return reader(document, settings)

    return read


_MODULES = {
    "markdown": (".md", ".markdown"),
    "plain": (".txt", ".text"),
    "html": (".html", ".htm", ".xhtml"),
    "feed": (".rss", ".atom", ".xml"),
    "jsonl": (".jsonl", ".ndjson"),
    "pdf": (".pdf",),
}
READERS: dict[str, Reader] = {suffix: _reader(module) for module, names in _MODULES.items() for suffix in names}
