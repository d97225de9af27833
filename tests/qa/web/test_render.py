"""Answers as HTML: nothing of a post becomes markup, links lead to the web only, the mark is the quote."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from index.errors import QuestionError
from index.records import Post
from index.text.markdown import markdown_structure
from index.text.structure import blocks_to_json
from index.visible import pieces_to_json
from qa import Answer, Citation
from qa.answer import Level
from qa.answering.citations import quoted_segments, statement_segments
from qa.links import sentence_address
from qa.messages import messages_in
from qa.records import Passage, Segment, Statement
from qa.web.panel import panel_html
from qa.web.render import About, about_html, answer_html, answer_tokens, error_html, finished_html
from qa.web.safe import safe
from qa.web.sources import context, sources_html
from qa.web.turns import Turn
from qa.web.ui_strings import ENGLISH, SPANISH
from qa.web.wording import day

OWN_TAGS = frozenset(
    """a article blockquote details div h2 h3 h4 header li mark p pre q section span strong summary
    table tbody td th thead tr ul""".split()
)
OWN_ATTRIBUTES = frozenset(
    """aria-label class colspan data-about data-address data-end data-focus data-marks data-quote data-read data-start
    data-survey data-title data-turn dir hidden href id rel role scope tabindex target title""".split()
)


class Page(HTMLParser):
    """What a browser would find: tags, links, and the text of each element class or tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.links: list[str] = []
        self.marks: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(str(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close it in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data
        if "mark" in self.open:
            self.marks[-1] += data


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "![x](http://evil.example/x.png) [a](javascript:x) **b** _c_ `d`",
        "$$x$$ ${alert(1)} {{7*7}} \\( y \\)",
        "1. one\n\n    code\n| a | b |\n# no heading\t~~s~~",
        "&lt;b&gt; &#60;",
        "naïve “quotes” — 日本語 👩‍👩‍👧",
    ],
)
def test_safe_text_reads_the_same_and_has_no_markup(text: str) -> None:
    shown = safe(text)
    assert html.unescape(shown) == text
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|[^\x00-\x7f]|&#\d+;)*", shown)


def test_half_a_surrogate_pair_can_be_sent() -> None:
    assert safe("a\ud800b").encode()


def _fragment(quote: str, url: str = "https://a.example/x") -> str | None:
    return sentence_address(Post(id="p", title="t", body="b", url=url), quote)


def test_a_short_sentence_is_named_whole_with_its_dashes_encoded() -> None:
    assert _fragment("A well-known bee, at sea.") == "https://a.example/x#:~:text=A%20well%2Dknown%20bee%2C%20at%20sea."


def test_a_long_sentence_is_named_by_its_ends() -> None:
    assert _fragment("one two three four five six seven eight nine ten") == (
        "https://a.example/x#:~:text=one%20two%20three%20four,seven%20eight%20nine%20ten"
    )


def test_list_markers_and_markdown_are_no_part_of_the_fragment() -> None:
    address = _fragment("Do **this** [now](http://b.example):\n\n1. Buy a ticket.\n2. Climb `up`.")
    assert address is not None
    assert unquote(address.partition("text=")[2]) == "Do this now:,Climb up."


def test_a_fragment_that_is_there_is_kept() -> None:
    assert _fragment("Hi.", "https://a.example/x#top") == "https://a.example/x#top:~:text=Hi."


@pytest.mark.parametrize(("quote", "url"), [("Hi.", "javascript:x"), ("***", "https://a.example")])
def test_without_an_address_or_words_there_is_no_link(quote: str, url: str) -> None:
    assert _fragment(quote, url) is None


def test_tokens_are_the_text_and_every_beginning_is_well_formed(answer: Answer) -> None:
    tokens = answer_tokens(answer, 3)
    assert "".join(token.text for token in tokens) == answer.text
    for length in range(len(tokens) + 1):
        page = Page(answer_html(tokens[:length]))
        assert not page.open
    assert page.links == ["#pq-3-1"]
    assert page.text == answer.text


def test_a_marker_inside_a_quote_is_no_link(post: Post) -> None:
    body = "He wrote [2] and [1] there. So it was."
    marked_post = post.model_copy(update={"body": body})
    citations = tuple(
        Citation(marker=f"[{n}]", quote=body[a:b], start=a, end=b, post=marked_post)
        for n, (a, b) in enumerate(((0, 27), (28, 38)), start=1)
    )
    answer = Answer(
        question="?",
        question_as_understood="?",
        segments=quoted_segments(citations),
        answered=True,
        confidence=1,
        citations=citations,
    )
    linked = [token for token in answer_tokens(answer, 1) if "href" in token.html]
    assert [token.text for token in linked] == ["[1]", "[2]"]
    assert "wrote &#91;2&#93; and &#91;1&#93; there" in finished_html(answer, 1)


