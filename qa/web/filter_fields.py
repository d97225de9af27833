"""The fields that say which posts a question is asked of."""

from __future__ import annotations

import gradio as gr

from qa.web.filter_choices import Choices

FILTERS = ("posts", "authors", "publishers", "since", "until")
"""What the fields fill in, in their order."""
_DATE = "2021, 2021-05 or 2021-05-04"


def filter_fields(offered: Choices) -> tuple[gr.Accordion, list[gr.components.Component]]:
    """What folds them, and the fields; to be called where they shall stand."""
    with gr.Accordion("Ask only some of the posts", open=False, elem_id="pq-filters") as fold:
        with gr.Row():
            several = [
                gr.Dropdown(
                    list(values), label=label, multiselect=True, value=[], min_width=160, elem_id=f"pq-filter-{name}"
                )
                for name, label, values in (
                    ("posts", "Posts", offered.posts),
                    ("authors", "Authors", offered.authors),
                    ("publishers", "Publishers", offered.publishers),
                )
            ]
        with gr.Row():
            dates = [
                gr.Textbox(label=label, placeholder=_DATE, max_lines=1, min_width=160, elem_id=f"pq-filter-{name}")
                for name, label in (("since", "Published since"), ("until", "Published until"))
            ]
    return fold, [*several, *dates]
