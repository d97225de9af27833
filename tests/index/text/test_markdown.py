"""Markdown's blocks, and what of it a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.blocks import BlockKind
from index.text.markdown import markdown_structure
from index.visible import VisibleText


def seen(body: str) -> list[tuple[str, str]]:
    """Each block's kind and its visible text."""
    structure = markdown_structure(body)
    text = VisibleText(body, structure.pieces)
    return [(str(block.kind), text.between(block.start, block.end).strip()) for block in structure.blocks]


def words(body: str) -> list[str]:
    """Each block's visible text."""
    return [text for _, text in seen(body)]


@pytest.mark.parametrize(
    ("body", "visible"),
    [
        ('Read [the docs](https://docs.example/a_(b) "A title") now.', "Read the docs now."),
        ("Read [the docs][1] now.\n\n[1]: https://docs.example", "Read the docs now."),
        ("Read [the docs] now.\n\n[the docs]: <https://docs.example>", "Read the docs now."),
        ("See <https://docs.example/a> for it.", "See https://docs.example/a for it."),
        ("Some *thin* and **fat** and ~~old~~ and `code_b` words.", "Some thin and fat and old and code_b words."),
        ("A map: ![nine [old] gates](map.png) is here.", "A map:  is here."),
        ("[![badge](b.svg)](https://ci.example) Build it.", "Build it."),
        ("A \\*star\\* and AT&amp;T, 5 &lt; 6.", "A *star* and AT&T, 5 < 6."),
        ("In the <kbd>Ctrl</kbd> key<!-- not this --> you trust.", "In the Ctrl key you trust."),
        ("It is <span hidden>not `9` and</span> wide.", "It is  wide."),
        ("It is <script>alert(1)</script> wide.", "It is  wide."),
        ("First<br>second<br>\nthird", "First\nsecond\nthird"),
        ("One\ntwo  \nthree\\\nfour", "One two\nthree\nfour"),
        ("- A wrapped\n  item of\nthree lines", "A wrapped item of three lines"),
        ("A **bold\nrun** and [a\nlink](https://x.example)\nend.", "A bold run and a link end."),
        ("Entry: 4\ncrowns\nRoom: 5", "Entry: 4 crowns\nRoom: 5"),
        ("**Entry:** 4 crowns\n**Room:** 5", "Entry: 4 crowns\nRoom: 5"),
        ("灯塔建于1874年\n门票三十元", "灯塔建于1874年\n门票三十元"),
        ("水" * 40 + "\n" + "水" * 40 + "\n" + "水" * 9, "水" * 89),
        ("It costs 42<sup>1</sup> crowns.", "It costs 42 crowns."),
        ("It costs 42<sup>[1](#n)</sup> crowns on 40 m<sup>2</sup>.", "It costs 42 crowns on 40 m^2."),
        ("About 101<sub>2</sub> and x<sup>n</sup>.", "About 101_2 and x^n."),
        ("It costs 42<sup><a href='#n1'>1</a></sup> crowns.", "It costs 42 crowns."),
        ("It costs much<sup>2</sup> more.", "It costs much more."),
        ("About 10<sup>6</sup> of H<sub>2</sub>O, the 2<sup>nd</sup>.", "About 10^6 of H2O, the 2nd."),
        ("It lasts[^1] long.\n\n[^1]: Nine years.", "It lasts long."),
        ("The {{ site.name }} team.", "The  team."),
        ("A [post]({% post_url 2020-01-01-x %}) is out.", "A post is out."),
        ("[[Other note|shown words]] and [[Plain]].", "shown words and Plain."),
        ("A ==bright== idea %% hidden 55 %% here.", "A bright idea  here."),
        ("Write `{{ page.title }}` there.", "Write {{ page.title }} there."),
        ("Write `{% raw %}{{ page.title }}{% endraw %}` there.", "Write {{ page.title }} there."),
        ("Write {% raw %}{{ page.title }}{% endraw %} there.", "Write {{ page.title }} there."),
        ("A line with an id. ^a1b2c3", "A line with an id."),
        ("Use ``a ` b`` so.", "Use a ` b so."),
        ("Port:: 80\nHost:: mill", "Port:: 80\nHost:: mill"),
    ],
)
def test_what_a_reader_does_not_see_is_not_visible(body: str, visible: str) -> None:
    assert words(body)[0] == visible


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("# Title {#id}\n\nText.", [("heading", "Title"), ("paragraph", "Text.")]),
        ("Title\n=====\nText.", [("heading", "Title"), ("paragraph", "Text.")]),
        (
            "Oil the shaft weekly\n\nBran is free",
            [("paragraph", "Oil the shaft weekly"), ("paragraph", "Bran is free")],
        ),
        ("- oil\n  - rope\n* [x] done", [("item", "oil"), ("item", "rope"), ("item", "done")]),
        ("1. Step:\n\n   ```sh\n   mill --open\n   ```\n", [("item", "Step:"), ("code", "mill --open")]),
        ("Term\n: What it is.", [("item", "Term: What it is.")]),
        ("> one\n> two", [("paragraph", "one two")]),
        ("> [!note] Careful\n> It is hot.", [("paragraph", "Careful"), ("paragraph", "It is hot.")]),
        ("> [!WARNING]\n> It is hot\n> there.", [("paragraph", "It is hot there.")]),
        (
            '!!! note "Mind the gap"\n    It is wide.\n\n    - oil\n\nMore.',
            [("paragraph", "Mind the gap"), ("paragraph", "It is wide."), ("item", "oil"), ("paragraph", "More.")],
        ),
        ("??? tip\n    Oil it.\n\n    Often.", [("paragraph", "Oil it."), ("paragraph", "Often.")]),
        (":::caution[Careful now]\nIt is hot.\n:::", [("paragraph", "Careful now"), ("paragraph", "It is hot.")]),
        ("{{< highlight go >}}\nx := 1\n{{< /highlight >}}", [("code", "x := 1")]),
        ("    a = 1\n\n<!-- secret -->\n\n    b = 2", [("code", "a = 1\n\n\n\nb = 2")]),
        ("Apple\n: A fruit.\n: A firm.", [("item", "Apple: A fruit."), ("item", "Apple: A firm.")]),
        ("Text.\n\n%%\nhidden 77\n\nhidden too\n%%\n\nMore.", [("paragraph", "Text."), ("paragraph", "More.")]),
        ("[TOC]\n\nText.\n\n*[HTML]: Hyper Text", [("paragraph", "Text.")]),
        ("A | B\n--|--\nrye | 7\n", [("header", "A | B"), ("row", "rye | 7")]),
        ("| A | B |\n|---|---|\n| a \\| b | 2 |", [("header", "A | B"), ("row", "a | b | 2")]),
        ("```\n# no heading\n~~~\n```", [("code", "# no heading\n~~~")]),
        ("    mill --open\n    mill --close", [("code", "mill --open\nmill --close")]),
        ("{% highlight python %}\nx = 1\n{% endhighlight %}", [("code", "x = 1")]),
        (
            "<div class='note'>\n<p>It ends.</p>\n<p>Late.</p></div>",
            [("paragraph", "It ends."), ("paragraph", "Late.")],
        ),
        (
            "<details>\n<summary>Prices</summary>\n\nRye: 7.\n\n</details>",
            [("paragraph", "Prices"), ("paragraph", "Rye: 7.")],
        ),
        (
            "<table>\n<tr><th>Grain</th><th>Toll</th></tr>\n<tr><td>rye</td>\n<td><p>7</p></td></tr></table>",
            [("header", "Grain | Toll"), ("row", "rye | 7")],
        ),
        ("<dl><dt>Apple</dt>\n<dd>A fruit.</dd></dl>", [("paragraph", "Apple: A fruit.")]),
        (
            "<h2>Size</h2>\n<p>It is\nwide.</p>\n<ul><li>oil</li><li>rope</li></ul>\n<pre>a\n  b</pre>",
            [("heading", "Size"), ("paragraph", "It is wide."), ("item", "oil"), ("item", "rope"), ("code", "a\n  b")],
        ),
        ('<div style="display:none">\n9000 crowns\n</div>\n\nText.', [("paragraph", "Text.")]),
        ("<p hidden>9000</p><p>Text.</p>", [("paragraph", "Text.")]),
        ("<script>\nlet secret = 1;\n</script>\n\nText.", [("paragraph", "Text.")]),
        ("<!-- TODO: 9000\n\ncrowns -->\n\nText.", [("paragraph", "Text.")]),
        (":::tip My tip\n\nOil it.\n\n:::", [("paragraph", "My tip"), ("paragraph", "Oil it.")]),
        (
            '{{< figure src="a.png" caption="The wheel" >}}\n\nText.',
            [("paragraph", "The wheel"), ("paragraph", "Text.")],
        ),
        ("{{% notice info %}}\nThe toll is 3.\n{{% /notice %}}", [("paragraph", "The toll is 3.")]),
        ("import Tabs from '@theme/Tabs';\n\nexport const price = 7;\n\nText.", [("paragraph", "Text.")]),
        ("{/* hidden: 99 */}\n\nText.", [("paragraph", "Text.")]),
        ("![only an image](a.png)\n\nText.", [("paragraph", "Text.")]),
        ("Long.[^n]\n\n[^n]: The note says 99.", [("paragraph", "Long."), ("paragraph", "The note says 99.")]),
    ],
)
def test_blocks_are_those_that_a_reader_sees(body: str, blocks: list[tuple[str, str]]) -> None:
    assert seen(body) == blocks


