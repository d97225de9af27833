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

from index.plugins import ExtensionPoint
from index.records import Document, NoDocument, SetAside
from index.settings import SourceSettings
from index.sources.decoding import path_text
from index.sources.draft_post import DraftPost, Reader
from index.sources.parse_errors import parse_errors, set_aside

_MODULES = {
    "markdown": ("md", "markdown", "mdown", "mkd", "mdx", "qmd", "rmd"),
    "notebook": ("ipynb",),
    "restructured_text": ("rst", "rest"),
    "asciidoc": ("adoc", "asciidoc", "asc"),
    "org": ("org",),
    "epub": ("epub",),
    "docx": ("docx",),
    "plain": ("txt", "text"),
    "page": ("html", "htm", "xhtml"),
    "feed": ("rss", "atom", "xml", "rdf"),
    "json_feed": ("json",),
    "jsonl": ("jsonl", "ndjson"),
    "pdf": ("pdf",),
}
_ASSETS = frozenset(
    "jpg jpeg png gif svg webp avif ico bmp tif tiff heic psd ai eps woff woff2 ttf otf eot css scss sass less js mjs "
    "cjs ts tsx jsx map wasm vue svelte py pyc rb go rs java c h cpp sh bat ps1 mp3 mp4 m4a m4v mov avi webm ogg ogv "
    "oga wav flac vtt srt exe dll so dylib jar lock liquid haml slim ejs hbs erb njk pug yml yaml toml ini cfg conf "
    "gemspec gemfile rakefile makefile dockerfile procfile license licence notice cname codeowners".split()
)
"""Suffixes, or names without one, of pictures, fonts, styles, scripts, templates and settings: nothing to read."""
READERS = ExtensionPoint(
    "postqa.readers", {name: f"index.sources.{module}:read" for module, names in _MODULES.items() for name in names}
)
"""By suffix without its dot; a module is imported, with the library behind it, when a document needs it."""


def suffixes() -> list[str]:
    """Every suffix that has a reader, with its dot; built-in ones first."""
    return [f".{name}" for name in READERS.origins()]


def reader_for(suffix: str) -> Reader:
    """The reader of a suffix; where there is none, one that sets every document aside.

    Raises:
        PluginError: The package that registers the suffix cannot be imported.
    """
    name = suffix.lower().removeprefix(".")
    reader: Reader | None = READERS.load(name)
    if reader is None:
        return _refusing(suffix)
    return reader if name in READERS.built_in else _guarded(reader, suffix)


def _refusing(suffix: str) -> Reader:
    what = f"no reader for {suffix.lower() or 'a name without suffix'}"
    remedy = f"Convert it to one of {' '.join(suffixes())}."

    def read(document: Document, _settings: SourceSettings) -> Iterator[DraftPost | SetAside]:
        name = (suffix or document.path.name).lower().removeprefix(".")
        yield set_aside(document.path, what, remedy=remedy, kind=NoDocument if name in _ASSETS else SetAside)

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
