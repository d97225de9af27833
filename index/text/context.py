"""What an encoder and the lexical index read before a chunk's own text: its title and headings."""

from __future__ import annotations

from index.encoders.protocol import Encodable
from index.records import Chunk, Post
from index.text.abbreviations import abbreviations, missing_forms
from index.text.chunking import TokenSpans


def chunk_context(title: str, chunk: Chunk, token_spans: TokenSpans, max_tokens: int) -> str:
    """Title and heading path in one line, truncated after `max_tokens` tokens."""
    own = {chunk.text[s.start - chunk.start : s.end - chunk.start].strip("# \n") for s in chunk.sentences}
    line = " > ".join([title, *(heading for heading in chunk.headings if heading not in own)])
    spans = token_spans(line)
    return line if len(spans) <= max_tokens else line[: spans[max_tokens][0]].rstrip(" >")


def encodable(title: str, chunk: Chunk, token_spans: TokenSpans, max_tokens: int) -> Encodable:
    """A chunk as its encoder reads it."""
    sentences = tuple((s.start - chunk.start, s.end - chunk.start) for s in chunk.sentences)
    return Encodable(chunk_context(title, chunk, token_spans, max_tokens), chunk.text, sentences)


def lexical_text(post: Post, chunk: Chunk) -> str:
    """A chunk as the lexical index reads it: with both forms of every abbreviation that the post explains."""
    return "\n".join((post.title, *chunk.headings, chunk.text, *missing_forms(chunk.text, abbreviations(post.body))))