def test_a_block_keeps_the_marks_that_stand_beside_its_words() -> None:
    body = "**Bold** words, [a link](https://x.example)\n\nMore."
    first = markdown_structure(body).blocks[0]
    assert body[first.start : first.end] == "**Bold** words, [a link](https://x.example)"


def test_between_items_their_markers_are_visible() -> None:
    body = "Do this:\n\n1. Oil it.\n2. Turn **it**.\n   - [ ] twice\n"
    assert VisibleText(body, markdown_structure(body).pieces).text == "Do this:\n1. Oil it.\n2. Turn it.\n- twice"


def test_a_heading_has_its_level() -> None:
    assert [block.level for block in markdown_structure("# A\n\n### B\n\ntext").blocks] == [1, 3, 0]


@given(st.text(alphabet="ab *_`[]()<>!#-|:\n\\&{}%~=1.^\"'", max_size=120))
def test_pieces_and_blocks_follow_each_other_whatever_the_text(body: str) -> None:
    structure = markdown_structure(body)
    places = [place for piece in structure.pieces for place in (piece.start, piece.end)]
    assert places == sorted(places)
    assert all(0 <= piece.start < piece.end <= len(body) for piece in structure.pieces)
    ends = [place for block in structure.blocks for place in (block.start, block.end)]
    assert ends == sorted(ends)
    assert all(body[block.start : block.end].strip() for block in structure.blocks if block.kind is not BlockKind.CODE)


@given(st.text(alphabet="ab *[]()\n`", max_size=60), st.data())
def test_a_visible_stretch_leads_back_to_its_source(body: str, data: st.DataObject) -> None:
    text = VisibleText(body, markdown_structure(body).pieces)
    if not text.text:
        return
    start = data.draw(st.integers(0, len(text.text) - 1))
    end = data.draw(st.integers(start + 1, len(text.text)))
    first, last = text.source(start, end)
    assert text.text[start:end].strip() in text.between(first, last)


def test_the_marker_of_an_item_belongs_to_no_other_and_is_shown_before_marks() -> None:
    body = "- Toll: **7**\n- *Paid* at [the gate](a)\n- `x`\n1. **b**\n2. c"
    structure = markdown_structure(body)
    text = VisibleText(body, structure.pieces)
    assert [text.between(block.start, block.end) for block in structure.blocks] == [
        "Toll: 7",
        "Paid at the gate",
        "x",
        "b",
        "c",
    ]
    assert text.text == "Toll: 7\n- Paid at the gate\n- x\n1. b\n2. c"
