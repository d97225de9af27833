"""The fields that say which posts a question is asked of, and what they offer."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from index.reader import Index

FILTERS = ("posts", "authors", "publishers", "since", "until")
"""What the fields fill in, in their order."""
_MAX_CHOICES = 1_000  # a longer list is no help in a page; programs can filter by anything
_DATE = "2021, 2021-05 or 2021-05-04"


@dataclass(frozen=True)
class Choices:
    """Posts as title and id, authors and publishers by name, the commonest first."""

    posts: tuple[tuple[str, str], ...] = ()
    authors: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()

    @classmethod
    def of(cls, index: Index) -> Choices:
        """Those of an index."""
        return cls(
            posts=tuple((post.title, post.id) for post in index.some_posts(0, _MAX_CHOICES)),
            authors=tuple(name for name, _ in index.names("author")[:_MAX_CHOICES]),
            publishers=tuple(name for name, _ in index.names("publisher")[:_MAX_CHOICES]),
        )


def filter_fields(choices: Choices) -> tuple[gr.Accordion, list[gr.components.Component]]:
    """The accordion around the fields, and the fields; to be called where they stand."""
    with gr.Accordion("Ask only some of the posts", open=False, elem_id="pq-filters") as accordion:
        with gr.Row():
            lists = [
                gr.Dropdown(
                    list(values), label=label, multiselect=True, value=[], min_width=160, elem_id=f"pq-filter-{name}"
                )
                for name, label, values in (
                    ("posts", "Posts", choices.posts),
                    ("authors", "Authors", choices.authors),
                    ("publishers", "Publishers", choices.publishers),
                )
            ]
        with gr.Row():
            dates = [
                gr.Textbox(label=label, placeholder=_DATE, max_lines=1, min_width=160, elem_id=f"pq-filter-{name}")
                for name, label in (("since", "Published since"), ("until", "Published until"))
            ]
    return accordion, [*lists, *dates]
