"""Folders and files to documents: every regular file once, and why the rest is not read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from index.errors import CorpusError
from index.records import Document, SetAside
from index.settings import LEFT_OUT
from index.sources.decoding import path_text
from index.sources.parse_errors import set_aside

_Identity = tuple[int, int]


def find_documents(sources: Sequence[Path], left_out: Sequence[str] = LEFT_OUT) -> Iterator[Document | SetAside]:
    """Files of the sources, in sorted order within each folder, the same file once.

    Names inside a folder that a pattern of `left_out` fits are passed over, with all that is in them. Set aside are
    links that leave their folder or run in a loop, and what is no regular file.

    Raises:
        CorpusError: A source does not exist.
    """
    for source in sources:
        if not source.exists():
            raise CorpusError("no such file or folder", where=path_text(source), remedy="Check the path.")
    seen: set[_Identity] = set()
    for source in sources:
        if source.is_dir():
            yield from _Walk(source, left_out, seen).folder(source, ())
        else:
            yield from _file(source, source.name, source.stat(), seen)


class _Walk:
    """One folder's walk; links are followed only to what lies inside it."""

    def __init__(self, root: Path, left_out: Sequence[str], seen: set[_Identity]) -> None:
        self._root = root
        self._left_out = left_out
        self._real_root = os.path.realpath(root)
        self._files = seen
        self._folders: set[_Identity] = set()

    def folder(self, folder: Path, above: tuple[_Identity, ...]) -> Iterator[Document | SetAside]:
        identity = _identity(folder.stat())
        if identity in above:
            yield set_aside(folder, "a link loop: it leads back to a folder above it", remedy="Remove the link.")
            return
        if identity in self._folders:
            return
        self._folders.add(identity)
        try:
            names = sorted(os.listdir(folder))
        except OSError as error:
            yield set_aside(folder, "cannot be listed", seen=error.strerror, remedy="Check its permissions.")
            return
        for name in names:
            if not any(fnmatchcase(name, pattern) for pattern in self._left_out):
                yield from self._entry(folder / name, (*above, identity))

    def _entry(self, path: Path, above: tuple[_Identity, ...]) -> Iterator[Document | SetAside]:
        try:
            real = os.path.realpath(path, strict=True)
            status = os.stat(real)
        except OSError as error:
            remedy = "Repair or remove the link." if path.is_symlink() else "Check its permissions."
            yield set_aside(path, "leads nowhere", seen=error.strerror, remedy=remedy)
            return
        if os.path.commonpath([real, self._real_root]) != self._real_root:
            remedy = "Copy the file in, or name its folder as a source."
            yield set_aside(path, "a link that leaves the folder", seen=path_text(real), remedy=remedy)
        elif stat.S_ISDIR(status.st_mode):
            yield from self.folder(path, above)
        else:
            yield from _file(path, path.relative_to(self._root).as_posix(), status, self._files)


def _file(path: Path, name: str, status: os.stat_result, seen: set[_Identity]) -> Iterator[Document | SetAside]:
    identity = _identity(status)
    if identity in seen:
        return
    seen.add(identity)
    if stat.S_ISREG(status.st_mode):
        # NFC: the name is part of derived ids, and file systems differ in what they give back.
        yield Document(path=path, name=path_text(name))
    else:
        yield set_aside(path, "not a file but a pipe, socket or device", remedy="Only regular files are read.")


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino
