"""This project's reader as a ranker component of Haystack."""

from typing import Any

from haystack import Document, component

from benchmarks.blogs.reader_ranking import ReaderRanking


@component
class ReaderRanker:
    """Orders documents by the reader's scores."""

    def __init__(self, reader: ReaderRanking) -> None:
        self._reader = reader

    @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator]
    def run(self, query: str, documents: list[Document], top_k: int) -> dict[str, Any]:
        """The best documents, best first."""
        known = {document.id: document for document in documents}
        ranked = self._reader.ranked(query, list(known))
        return {"documents": [known[one] for one in ranked[:top_k]]}
