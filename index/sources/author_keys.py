"""Names of authors that a blog's posts state by their keys, as Docusaurus, MkDocs, Jekyll and Hugo keep them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

import yaml

from index.records import Document
from index.sources.authors import author_names
from index.sources.front_matter import parse_yaml

_FILES = ("authors.yml", "authors.yaml", ".authors.yml", "_data/authors.yml", "_data/authors.yaml", "data/authors.yaml")
_LARGEST = 2**20  # bytes


def with_names(authors: tuple[str, ...], document: Document) -> tuple[str, ...]:
    """Authors with each key replaced by its name, from the nearest list in a folder of the document's source."""
    if all(" " in author for author in authors):
        return authors
    names = next(_lists_above(document), {})
    return tuple(dict.fromkeys(names.get(author, author) for author in authors))


def _lists_above(document: Document) -> Iterator[dict[str, str]]:
    folders = islice(document.path.parents, document.name.count("/") + 1)
    for path in (folder / name for folder in folders for name in _FILES):
        with suppress(OSError):
            state = path.stat()
            if state.st_size <= _LARGEST and (names := _names(path, state.st_mtime_ns)):
                yield names


@lru_cache(maxsize=16)
def _names(path: Path, _changed: int) -> dict[str, str]:
    """Names by key; under `authors` in MkDocs' form."""
    with suppress(yaml.YAMLError, ValueError, RecursionError, OSError):
        stated = parse_yaml(path.read_text(encoding="utf-8"))
        stated = stated.get("authors", stated) if isinstance(stated, dict) else {}
        of_keys = {str(key): author_names(value) for key, value in stated.items() if isinstance(value, dict)}
        return {key: names[0] for key, names in of_keys.items() if names}
    return {}
