"""Which reader reads which suffix; the one place where a format is added."""

from __future__ import annotations

from index.sources import feed, html, jsonl, markdown, pdf, plain
from index.sources.drafts import Reader

READERS: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": plain.read,
    ".text": plain.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".rss": feed.read,
    ".atom": feed.read,
    ".xml": feed.read,
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".pdf": pdf.read,
}
