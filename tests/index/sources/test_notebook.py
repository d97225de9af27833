"""Jupyter notebooks: text and code, without what the code put out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.errors import SourceError
from index.records import NotPublished
from index.settings import SourceSettings
from index.sources.draft_post import DraftPost
from index.sources.notebook import read
from tests.index.sources.conftest import Written

SETTINGS = SourceSettings()


def cell(kind: str, source: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}, **more}


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    return json.dumps({"nbformat": 4, "metadata": {"language_info": {"name": "python"}, **metadata}, "cells": cells})


def one(written: Written, text: str) -> DraftPost:
    (draft,) = read(written("a-study.ipynb", text), SETTINGS)
    assert isinstance(draft, DraftPost)
    return draft


def test_markdown_stays_and_code_is_fenced_and_output_left_out(written: Written) -> None:
    output = [{"output_type": "stream", "text": ["secret output"]}]
    draft = one(
        written,
        notebook(
            cell("markdown", ["# The Mill\n", "\n", "It *turns*."]),
            cell("code", "print('x')", outputs=output),
            cell("code", "'''\n```\n'''", outputs=[]),
            cell("raw", "left out"),
            cell("code", "hidden = 1", metadata={"tags": ["remove-cell"]}),
        ),
    )
    assert draft.title == "The Mill"
    assert draft.is_markdown
    assert draft.body.strip() == "It *turns*.\n\n```python\nprint('x')\n```\n\n````python\n'''\n```\n'''\n````"


def test_facts_come_from_the_metadata(written: Written) -> None:
    draft = one(
        written, notebook(cell("markdown", "Words."), title="T", authors=[{"name": "Mira Holt"}], date="2024-03-02")
    )
    assert (draft.title, draft.authors, draft.published) == ("T", ("Mira Holt",), "2024-03-02")


def test_facts_come_from_a_raw_cell_on_top(written: Written) -> None:
    top = cell("raw", "---\ntitle: T\nauthor: Mira Holt\ndate: 2024-03-02\n---")
    draft = one(written, notebook(top, cell("markdown", "Words.")))
    assert (draft.title, draft.authors, draft.published, draft.body.strip()) == (
        "T",
        ("Mira Holt",),
        "2024-03-02",
        "Words.",
    )
    (held_back,) = read(written("b.ipynb", notebook(cell("raw", "---\ntitle: T\ndraft: true\n---"))), SETTINGS)
    assert isinstance(held_back, NotPublished)


def test_a_notebook_of_version_three_is_read(written: Written) -> None:
    cells = [{"cell_type": "heading", "level": 1, "source": "The Mill"}, {"cell_type": "code", "input": ["x = 1"]}]
    draft = one(written, json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}))
    assert (draft.title, draft.body.strip()) == ("The Mill", "```\nx = 1\n```")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", '{"cells": 1}', '{"cells": [1]}', '{"cells": [{"source": [1], "cell_type": "code"}]}'),
        *('{"metadata": 1}', '{"worksheets": 1}', '{"cells": [{"cell_type": "code"', "[" * 100_000),
    ],
)
def test_what_is_no_notebook_is_refused(written: Written, text: str) -> None:
    with pytest.raises(SourceError, match="not a Jupyter notebook"):
        one(written, text)