def test_the_mark_is_the_quote(answer: Answer) -> None:
    citation = answer.citations[0]
    page = Page(sources_html(answer, 1))
    assert page.marks == [citation.quote]
    for stated in ("On <ferries>", "Coast & Sea", "7 November 2024", "Ann, Bo", "Ropes", "Open at this sentence"):
        assert stated in page.text
    assert set(page.links) == {"#", "#pq-1-1-marker", sentence_address(citation.post, citation.quote)}


def _around(citation: Citation) -> tuple[str, str]:
    """What of its card stands before and after a quote."""
    shown, text = context(citation), citation.post.visible.text
    first, last = citation.post.visible.span(citation.start, citation.end)
    return text[shown.start : first].lstrip(), text[last : shown.end].rstrip()


def test_the_context_stays_in_the_section_and_between_words(post: Post) -> None:
    body = f"{'far away ' * 80}Here it is. {'beyond that ' * 80}"
    long = post.model_copy(update={"body": body})
    at = body.index("Here")
    cut = Citation(marker="[1]", quote="Here it is.", start=at, end=at + 11, post=long)
    before, after = _around(cut)
    assert before.startswith(("far", "away"))
    assert after.endswith(("beyond", "that"))
    assert '<blockquote class="pq-passage pq-cut-before pq-cut-behind">' in context(cut).html()
    at = post.body.index("The ferry")
    quoted = Citation(marker="[1]", quote="The ferry leaves", start=at, end=at + 16, post=post)
    assert _around(quoted) == ("Knots hold. ", " at noon, says Ann. Then it returns.")
    assert context(quoted).html().startswith('<blockquote class="pq-passage"><p')


def test_the_context_of_a_markdown_post_is_what_its_reader_sees(answer: Answer) -> None:
    body = (
        "# Ropes\n\nA [knot](k.png) **holds**\nwell. The ferry leaves `today`.\n\n> It *returns*.\n\n## More\n\nElse."
    )
    structure = markdown_structure(body)
    post = Post(
        id="m",
        title="t",
        body=body,
        visible_pieces=pieces_to_json(structure.pieces),
        block_places=blocks_to_json(structure.blocks),
    )
    at = body.index("The ferry")
    quoted = Citation(marker="[1]", quote=body[at : at + 25], start=at, end=at + 25, post=post)
    assert _around(quoted) == ("A knot holds well. ", "\n\nIt returns.")
    passage = Passage(post=post, text=body, start=0, end=len(body), score=0)
    excerpt = Page(sources_html(answer.model_copy(update={"citations": (), "passages": (passage,)}), 1)).text
    assert "A knot holds well. The ferry leaves today." in excerpt
    assert "Ropes" not in excerpt


def test_passages_that_are_not_quoted_are_folded_below(answer: Answer) -> None:
    shown = sources_html(answer, 1)
    folded = shown[shown.index("<details") :]
    assert "Other passages found (1)" in folded
    assert "early words" in folded
    assert "noon" not in folded


def test_a_refusal_looks_like_a_refusal(answer: Answer, post: Post) -> None:
    update = {
        "answered": False,
        "level": Level.REFUSAL,
        "segments": (Segment("The posts do not say."),),
        "citations": (),
        "confidence": 0.07,
        "nearest": (post,),
    }
    refusal = answer.model_copy(update=update)
    page = Page(finished_html(refusal, 1))
    assert "pq-refusal" in finished_html(refusal, 1)
    for text in ("The posts do not say.", "7 %", "You may have meant:", "On <ferries>"):
        assert text in page.text
    assert "No post answers this question." in Page(sources_html(refusal, 1)).text
    assert "Passages found (2)" in Page(sources_html(refusal, 1)).text


@pytest.mark.parametrize(
    ("confidence", "words"),
    [(1.0, "very sure · 100 %"), (0.83, "fairly sure · 83 %"), (0.7, "rather sure · 70 %"), (0.3, "not sure · 30 %")],
)
def test_confidence_in_words_and_figure(answer: Answer, confidence: float, words: str) -> None:
    assert answer.model_copy(update={"confidence": confidence}).certainty == words


