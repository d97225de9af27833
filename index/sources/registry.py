r"""Readers of documents by suffix: built-in ones, and those that installed packages register.

A reader takes a document and the settings, and yields its posts and what it had to set aside:

>>> import tempfile
>>> from pathlib import Path
>>> from index.sources.decoding import read_text
>>> def read(document, settings):
...     for number, line in enumerate(read_text(document, settings).split("\n"), 1):
...         title, _, body = line.partition(": ")
...         yield DraftPost(title=title, body=body, place=f"#L{number}")
>>> path = Path(tempfile.mkdtemp()) / "harbour.notes"
>>> _ = path.write_text("Wall: It is 90 m long.\nLamp: It was lit in 1874.")
>>> [post.title for post in read(Document(path=path, name=path.name), SourceSettings())]
['Wall', 'Lamp']

A package registers it as an entry point of the group `postqa.readers`, named by the suffix without its dot
(docs/extending.md): `notes = "its_module:read"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.errors import SourceError
from index.plugins import ExtensionPoint
from index.records import Document, SetAside
from index.settings import SourceSettings
from index.sources.decoding import path_text
from index.sources.draft_post import DraftPost, Reader
from index.sources.parse_errors import parse_errors

_MODULES = {
    "markdown": ("md", "markdown"),
    "plain": ("txt", "text"),
    "html": ("html", "htm", "xhtml"),
    "feed": ("rss", "atom", "xml"),
    "jsonl": ("jsonl", "ndjson"),
    "pdf": ("pdf",),
}
READERS = ExtensionPoint(
    "postqa.readers", {name: f"index.sources.{module}:read" for module, names in _MODULES.items() for name in names}
)
"""By suffix without its dot; a module is imported, with the library behind it, when a document needs it."""


def suffixes() -> list[str]:
    """Every suffix that has a reader, with its dot; built-in ones first."""
    return [f".{name}" for name in READERS.origins()]


def reader_for(suffix: str) -> Reader:
    """The reader of a suffix; where there is none, one that raises `SourceError` for every document.

    Raises:
        PluginError: The package that registers the suffix cannot be imported.
    """
    name = suffix.lower().removeprefix(".")
    reader: Reader | None = READERS.load(name)
    if reader is None:
        return _refusing(suffix)
    return reader if name in READERS.built_in else _guarded(reader, suffix)


def _refusing(suffix: str) -> Reader:
    remedy = f"Convert it to one of {' '.join(suffixes())}."
    error = SourceError(f"no reader for {suffix.lower() or 'a name without suffix'}", remedy=remedy)

    def read(_document: Document, _settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
        raise error

    return read


def _guarded(reader: Reader, suffix: str) -> Reader:
    """Another package's reader, whose mistakes set one document aside and never end a build."""
    what, remedy = f"the reader of {suffix} failed", f"Report it to {READERS.origins()[suffix.lower()[1:]]}."

    def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
        with parse_errors(path_text(document.path), Exception, what=what, remedy=remedy):
            for item in reader(document, settings):
                if not isinstance(item, DraftPost | SetAside):
                    raise TypeError(f"it yields {type(item).__name__}, not DraftPost or SetAside")
                yield item

    return read
