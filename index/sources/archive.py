"""Documents that are ZIP archives of XML, opened within bounds."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from index.errors import SourceError
from index.settings import SourceSettings

_ALWAYS_ALLOWED = 2**20  # bytes that the parts may unfold to together
_MOST_PARTS = 20_000
_TEXT = {".xml", ".xhtml", ".html", ".htm", ".opf", ".ncx", ".rels", ""}
# Parts packed by bzip2 or LZMA raise OSError and LZMAError where they are damaged.
ARCHIVE_ERRORS = (zipfile.BadZipFile, etree.LxmlError, RuntimeError, struct.error, zlib.error, lzma.LZMAError, OSError)
"""What reading an archive's parts raises beyond what every parser does."""


def open_archive(data: bytes, where: str, settings: SourceSettings) -> zipfile.ZipFile:
    """An archive whose text may be read without filling the memory.

    Raises:
        SourceError: It has too many parts, or its texts unfold to more than `settings.max_expansion` times its size
            or `settings.max_document_bytes`.
        zipfile.BadZipFile: It is no archive.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise SourceError(f"more than {_MOST_PARTS:,} parts", where=where, seen=f"{len(parts):,}", remedy="Split it.")
    size = sum(part.file_size for part in parts if PurePosixPath(part.filename).suffix.lower() in _TEXT)
    limit = min(max(_ALWAYS_ALLOWED, settings.max_expansion * len(data)), settings.max_document_bytes)
    if size > limit:
        raise SourceError(
            f"its texts unfold to more than {limit:,} bytes",
            where=where,
            seen=f"{size:,}",
            remedy="Raise sources.max_expansion or sources.max_document_bytes.",
        )
    return archive


def parsed_part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    """A part of an archive as XML, without entities of its own.

    Raises:
        KeyError: There is no such part.
        ValueError: The part is too large, or has no element.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    tree = etree.fromstring(part_bytes(archive, name), parser)
    if tree is None:
        raise ValueError(f"{name} has no element")
    return tree


def part_bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes; never more than the archive says it has."""
    with archive.open(name) as part:
        return part.read(archive.getinfo(name).file_size)
