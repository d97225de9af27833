"""A page that is a list of links ranks behind the posts that it points to."""

from __future__ import annotations

from pathlib import Path

import pytest

import index
from index.text.link_share import line_link_share
from index.text.markdown import markdown_structure
from qa import Assistant
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder, plain_weights

POST = "Ingrid Holm built the lighthouse on Gull Rock after the storms, with money of the harbour."
LIST_MD = "# Posts\n\n- [Ingrid Holm built the lighthouse](/a)\n- [Who pays the ferry](/b), 2021\n- [Bees](/c)\n"
LIST_HTML = (
    "<html><head><title>Posts</title></head><body><article><h1>Posts</h1><ul>"
    "<li><a href='/a'>Ingrid Holm built the lighthouse</a></li><li><a href='/b'>Who pays the ferry</a> 2021</li>"
    "<li><a href='/c'>Bees of the island and their honey</a></li></ul></article></body></html>"
)


@pytest.mark.parametrize(("name", "text"), [("index.md", LIST_MD), ("index.html", LIST_HTML)])
def test_a_list_of_links_ranks_behind_the_post(tmp_path: Path, name: str, text: str) -> None:
    source = tmp_path / "posts"
    source.mkdir()
    (source / name).write_text(text, encoding="utf-8")
    (source / "rock.md").write_text(f"# Gull Rock\n\n{POST}\n", encoding="utf-8")
    encoder = WordHashEncoder()
    index.build([source], tmp_path / "index", settings=SMALL_CHUNKS, encoder=encoder)
    with Assistant(tmp_path / "index", encoder=encoder, weights=plain_weights(0.0)) as assistant:
        answer = assistant.ask("Who built the lighthouse?")
    assert answer.passages[0].post.title == "Gull Rock"
    assert answer.citations[0].post.title == "Gull Rock"


def test_links_inside_prose_make_no_list_of_links() -> None:
    prose = "The [mill](/m) at Orveda opened in spring, and [the hall](/h) in autumn of the same year."
    assert markdown_structure(prose).link_share < 0.2
    assert markdown_structure(LIST_MD).link_share > 0.8
    assert line_link_share("The mill at Orveda opened.\n- Wheels of Oak", {"mill", "Wheels of Oak"}) < 0.4
