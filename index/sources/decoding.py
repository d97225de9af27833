"""Bytes of a document to text that is safe to store: limited in size, decoded, normalised."""

from __future__ import annotations

import codecs
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from index.errors import SourceError
from index.records import Document
from index.settings import SourceSettings

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED_WITHIN = 4_096  # bytes; browsers look at the first 1,024
# What calls itself Latin-1 is Windows' superset of it (WHATWG Encoding Standard, 2024).
_WESTERN = ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii")
_LEGACY = re.compile(
    r"iso-?8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gbk|gb2312|gb18030|big5"
)
_NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters but \t, and the newlines above
    "\ud800-\udfff"  # halves of a pair: no encoder takes them
    "\u202a-\u202e\u2066-\u2069]"  # bidi overrides and isolates: a quote must read as it is stored
)


def clean(text: str) -> str:
    r"""Text as it is stored and quoted; cleaning twice changes nothing.

    Newlines become "\n"; control characters except tab, lone surrogates and bidi overrides and
    isolates go; what is left is NFC.
    """
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _NEWLINES.sub("\n", text)))


def path_text(path: Path | str) -> str:
    """A path as text that can be stored, also where a file name is no valid UTF-8."""
    return clean(os.fsencode(path).decode("utf-8", errors="replace"))


@contextmanager
def open_document(document: Document) -> Iterator[BinaryIO]:
    """Open a document for reading bytes, and check on leaving that it has not changed.

    Raises:
        SourceError: It cannot be opened or read, is no regular file, or changed while it was read.
    """
    try:
        # Without blocking, so that a FIFO put in the file's place cannot hold the build.
        handle = os.open(document.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(handle, "rb") as file:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise SourceError("not a regular file", where=path_text(document.path))
            yield file
            after = os.fstat(handle)
    except OSError as error:
        raise SourceError(
            "cannot be read", where=path_text(document.path), seen=error.strerror, remedy="Check its permissions."
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SourceError(
            "changed while it was read",
            where=path_text(document.path),
            seen=f"{before.st_size:,} bytes, then {after.st_size:,}",
            remedy="Build again when no program writes to it.",
        )


def read_bytes(document: Document, settings: SourceSettings) -> bytes:
    """The whole file.

    Raises:
        SourceError: It is larger than `settings.max_document_bytes`, or see `open_document`.
    """
    limit = settings.max_document_bytes
    with open_document(document) as file:
        data = file.read(limit + 1)
        if len(data) > limit:
            raise SourceError(
                f"larger than {limit:,} bytes",
                where=path_text(document.path),
                remedy="Split it, or raise sources.max_document_bytes.",
            )
    return data


def read_text(document: Document, settings: SourceSettings, declared: re.Pattern[bytes] | None = None) -> str:
    r"""The whole file as text, newlines as "\n": UTF-8, or UTF-16 or UTF-32 with a byte order mark.

    Args:
        declared: Pattern whose group is the name of a legacy encoding that the file declares; it is used where
            the bytes are not valid UTF-8.

    Raises:
        SourceError: The bytes are not valid in that encoding, or see `read_bytes`.
    """
    data = read_bytes(document, settings)
    mark, encoding = next(((m, e) for m, e in _BYTE_ORDER_MARKS if data.startswith(m)), (b"", "utf-8"))
    try:
        text = decode(data[len(mark) :], encoding, path_text(document.path), offset=len(mark))
    except SourceError:
        legacy = _legacy_encoding(data, declared) if declared and not mark else None
        if legacy is None:
            raise
        text = decode(data, legacy, path_text(document.path))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _legacy_encoding(data: bytes, declared: re.Pattern[bytes]) -> str | None:
    """The encoding that a file declares at its beginning, if it is one that pages were written in."""
    match = declared.search(data[:_DECLARED_WITHIN])
    name = match[1].decode("ascii", "replace").lower() if match else ""
    if name in _WESTERN:
        return "cp1252"
    with suppress(LookupError):  # the family is right, the number may be one that does not exist
        return codecs.lookup(name).name if _LEGACY.fullmatch(name) else None
    return None


def decode(data: bytes, encoding: str, where: object, *, offset: int = 0) -> str:
    """Decode strictly.

    Args:
        data: Bytes without a byte order mark.
        encoding: A name Python knows.
        where: The document, for the error.
        offset: Bytes of the document before `data`.

    Raises:
        SourceError: Names the first invalid byte and its offset in the document.
    """
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"invalid {encoding.upper()} at byte {offset + error.start:,}",
            where=where,
            seen=f"0x{data[error.start : error.start + 4].hex()}, {error.reason}",
            remedy="Save it as UTF-8.",
        ) from error
