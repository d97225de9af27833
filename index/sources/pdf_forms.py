"""Values of a PDF's form fields, as lines "Name: value" in the place of the fields' labels."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.sources.fields import one_line
from index.sources.pdf_lines import Line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_LONGEST_VALUE = 2**16  # bytes
_MOST_FIELDS = 1_000  # of a page
_LETTERS = 12.0  # points, at most
_LABEL_WITHIN = 200  # points left of the field


def with_form_values(page: PdfPage, document: PdfDocument, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of a page, each field's value behind its label, or behind the field's name where it has none."""
    result = list(lines)
    for name, value, place in _fields(page, document):
        labels = [line for line in result if _is_label(line, place)]
        label = max(labels, key=lambda line: line.right, default=None)
        words = (label.text if label else name).rstrip(" :.…_")
        filled = replace(place, text=f"{words}: {value}" if words else value)
        if label:
            result.remove(label)
            filled = replace(label, text=filled.text, right=place.right, is_field=True)
        result.append(filled)
    return tuple(result)


def _is_label(line: Line, field: Line) -> bool:
    """Whether a line stands left of a field, or right above it."""
    is_before = field.left - _LABEL_WITHIN < line.right <= field.left + line.size / 2
    is_above = abs(line.left - field.left) < line.size and -line.size / 2 < line.bottom - field.top < line.size
    return is_above or (is_before and line.shares_row(field))


def _fields(page: PdfPage, document: PdfDocument) -> Iterator[tuple[str, str, Line]]:
    """Name, value and place of each field that is filled in."""
    from pypdfium2 import raw  # noqa: PLC0415  # only PDFs should pay for it

    if document.formenv is None:
        return
    form = document.formenv.raw
    buttons = {raw.FPDF_FORMFIELD_PUSHBUTTON, raw.FPDF_FORMFIELD_SIGNATURE}
    ticks = {raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_FIELDS)):
        field = raw.FPDFPage_GetAnnot(page, at)
        kind = raw.FPDFAnnot_GetFormFieldType(form, field)
        rectangle = raw.FS_RECTF()
        if kind > 0 and kind not in buttons and raw.FPDFAnnot_GetRect(field, rectangle):
            is_off = kind in ticks and not raw.FPDFAnnot_IsChecked(form, field)
            value = "" if is_off else _string(raw.FPDFAnnot_GetFormFieldValue, form, field)
            name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, form, field)
            name = name or _string(raw.FPDFAnnot_GetFormFieldName, form, field)
            if value:
                left, bottom, right, top = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
                yield name, value, Line(value, left, right, bottom, top, min(_LETTERS, top - bottom), is_field=True)
        raw.FPDFPage_CloseAnnot(field)


def _string(getter: Callable[..., int], form: Any, field: Any) -> str:
    buffer = ctypes.create_string_buffer(_LONGEST_VALUE)
    length = getter(form, field, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), _LONGEST_VALUE)
    return one_line(buffer.raw[: max(0, min(length, _LONGEST_VALUE) - 2)].decode("utf-16-le", "replace"))
