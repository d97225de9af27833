"""What the name of a file says about the post in it: a title, a language."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from index.sources.dates import without_date

_FOLDER_SPEAKS = frozenset({"index", "_index", "readme", "page", "+page", "default"})
_NOTION_KEY = re.compile(r"[ -][0-9a-f]{32}$")
_LANGUAGE = re.compile(r"\.(?P<code>[a-z]{2})(?:-[A-Za-z]{2,4})?$")


def title_of(path: Path) -> str:
    """A title out of a file's name, or its folder's where the name is "index" or "README".

    Dates and keys are taken off, and hyphens between words become spaces.
    """
    stem = _LANGUAGE.sub("", path.stem)
    if stem.lower() in _FOLDER_SPEAKS and (folder := _words(path.absolute().parent.name)):
        return folder
    return _words(stem) or path.stem


def language_of(path: Path) -> str | None:
    """The language that a name such as "index.fr.md" states."""
    match = _LANGUAGE.search(path.stem)
    return match["code"] if match else None


def _words(name: str) -> str:
    words = without_date(_NOTION_KEY.sub("", unquote(name, errors="ignore")))
    return (words if " " in words else re.sub(r"[-_]+", " ", words)).strip()
