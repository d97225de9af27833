"""Posts as HTML: tables, lists, code and links from their source; nothing in them becomes active."""

from __future__ import annotations

import re

from index.records import Post
from index.text.markdown import markdown_structure
from index.text.structure import blocks_to_json
from index.visible import pieces_to_json
from qa import Answer, Citation
from qa.answer import Level
from qa.records import Focus, Passage, Segment
from qa.web.post_html import stretch_html, wrap
from qa.web.reading import Span, body_html
from qa.web.render import finished_html
from qa.web.sources import sources_html
from tests.qa.web.test_render import Page

BODY = """# Ferries

See [the *timetable*](https://a.example/t_(1)?x=1&y=2) or https://b.example/now. Not [this](javascript:alert(1)).
It leaves daily. It is red.

| Ship | Port | Knots |
|:-----|------|-------|
| Ann |  | 9 |
| **Bo** | a\\|b | [12](https://c.example) |

- one <b onclick=x>bold</b>
- two

1. first

```
[no](https://d.example) <script>alert(1)</script>
```
"""


def _post(body: str = BODY) -> Post:
    structure = markdown_structure(body)
    pieces, places = pieces_to_json(structure.pieces), blocks_to_json(structure.blocks)
    return Post(id="m", title="Ferries", body=body, visible_pieces=pieces, block_places=places)


def _cells(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>.*?</tr>", html)
    return [[Page(cell).text for cell in re.findall(r"<t[hd]>.*?</t[hd]>", row)] for row in rows]


def test_a_table_has_its_header_and_its_empty_cells() -> None:
    shown = body_html(_post(), None)
    assert _cells(shown) == [["Ship", "Port", "Knots"], ["Ann", "", "9"], ["Bo", "a|b", "12"]]
    assert shown.index("<thead>") < shown.index("Knots") < shown.index("<tbody>")


def test_a_row_alone_comes_with_the_header_of_its_table() -> None:
    post = _post()
    start = post.body.index("**Bo")
    shown = stretch_html(post, start, post.body.index("[12]") + 4)
    assert _cells(shown) == [["Ship", "Port", "Knots"], ["Bo", "a|b", "12"]]


def test_lists_and_code_are_what_they_are() -> None:
    shown = body_html(_post(), None)
    assert [Page(item).text for item in re.findall(r"<li.*?</li>", shown)] == ["- one bold", "- two", "1. first"]
    code = re.findall(r"<pre.*?</pre>", shown)
    assert [Page(block).text for block in code] == ["[no](https://d.example) <script>alert(1)</script>"]


def test_links_lead_to_the_web_and_nothing_else_does() -> None:
    page = Page(body_html(_post(), None))
    assert page.links == ["https://a.example/t_(1)?x=1&y=2", "https://b.example/now", "https://c.example"]
    assert "script" not in page.tags
    assert "onclick" not in page.attributes
    assert 'rel="noopener noreferrer nofollow"' in body_html(_post(), None)


def test_every_visible_word_of_a_post_is_in_the_pane_and_the_mark_is_the_quote() -> None:
    post = _post()
    start = post.body.index("It leaves")
    page = Page(body_html(post, Span("m", start, start + 16)))
    assert page.marks == ["It leaves daily."]
    assert all(word in page.text for word in post.visible.text.split() if word != "|")


def test_a_mark_over_several_blocks_is_in_each_of_them() -> None:
    post = _post()
    marks = [wrap(post, post.body.index("- one"), post.body.index("- two") + 5, "mark")]
    shown = stretch_html(post, 0, len(post.body), [marks])
    assert Page(shown).marks == ["one bold", "two"]


def _answered(quote: str, focus: str, body: str = BODY) -> Answer:
    post = _post(body)
    start, at = post.body.index(quote), post.body.index(focus)
    focused = Focus(start=at, end=at + len(focus), quote=focus)
    citation = Citation(marker="[1]", quote=quote, start=start, end=start + len(quote), post=post, focus=focused)
    asked = {"question": "?", "question_as_understood": "?", "answered": True, "confidence": 0.9}
    return Answer(**asked, segments=(Segment(citation.shown),), citations=(citation,))


def test_the_sentence_that_answers_comes_first_and_the_rest_folds() -> None:
    shown = finished_html(_answered("It leaves daily. It is red.", "It is red."), 1)
    first, _, folded = shown.partition("<details")
    assert '<span class="pq-focus">It is red&#46;</span>' in first
    assert "leaves" not in first
    assert Page(f"<details{folded.partition('</details>')[0]}</details>").text.endswith("It leaves daily. It is red.")


def test_a_list_is_shown_whole_with_what_answers_in_bold() -> None:
    shown = finished_html(_answered("- one <b onclick=x>bold</b>\n- two", "two"), 1)
    assert "<details" not in shown
    assert '<span class="pq-focus">two</span>' in shown
    assert Page(shown).text.startswith("one bold")


def test_the_card_of_a_row_is_a_table_and_the_row_stands_out() -> None:
    row = "| **Bo** | a\\|b | [12](https://c.example) |"
    shown = sources_html(_answered(row, row), 1)
    card = shown[shown.index("<blockquote") : shown.index("</blockquote>")]
    assert _cells(card) == [["Ship", "Port", "Knots"], ["Ann", "", "9"], ["Bo", "a|b", "12"]]
    assert Page(card).marks == ["Bo", "a|b", "12"]
    assert '<mark><span class="pq-focus">Bo</span></mark>' in card
    assert [Page(item).text for item in re.findall(r"<li.*?</li>", card)] == ["- one bold", "- two", "1. first"]
    assert "<pre" in card
    assert {"https://a.example/t_(1)?x=1&y=2", "https://c.example"} <= set(Page(card).links)


def test_a_passage_that_is_not_quoted_is_shown_in_its_form_and_cut_between_words() -> None:
    post = _post(f"# Ferries\n\n- one\n- two\n\n{'far away ' * 80}")
    passage = Passage(post=post, text=post.body, start=0, end=len(post.body), score=0)
    unquoted = {"passages": (passage,), "citations": ()}
    shown = sources_html(_answered("It is red.", "It is red.").model_copy(update=unquoted), 1)
    folded = shown[shown.index("<details") :]
    excerpt = folded[folded.index("<blockquote") : folded.index("</blockquote>")]
    assert excerpt.startswith('<blockquote class="pq-passage pq-cut-behind"><ul')
    assert excerpt.endswith(("far</p>", "away</p>"))


def test_the_nearest_has_another_form_and_no_bar() -> None:
    nearest = _answered("It leaves daily.", "It leaves daily.").model_copy(update={"level": Level.NEAREST})
    shown = finished_html(nearest, 1)
    assert "pq-answer" not in shown
    assert shown.startswith('<div class="pq-nearest-quotes"><p class="pq-lead">No post says this outright&#46;')


def test_a_refusal_of_some_posts_offers_to_ask_all() -> None:
    refusal = Answer(question="?", question_as_understood="?", answered=False, confidence=0.1)
    assert "#pq-action-all-3" in finished_html(refusal, 3, is_filtered=True)
    assert "#pq-action-all-3" not in finished_html(refusal, 3)