def test_hostile_posts_add_no_tag_no_handler_and_no_link(hostile: Answer, hostile_refusal: Answer) -> None:
    shown = [finished_html(hostile, 1), sources_html(hostile, 1), finished_html(hostile_refusal, 2)]
    shown.append(
        panel_html((Turn(1, hostile.question, answer=hostile), Turn(2, hostile.question, answer=hostile_refusal)))
    )
    for page in map(Page, shown):
        assert set(page.tags) <= OWN_TAGS
        assert set(page.attributes) <= OWN_ATTRIBUTES
        assert all(link.startswith(("#pq-", "?q=", "a/")) or link == "#" for link in page.links)
    assert Page(shown[1]).marks == [hostile.citations[0].quote]


def test_errors_say_what_to_do_and_not_where() -> None:
    error = QuestionError("the question is too long", where="question", seen="9 characters", remedy="Ask in <2.")
    assert Page(error_html(error)).text == "The question is too long. Ask in <2."


def test_the_head_says_which_index_is_asked() -> None:
    text = Page(about_html(About(posts=1200, generation=7, encoder="mini"))).text
    assert "1,200 posts" in text
    assert "index generation 7" in text
    assert "encoder mini" in text
    assert "Every sentence of an answer is quoted from a post" in text
    written = Page(about_html(About(posts=1, generation=1, encoder="mini", writer="a <model>"))).text
    assert "a <model> writes the answers from the posts" in written
    assert "Every sentence of an answer is quoted" not in written


def test_earlier_sources_are_folded_below_the_newest(answer: Answer) -> None:
    turns = (Turn(1, "first?", answer=answer), Turn(2, "failed", "error"), Turn(3, "last?", answer=answer))
    shown = panel_html(turns)
    assert (
        shown.index('id="pq-3-1"')
        < shown.index('<details class="pq-turn"><summary dir="auto">first')
        < shown.index('id="pq-1-1"')
    )
    assert panel_html(()) == panel_html(turns[1:2])


@pytest.mark.parametrize(("published", "shown"), [("2024-11-07T10:00:00Z", "7 November 2024"), ("spring", "spring")])
def test_dates_are_written_out(published: str, shown: str) -> None:
    assert day(published) == shown


def test_a_written_sentence_that_the_posts_do_not_support_is_marked(answer: Answer) -> None:
    statements = (
        Statement(start=0, end=18, markers=("[1]",), supported=True, support=1),
        Statement(start=23, end=40, supported=False, support=0),
    )
    segments = (
        *statement_segments("", "It leaves at noon.", statements[0]),
        *statement_segments(" ", "It is <b>red</b>.", statements[1]),
    )
    update = {"segments": segments, "written_by": "a <model>", "statements": statements}
    written = answer.model_copy(update=update)
    shown = finished_html(written, 1)
    page = Page(shown)
    assert "It is <b>red</b>. unsupported" in page.text
    assert "written by a <model>" in page.text
    assert page.links == ["#pq-1-1"]
    doubtful = re.findall(r'<span class="pq-doubtful">(.*?)</span>', shown)
    assert html.unescape("".join(doubtful)) == "It is <b>red</b>."
    assert "pq-doubtful" not in finished_html(answer, 1)


def test_a_spanish_question_is_answered_in_spanish_all_around_its_quote(answer: Answer) -> None:
    asked = answer.model_copy(update={"language": "es", "written_by": "un modelo"})
    turn = Turn(1, "¿Cuándo?", answer=asked, suggestions=["¿Y después?"])
    chat, panel = Page(turn.assistant_html).text, Page(panel_html((turn,))).text
    for line in ("bastante segura", "escrito por un modelo", "Seguir con", "Copiar con fuentes", "No es útil"):
        assert line in chat
    for line in ("Fuentes", "Leer en la publicación", "Otros pasajes encontrados (1)", "Cómo lo he encontrado"):
        assert line in panel
    english = [value for value in vars(ENGLISH).values() if " " in value and "{" not in value]
    assert [line for line in english if line in chat or line in panel] == []


def test_every_text_of_the_page_is_there_in_both_languages_with_the_same_placeholders() -> None:
    for name, english in vars(ENGLISH).items():
        spanish = getattr(SPANISH, name)
        assert re.findall(r"{\w+}", english) == re.findall(r"{\w+}", spanish)
        assert english != spanish


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_words_for_certainty_are_explained_once_with_their_figures(answer: Answer, language: str) -> None:
    asked = answer.model_copy(update={"language": language})
    shown = panel_html((Turn(1, "first?", answer=asked), Turn(2, "last?", answer=asked)))
    assert shown.count('class="pq-certainty-words"') == 1
    assert 'class="pq-certainty-words"' not in panel_html(())
    text = Page(shown).text
    for steps in messages_in(language).confidence_steps.values():
        assert all(words in text for _, words in steps)
        assert all(f"{least:.0%}" in text for least, _ in steps if least)
