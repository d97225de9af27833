"""The tab Add posts: a form, and what became of what it sent; add.js sends it and follows."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from index.reader import Index
from index.sources.registry import suffixes
from qa.uploads import UploadState
from qa.web.chat_tab import ChatTab
from qa.web.page import Tab
from qa.web.reading import Place, read_link
from qa.web.safe import safe

LONGEST_TITLE = 300
_LISTED = 50  # of many posts or faults the first are named
_FORM = """<form id="pq-add-form">
<p class="pq-lead">Files, or a text with its title, become posts in a new generation of the index, which answers as soon
as it is built. What cannot be read is set aside, with the reason. The same file name or title replaces what it brought
before.</p>
<p class="pq-field"><label for="pq-add-files">Files</label>
<input type="file" id="pq-add-files" name="files" multiple accept="{suffixes}">
<span class="pq-hint">Markdown, text, HTML, RSS, Atom, JSON Lines or PDF; together up to {most:,} MB</span></p>
<p class="pq-field"><label for="pq-add-title">Title</label>
<input type="text" id="pq-add-title" name="title" maxlength="{longest}" autocomplete="off"></p>
<p class="pq-field"><label for="pq-add-text">Text</label>
<textarea id="pq-add-text" name="text" rows="8"></textarea></p>
<p class="pq-send"><button type="submit" id="pq-add-send">Add</button></p>
</form><div id="pq-add-said" role="status" aria-live="polite"></div>"""


def add_tab(most_bytes: int) -> Tab:
    """The tab, for the page.

    Args:
        most_bytes: Largest that may be sent at once.
    """
    form = _FORM.format(suffixes=",".join(suffixes()), most=max(1, most_bytes // 2**20), longest=LONGEST_TITLE)

    def built(_: ChatTab) -> None:
        with gr.Column(elem_id="pq-add"):
            gr.HTML(form, apply_default_css=False)

    return Tab("Add posts", "add", built)


def state_html(state: UploadState, index: Callable[[], Index]) -> str:
    """Where the adding stands, for people; an element with data-running while it goes on."""
    if state.running:
        return _running(state)
    parts = [_added(state, index()), _aside(state)]
    if state.fault:
        kept = "What was read is kept, and comes in with the next build. " if state.added else ""
        parts.insert(0, f'<p class="pq-notice" role="alert">{kept}{safe(_sentence(state.fault))}</p>')
    return "".join(parts)


def _running(state: UploadState) -> str:
    of_all = f" of {state.total:,}" if state.total else ""
    figure = f": {state.done:,}{of_all}" if state.done else ""
    bounds = f' max="{state.total}" value="{state.done}"' if state.total else ""
    return (
        f'<div class="pq-progress" data-running><progress aria-label="Adding"{bounds}></progress>'
        f"<p>{safe(_sentence(state.step))}{figure}</p></div>"
    )


def _added(state: UploadState, index: Index) -> str:
    if not state.added or state.fault:
        return "" if state.fault or state.generation else '<p class="pq-done">No post was added.</p>'
    count = f"{len(state.added):,} post" if len(state.added) == 1 else f"{len(state.added):,} posts"
    rows = "".join(f"<li>{_title(one.id, one.title, index)}</li>" for one in state.added[:_LISTED])
    return (
        f"<h2>{count} added in generation {state.generation}</h2>"
        f'<ul class="pq-added">{rows}{_more(len(state.added))}</ul>'
        '<p class="pq-done">Questions are asked of them from now on. <a href="">Load the page again</a> to see them in '
        "its lists.</p>"
    )


def _title(post_id: str, title: str, index: Index) -> str:
    """A link to read the post; a twin of one that was there already goes by that one's id."""
    return read_link(Place(post_id), title, "pq-read") if index.post(post_id) else safe(title)


def _aside(state: UploadState) -> str:
    if not state.aside:
        return ""
    rows = "".join(f"<li><b>{safe(one.origin)}</b> {safe(one.reason)}</li>" for one in state.aside[:_LISTED])
    return f'<h2>Set aside</h2><ul class="pq-aside">{rows}{_more(len(state.aside))}</ul>'


def _more(count: int) -> str:
    return f"<li>and {count - _LISTED:,} more</li>" if count > _LISTED else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
