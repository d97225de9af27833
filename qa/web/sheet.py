"""The evidence sheet of an answer: one page to link to, to print or to keep, proven anew whenever it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from index.reader import Index
from qa.answering.evidence_sheet import LONGEST_TOKEN, Proof, Sheet, SheetBroken, Standing, proofs, sheet_of
from qa.links import sentence_address
from qa.messages import messages_in
from qa.web.templating import render, web_file


def sheet_routes(index: Callable[[], Index]) -> APIRouter:
    """The route of the sheets.

    Args:
        index: Gives the one that answers now.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/a/{token}")
    def sheet(token: Annotated[str, Path(max_length=LONGEST_TOKEN)]) -> Response:
        """A sheet, its quotes compared with the posts of now."""
        try:
            opened = sheet_of(token)
        except SheetBroken as error:
            return HTMLResponse(_page(error=str(error)), 404)
        now = index()
        return HTMLResponse(sheet_html(opened, list(proofs(opened, now)), now.manifest.generation))

    return router


def sheet_html(sheet: Sheet, proven: Sequence[Proof], generation: int) -> Markup:
    """The page of a sheet."""
    return _page(
        sheet=sheet,
        verdict=_verdict(proven),
        confidence=messages_in("en").confidence_words(sheet.confidence, sheet.level),
        rows=[_row(proof) for proof in proven],
        generation=generation,
    )


def _page(**values: object) -> Markup:
    style = Markup(web_file("sheet.css"))  # noqa: S704  # a file of this package
    return render("sheet.html", style=style, **{"error": None, "sheet": None, **values})


def _verdict(proven: Sequence[Proof]) -> str:
    same = sum(proof.standing in (Standing.STANDS, Standing.MOVED) for proof in proven)
    if same == len(proven):
        return "Still stands: every character is in the posts as it was quoted."
    return f"Changed: {same} of {len(proven)} quotes still stand{'s' if same == 1 else ''}."


def _row(proof: Proof) -> dict[str, object]:
    quote = proof.quote
    return {
        "proof": proof,
        "parts": _parts(proof),
        "end": proof.start + len(quote.text),
        "address": sentence_address(proof.post, quote.text) if proof.post else None,
    }


def _parts(proof: Proof) -> tuple[str, str, str]:
    """What stands before the sentence that answers, that sentence, and what follows, as the post's reader sees them."""
    quote, text = proof.quote, proof.quote.text
    first, last = quote.focus or (0, len(text))
    if proof.post is None or proof.standing is Standing.CHANGED:
        return text[:first], text[first:last], text[last:]
    visible = proof.post.visible
    start, end = visible.span(proof.start, proof.start + len(text))
    first, last = visible.span(proof.start + first, proof.start + last)
    return visible.text[start:first], visible.text[first:last], visible.text[last:end]
