"""Markdown as single generators and programs extend it: what their pages show is what is visible."""

from __future__ import annotations

import pytest

from index.text.blocks import BlockKind
from index.text.markdown import markdown_structure
from index.visible import VisibleText


def shown(body: str, *, mdx: bool = False) -> str:
    """What is visible of a text; its blocks lie inside it."""
    structure = markdown_structure(body, mdx=mdx)
    assert all(0 <= block.start < block.end <= len(body) for block in structure.blocks)
    return VisibleText(body, structure.pieces).text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("export const price = 7;\n\nIt costs {price} crowns.", "It costs 7 crowns."),
        ("export const n = 'Orveda Mill'\n\n## The {n}\n\n{n}{' '}turns.", "The Orveda Mill\n\nOrveda Mill turns."),
        ("It costs {props.price} crowns and {items.map((x) => ({a: x}))}.", "It costs  crowns and ."),
        ("{list.map(item => (\n  <li>{item.name}</li>\n))}\n\nSeen.", "Seen."),
        ("import A from './a'\nimport {\n  B,\n} from './b'\n\nSeen.", "Seen."),
        ("export const meta = {\n  a: 9000,\n\n  b: 1\n}\nexport default () => <p>No</p>\n\nSeen.", "Seen."),
        ("<Note>\n  Mind the **belt**.\n</Note>", "Mind the belt."),
        ('<Card title="Rye" href="/rye">Seven crowns.</Card>', "Rye: Seven crowns."),
        ('<Aside\n  title="Rye"\n  a={() => { b(">") }}\n>\nSeven crowns.\n</Aside>', "Rye\n\nSeven crowns."),
        ('<Figure src={wheel} caption="The wheel" />', "The wheel"),
        ('See <Link title="x" to={y}>the mill</Link> and <>it</>.', "See the mill and it."),
        ("<callout-info class='a'>\n\tUse **hooks**.\n</callout-info>", "Use hooks."),
        ('<div style={{ color: "red" }}>\n    **Red** text.\n</div>', "Red text."),
        ("- one\n\n  <Note>\n      Not code.\n  </Note>", "one\n\nNot code."),
        (
            '{/* hidden\n\n99 */}Shown {"}"} and \\{kept} `{code}` $x_{1}$, 3 < 4.',
            "Shown } and {kept} {code} $x_{1}$, 3 < 4.",
        ),
        ("| A | B |\n|---|---|\n| <Check /> yes | {7} |", "A | B\nyes | 7"),
    ],
)
def test_mdx(body: str, text: str) -> None:
    assert shown(body, mdx=True) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("The sets {1, 2} and {x}.", "The sets {1, 2} and {x}."),
        ("{/* 99 */}\n\nMDX in a file that says md: {x}.", "MDX in a file that says md: ."),
        ("import A from './a'\n\n{x} is 7.", "is 7."),
        ("import A from './a'\n\nRun `x <script name>` {x}.", "Run x <script name> ."),
        ("<script setup>\nimport A from './a'\n</script>\n\nVue: {x} {{ x }}.", "Vue: {x} ."),
    ],
)
def test_markdown_is_read_as_mdx_where_it_has_modules_or_comments_of_it(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("The mill^[It has *one* wheel, see [here](a).] turns.", "The mill (It has one wheel, see here.) turns."),
        ("Two ^[first note] and^[second\nnote].", "Two (first note) and (second note)."),
        ("The pattern ^[a-z]+$ and `^[a b]`.", "The pattern ^[a-z]+$ and ^[a b]."),
        ("H~2~O, log~2~8, 10^6^ m^2^, the 2^nd^, 42^1^ crowns.", "H2O, log_2 8, 10^6 m^2, the 2nd, 42 crowns."),
        ("~~gone~~ 3~5~7 and a ~ b ^ c ^ d", "gone 3~5~7 and a ~ b ^ c ^ d"),
        ("[Small]{.sc} [link](a){target=_blank} `code`{.py} ![x](a.png){#fig width=5}", "Small link code"),
        ("::: {.callout-note}\n## Note\nFive.\n:::\n\n\\newpage\n\nSix.", "Note\n\nFive.\n\nSix."),
    ],
)
def test_pandoc_and_quarto(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("* TOC\n{:toc}\n\n{::comment}\nsecret 99\n{:/comment}\n\nSeen.\n{: .note}\n\n^\n\nMore.", "Seen.\n\nMore."),
        ("Toll\nFee\n: Seven.\n: Paid at the gate.", "Toll / Fee: Seven.\n\nToll / Fee: Paid at the gate."),
        ('<div class="a" markdown="1">\nRye **seven**.\n</div>\n\nMore.', "Rye seven.\n\nMore."),
        ("<div markdown>\n- one\n</div>", "one"),
        ("A long line\nwrapped here.\n\nTerm\n: Not joined.", "A long line wrapped here.\n\nTerm: Not joined."),
    ],
)
def test_kramdown(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{{< figure src="a.png" title="T" caption="The wheel" >}}', "The wheel"),
        ('{{< note\n  type=tip\n  title="Oil"\n>}}\nTwice.\n{{< /note >}}', "Oil\n\nTwice."),
        ('An {{< abbr title="Hyper" >}}HTML{{< /abbr >}} page.', "An HTML page."),
        ("Write {{</* note */>}} or {{%/* x */%}}.", "Write {{< note >}} or {{% x %}}."),
        ('[a]({{< ref "a.md" >}}) and {{% b %}}**c**{{% /b %}}', "a and c"),
    ],
)
def test_hugo(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("- [/] half\n- [-] no\n- [a] b\n\nText ^my-block", "half\n- no\n- [a] b\n\nText"),
        ("```dataview\nTABLE secret\n```\n\n```ad-tip\ntitle: Oil\nTwice a *week*.\n```", "Oil\n\nTwice a week."),
        ("Seen %%hidden\nstill 99%% again ^3f2a1c", "Seen   again"),
    ],
)
def test_obsidian(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('=== "Rye"\n\n    Seven.\n\n=== "Oats"\n\n    Five.', "Rye\n\nSeven.\n\nOats\n\nFive."),
        ('!!! info inline end "Mind"\n    The belt.\n\n!!! tip\n    Oil.', "Mind\n\nThe belt.\n\nOil."),
        ('--8<-- "a.md"\n\n:material-check: Yes { .x }\n\n[TOC]\n\n[Buy](x){ .button }', "Yes\n\nBuy"),
    ],
)
def test_mkdocs(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("```{note}\nOil it *weekly*.\n```", "Oil it weekly."),
        ("````{admonition} Prices\n:class: tip\nRye:\n```py\nx = 1\n```\n````", "Prices\n\nRye:\n\nx = 1"),
        (
            ":::{tip} Oil\n:class: x\nTwice.\n:::\n\n% hidden 99\n\n(here)=\n## See {ref}`here`",
            "Oil\n\nTwice.\n\nSee here",
        ),
        ("```{code-cell} python\nx = 1\n```\n\n```{toctree}\na\n```", "x = 1"),
        ("% of the flour is lost.", "% of the flour is lost."),
    ],
)
def test_myst(body: str, text: str) -> None:
    assert shown(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<img alt='3 > 2' src=x> Seen.", "Seen."),
        ("<p>One <span class='x sr-only'>No</span><video src=a>No</video></p>", "One"),
        ('<my-player @src="a > b" :label="x">\n\nSeen *here*.\n\n</my-player>', "Seen here."),
        ("Mail <a-b@mill.example> or use the <x-box>box</x-box>.", "Mail a-b@mill.example or use the box."),
        ("<p>Seen.</p>\n<script>\nlet a\n\nhidden 99\n</script>\n<STYLE>\n\n.a {}\n</STYLE>", "Seen."),
        ("<div class=a hidden>\n\nhidden 99\n\n</div>\n\nSeen.", "Seen."),
        ("{# hidden\n99 #}Seen.\n\n## Tolls {#tolls}", "Seen.\n\nTolls"),
        ("\\<!-- seen --> and `<!-- seen -->`<!-- hidden -->", "<!-- seen --> and <!-- seen -->"),
        ("<i aria-hidden=true>No</i> Seen.", "Seen."),
    ],
)
def test_html(body: str, text: str) -> None:
    assert shown(body) == text


def test_a_row_stays_on_its_line() -> None:
    body = "| A | B |\n|---|---|\n| one<br>two | 3 |"
    assert shown(body) == "A | B\none two | 3"
    assert [block.kind for block in markdown_structure(body).blocks] == [BlockKind.HEADER, BlockKind.ROW]
