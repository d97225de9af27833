"""Jupyter notebooks: Markdown cells as they are, code cells as code; what the code put out is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.records import Document, NotPublished
from index.settings import SourceSettings
from index.sources.decoding import path_text, read_text
from index.sources.draft_post import DraftPost
from index.sources.front_matter import Fields, split_front_matter
from index.sources.markdown import markdown_post
from index.sources.parse_errors import parse_errors

_LEFT_OUT = {"remove-cell", "remove_cell", "hide-cell"}  # tags by which Jupyter Book shows no cell
_NO_NAME = re.compile(r"[^\w+#-]")
_FENCE = re.compile(r"^ {0,3}(`{3,})", re.M)


def read(document: Document, settings: SourceSettings) -> Iterator[DraftPost | NotPublished]:
    """The one draft of a notebook, unless it is not published.

    Raises:
        SourceError: The file is no text, no JSON, or no notebook.
    """
    text, where = read_text(document, settings), path_text(document.path)
    with parse_errors(where, what="not a Jupyter notebook", remedy="Save it again from Jupyter."):
        notebook = json.loads(text)
        stated = notebook.get("metadata", {})
        cells = [cell for sheet in notebook.get("worksheets", [notebook]) for cell in sheet["cells"]]
        language = str(stated.get("language_info", {}).get("name", stated.get("kernelspec", {}).get("language", "")))
        body = "\n\n".join(filter(None, (_cell(cell, language) for cell in cells)))
        fields = Fields(stated)
        if cells and cells[0]["cell_type"] == "raw":  # Quarto's front matter
            fields, body = _with_front_matter(_source(cells[0]), fields, body)
    yield markdown_post(fields, body, document, settings)


def _with_front_matter(raw: str, fields: Fields, body: str) -> tuple[Fields, str]:
    front_matter, rest = split_front_matter(raw)
    return (front_matter, f"{rest}\n\n{body}") if front_matter else (fields, body)


def _cell(cell: Mapping[str, Any], language: str) -> str:
    source = _source(cell).strip("\n")
    if not source.strip() or _LEFT_OUT & set(cell.get("metadata", {}).get("tags", ())):
        return ""
    if cell["cell_type"] == "markdown":
        return source
    if cell["cell_type"] == "heading":  # before version 4
        return f"{'#' * min(6, int(cell.get('level', 1)))} {' '.join(source.split())}"
    if cell["cell_type"] == "code":
        fence = max(["```", *(f"{ticks}`" for ticks in _FENCE.findall(source))], key=len)
        return f"{fence}{_NO_NAME.sub('', language)}\n{source}\n{fence}"
    return ""


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(source)
