"""What must hold for any bytes: each target takes some, and raises only if an invariant is broken.

`make fuzz` runs them under a coverage-guided fuzzer, `make test` over generated examples and over every finding kept.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from index.errors import FetchError, QuestionError
from index.following.sitemaps import named_pages
from index.records import Post, SetAside
from index.settings import SourceSettings
from index.sources.bundle import looks_like_bundle, split
from index.sources.decoding import clean
from index.sources.read import read_posts
from index.text.chunking import chunk_post
from qa import Assistant, Citation
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

Target = Callable[[bytes], None]
_LIMIT = 16
_ENCODER = WordHashEncoder()
# Low limits, so that small inputs reach them as well.
_SETTINGS = SourceSettings(max_document_bytes=2**20, max_line_bytes=2**14, max_html_depth=100, max_pdf_pages=20)


def bundle(data: bytes) -> None:
    """Bodies are stretches of the text, in order, line by line; a text with words gives a post."""
    text = clean(data.decode("utf-8", "replace"))
    drafts = split(text)
    if looks_like_bundle(text) and any(map(str.isalnum, text)):
        _hold(bool(drafts) or _is_scaffolding(text), "a bundle with words gave nothing")
    at = 0
    for draft in drafts:
        _hold(bool(draft.title.strip()), "a post without a title")
        for line in filter(None, (line.strip() for line in draft.body.split("\n"))):
            at = text.find(line, at)
            _hold(at >= 0, f"{line!r} is not in the text, or not in this order")


def reader(suffix: str) -> Target:
    """A reader gives posts that can be stored, and a reason for everything else."""

    def read(data: bytes) -> None:
        path = _scratch() / f"a-file{suffix}"
        path.write_bytes(data)
        items = list(read_posts([path], _SETTINGS, lambda _: "en"))
        _hold(bool(items), "neither a post nor a reason")
        for item in items:
            if isinstance(item, SetAside):
                _hold(bool(item.reason.strip()), "set aside without a reason")
            else:
                _hold(clean(item.body) == item.body, "a body that is not clean")
                item.model_dump_json().encode()
                _leads_back(item)
        if suffix == ".txt" and all(isinstance(item, Post) for item in items):
            _nothing_lost(data, [item for item in items if isinstance(item, Post)])

    return read


def sitemap(data: bytes) -> None:
    """Addresses out of a sitemap, each once, or an error that says why not."""
    try:
        named = named_pages(data, "https://coast.example/sitemap.xml")
    except FetchError:
        return
    _hold(len(set(named)) == len(named) and all(map(str.strip, named)), "an address twice, or an empty one")


def chunker(data: bytes) -> None:
    """Each character but white space is in exactly one chunk and one sentence of it, and no chunk is too long."""
    body = clean(data.decode("utf-8", "replace")).strip()
    if not body:
        return
    chunks = chunk_post(Post(id="p", title="T", body=body), _ENCODER.token_spans, _LIMIT)
    for chunk in chunks:
        _hold(body[chunk.start : chunk.end] == chunk.text, "wrong offsets")
        _hold(len(_ENCODER.token_spans(chunk.text)) <= _LIMIT, "a chunk of too many tokens")
        quotable = "".join(body[sentence.start : sentence.end] for sentence in chunk.sentences)
        _hold("".join(quotable.split()) == "".join(chunk.text.split()), "characters that no sentence holds")
    _hold(all(chunk.end <= following.start for chunk, following in itertools.pairwise(chunks)), "chunks that overlap")
    held = "".join("".join(chunk.text.split()) for chunk in chunks)
    _hold(held == "".join(body.split()), "characters that no chunk holds")


def quote(data: bytes) -> None:
    """A citation can only be made of what the post says at its offsets."""
    if len(data) < 4:
        return
    start, length = int.from_bytes(data[:2], "big", signed=True), int.from_bytes(data[2:4], "big", signed=True)
    body = data[4:].decode("utf-8", "replace")
    post = Post(id="p", title="T", body=body if body.strip() else "x")
    end = start + length
    for quoted in (post.body[start:end], body[: max(0, length)], ""):
        is_true = 0 <= start < end <= len(post.body) and post.body[start:end] == quoted
        try:
            Citation(marker="[1]", quote=quoted, start=start, end=end, post=post)
            made = True
        except ValidationError:
            made = False
        _hold(made == is_true, f"a citation of {quoted!r} at {start}:{end} is {'' if made else 'not '}made")


def question(data: bytes) -> None:
    """Any text is answered with proven quotes, refused, or raises an error that says what is wrong with it."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    try:
        answer = _assistant().ask(text)
    except QuestionError:
        return
    for citation in answer.citations:
        source = citation.post.body[citation.start : citation.end]
        _hold(source == citation.quote, "a quote that is not in the post")
    _hold(answer.answered == bool(answer.citations), "an answer without a quote")
    answer.model_dump_json().encode()


TARGETS: dict[str, Target] = {
    "bundle": bundle,
    "markdown": reader(".md"),
    "text": reader(".txt"),
    "html": reader(".html"),
    "feed": reader(".xml"),
    "jsonl": reader(".jsonl"),
    "json_feed": reader(".json"),
    "sitemap": sitemap,
    "pdf": reader(".pdf"),
    "notebook": reader(".ipynb"),
    "restructured_text": reader(".rst"),
    "asciidoc": reader(".adoc"),
    "org": reader(".org"),
    "epub": reader(".epub"),
    "docx": reader(".docx"),
    "chunker": chunker,
    "quote": quote,
    "question": question,
}


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise AssertionError(otherwise)


def _leads_back(post: Post) -> None:
    """What is visible of a post's sentences is what stands in the post at their places."""
    for chunk in chunk_post(post, _ENCODER.token_spans, _LIMIT):
        _hold(post.body[chunk.start : chunk.end] == chunk.text, "wrong offsets of a chunk")
        for sentence, shown in zip(chunk.sentences, chunk.sentence_texts, strict=True):
            _hold(post.visible.between(sentence.start, sentence.end) == shown, "wrong offsets of a sentence")


def _nothing_lost(data: bytes, posts: list[Post]) -> None:
    """Every word of a plain text that is not a bundle is in the title or the body."""
    try:
        text = clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        return
    if not looks_like_bundle(text.removeprefix("\ufeff")):
        (post,) = posts
        words = set(text.removeprefix("\ufeff").split())
        held = set(f"{post.title} {post.body}".split())
        _hold(words <= held, f"lost: {sorted(words - held)[:3]}")


def _is_scaffolding(text: str) -> bool:
    """Whether a text is nothing but scaffolding of a feed."""
    return all(not line.strip() or "ead more" in line.lower() or "The post" in line for line in text.split("\n")) or (
        "continue reading" in text.lower()
    )


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="postqa-fuzz-"))


@cache
def _assistant() -> Assistant:
    root = _scratch() / "index"
    encoder = WordHashEncoder()
    build_small(root, encoder=encoder)
    return Assistant(root, encoder=encoder, weights=plain_weights())
