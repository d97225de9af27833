"""What an encoder and the lexical index read before a chunk's own text: its title and headings."""

from __future__ import annotations

from index.encoders.protocol import Encodable
from index.records import Chunk, Post
from index.text.abbreviations import abbreviations, missing_forms
from index.text.chunking import TokenSpans


def chunk_context(title: str, chunk: Chunk, token_spans: TokenSpans, max_tokens: int) -> str:
    """Title and heading path in one line, truncated after `max_tokens` tokens."""
    own = {text.strip("# \n") for text in chunk.sentence_texts}
    line = " > ".join([title, *(heading for heading in chunk.headings if heading not in own)])
    spans = token_spans(line)
    return line if len(spans) <= max_tokens else line[: spans[max_tokens][0]].rstrip(" >")


def encodable(title: str, chunk: Chunk, token_spans: TokenSpans, max_tokens: int) -> Encodable:
    """A chunk as its encoder reads it."""
    context = chunk_context(title, chunk, token_spans, max_tokens)
    return Encodable(context, chunk.visible.text, chunk.sentence_places)


def lexical_text(post: Post, chunk: Chunk) -> str:
    """A chunk as the lexical index reads it: with both forms of every abbreviation that the post explains."""
    text = chunk.visible.text
    return "\n".join((post.title, *chunk.headings, text, *missing_forms(text, abbreviations(post.visible.text))))
