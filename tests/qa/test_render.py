"""An answer in a terminal, in a notebook and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from qa.answer import Answer, Level
from qa.answering.llm.grounding import grounded
from qa.assistant import Assistant
from qa.markdown import answer_markdown
from qa.messages import ENGLISH
from qa.records import SearchResult, Segment, SegmentKind, by_name
from qa.render import answer_to_json, explained, search_to_json
from qa.web.render import finished_html
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

HOSTILE = {
    "id": "hostile",
    "title": "<script>alert('title')</script>",
    "authors": ["<b>Mallory</b>"],
    "publisher": 'Evil & Sons "Ltd"',
    "language": "en",
    "text": "The zebra password is <img src=x onerror=alert(1)> & </p><script>alert(2)</script> of course.",
}

NOTEBOOK_TAGS = {"div", "p", "b", "ol", "li", "small", "br", "a", "mark"}


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """An assistant over the small posts and a hostile one."""
    build_small(tmp_path / "index", [*POSTS, HOSTILE])
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


class Page(HTMLParser):
    """A notebook's cell: its tags, ids, links and marked text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self._is_marked = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes, of which there are few."""
        self.tags.add(tag)
        told = dict(attrs)
        assert set(told) <= {"href", "id", "rel", "target"}
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [told["href"] or ""] if "href" in told else []
        if tag == "mark":
            self.marked.append("")
            self._is_marked = True

    def handle_endtag(self, tag: str) -> None:
        """Note where a mark ends."""
        self._is_marked = self._is_marked and tag != "mark"

    def handle_data(self, data: str) -> None:
        """Note marked text."""
        if self._is_marked:
            self.marked[-1] += data


def _written(assistant: Assistant, reply: str, question: str = "Who built the lighthouse on Gull Rock?") -> Answer:
    """An answer that a model has written."""
    answer = assistant.ask(question)
    return grounded(answer, answer.passages, reply, "tiny <model>")


def _refused(assistant: Assistant) -> Answer:
    answer = assistant.ask("Which bank prints zloty?")
    assert not answer.answered
    return answer


def test_a_printed_answer_has_text_sources_and_confidence(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    print(answer)  # noqa: T201  # what is tested
    printed = capsys.readouterr().out
    assert printed.startswith(answer.text)
    source = (
        "[1] The lighthouse on Gull Rock · Mara Quill · Coast Letters · 2021-05-04 · https://coast.example/lighthouse"
    )
    assert source in printed.splitlines()
    assert printed.splitlines()[-1] == answer.certainty


def test_a_printed_refusal_names_what_may_have_been_meant(assistant: Assistant) -> None:
    answer = _refused(assistant).model_copy(update={"confidence": 0.2})
    printed = str(answer).splitlines()
    assert printed[0] == ENGLISH.refusal
    assert "You may have meant:" in printed
    assert all(any(post.title in line for line in printed) for post in answer.nearest)


def test_near_zero_nothing_is_said_to_be_meant(assistant: Assistant) -> None:
    read_as = {"question_as_understood": "Which plant has rings?"}
    answer = _refused(assistant).model_copy(update={"confidence": 0.01, **read_as})
    assert answer.model_copy(update={"confidence": 0.2}).other_words == "Which plant has rings?"
    for shown in (str(answer), answer._repr_html_(), answer_markdown(answer), finished_html(answer, 1)):
        assert "You may have meant" not in shown
        assert "Which plant" not in shown
        assert not any(post.title in shown for post in answer.nearest)


def test_only_an_answer_is_true(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    assert answer
    assert not answer.model_copy(update={"level": Level.NEAREST})
    assert not _refused(assistant)


def test_the_nearest_has_another_form_than_an_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    quoted = answer.segments
    lead = "No sentence near the question names a person. No post says this outright. Nearest:"
    update = {"level": Level.NEAREST, "segments": (Segment(f"{lead}\n\n"), *quoted), "confidence": 0.3}
    nearest = answer.model_copy(update=update)
    assert nearest.lead == lead
    printed = str(nearest).splitlines()
    assert printed[:3] == [lead, "", f"    {answer.text}"]
    assert printed[-1] == "comes near an answer · 30 % chance of an answer"
    page = nearest._repr_html_()
    assert f"<em>{lead}</em>" in page
    assert "<blockquote>" in page
    assert "<b>" not in page
    assert "<b>Ingrid Holm built the lighthouse on Gull Rock in 1874.</b>" in answer._repr_html_()
    exported = answer_markdown(nearest)
    assert exported.startswith(f"*{lead}*\n\n**\\[1\\]** ")
    assert exported.count("Ingrid Holm built") == 1
    assert answer_to_json(nearest)["level"] == "nearest"


def test_a_notebook_shows_quotes_sources_and_confidence(assistant: Assistant) -> None:
    answer = assistant.ask("Who built the lighthouse on Gull Rock?")
    page = answer._repr_html_()
    assert "Ingrid Holm built the lighthouse on Gull Rock in 1874." in page
    assert "Coast Letters" in page
    assert answer.certainty in page


def test_a_notebooks_markers_lead_to_their_quotes(assistant: Assistant) -> None:
    answer = assistant.ask("What does the keeper sell?")
    page = Page(answer._repr_html_())
    assert page.marked == [citation.quote for citation in answer.citations]
    assert [link for link in page.links if link.startswith("#pq-")] == [f"#{one}" for one in page.ids]
    opened = [link for link in page.links if not link.startswith("#")]
    assert opened[0].startswith("https://coast.example/lighthouse#:~:text=")
    other = Page(assistant.ask("What does the ferry do at noon?")._repr_html_())
    assert not set(page.ids) & set(other.ids)


def test_a_notebook_shows_a_hostile_post_as_the_text_it_is(assistant: Assistant) -> None:
    answer = assistant.ask("What is the zebra password?")
    assert answer.citations[0].post.id == "hostile"
    page = answer._repr_html_()
    assert Page(page).tags <= NOTEBOOK_TAGS
    assert Page(page).marked[0] == answer.citations[0].quote
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert "&lt;b&gt;Mallory&lt;/b&gt;" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'https://evil.example/"><script>x</script>'])
def test_a_notebook_links_to_web_addresses_alone(assistant: Assistant, url: str) -> None:
    answer = assistant.ask("What does the keeper sell?")
    first = answer.citations[0]
    changed = first.model_copy(update={"post": first.post.model_copy(update={"url": url})})
    page = Page(answer.model_copy(update={"citations": (changed,)})._repr_html_())
    assert page.tags <= NOTEBOOK_TAGS
    assert not any(link.startswith("javascript") for link in page.links)


def test_a_notebook_shows_a_refusal_with_hostile_titles_escaped(assistant: Assistant) -> None:
    hostile = assistant.index.post("hostile")
    assert hostile is not None
    refusal = _refused(assistant).model_copy(update={"nearest": (hostile,), "warnings": ("<i>note</i>",)})
    page = refusal._repr_html_()
    assert Page(page).tags <= {"div", "p", "em", "ul", "li", "small"}
    assert "&lt;i&gt;note" in page


def test_a_written_answer_tells_who_wrote_it_and_which_sentences_are_unsupported(assistant: Assistant) -> None:
    answer = _written(assistant, "Ingrid Holm built the lighthouse in 1874. [1] It is <b>famous</b> everywhere. [1]")
    printed = str(answer).splitlines()
    assert printed[0] == ("Ingrid Holm built the lighthouse in 1874. [1] It is <b>famous</b> everywhere. [unsupported]")
    assert "    “Ingrid Holm built the lighthouse on Gull Rock in 1874.”" in printed
    assert "written by tiny <model>; the quotes are the posts' own words" in printed
    page = answer._repr_html_()
    assert "<u>It is &lt;b&gt;famous&lt;/b&gt; everywhere.</u> <small>(unsupported)</small>" in page
    assert "written by tiny &lt;model&gt;" in page
    assert Page(page).marked == ["Ingrid Holm built the lighthouse on Gull Rock in 1874."]
    told = answer_to_json(answer)
    assert told["written_by"] == "tiny <model>"
    assert [(one["supported"], one["markers"]) for one in told["statements"]] == [(True, ["[1]"]), (False, [])]


@pytest.mark.parametrize(
    "reply", ["Ingrid Holm built the lighthouse in 1874. [1]\n\n- No.\n- Storms had wrecked eleven ships. [1]", None]
)
def test_the_segments_of_an_answer_are_its_text(assistant: Assistant, reply: str | None) -> None:
    question = "Who built the lighthouse on Gull Rock?"
    answer = _written(assistant, reply) if reply else assistant.ask(question)
    assert "".join(segment.text for segment in answer.segments) == answer.text
    markers = {segment.text for segment in answer.segments if segment.kind is SegmentKind.MARKER}
    assert markers == {citation.marker for citation in answer.citations}


def test_a_refusal_without_near_posts_promises_none(assistant: Assistant) -> None:
    alone = _refused(assistant).model_copy(update={"nearest": ()})
    assert "You may have meant" not in alone._repr_html_()
    assert "You may have meant" not in str(alone)


def test_an_answer_as_json_has_its_quotes_and_no_bodies(assistant: Assistant) -> None:
    for answer in (assistant.ask("What does the keeper sell?"), _refused(assistant)):
        plain = json.loads(json.dumps(answer_to_json(answer)))
        assert '"body"' not in json.dumps(plain)
        assert plain["text"] == answer.text
        assert [c["quote"] for c in plain["citations"]] == [c.quote for c in answer.citations]
        assert [c["post"]["id"] for c in plain["citations"]] == [c.post.id for c in answer.citations]
        assert len(plain["passages"]) == len(answer.passages)
        assert [post["id"] for post in plain["nearest"]] == [post.id for post in answer.nearest]


def test_a_passage_as_json_names_the_other_posts_that_hold_it_without_bodies(assistant: Assistant) -> None:
    one, notice = assistant.search("Who has steered the ferry since 1998?", 1)[0], assistant.index.post("ferry-notice")
    assert notice is not None
    result = SearchResult(passages=(one.model_copy(update={"also_in": (notice,)}),), warnings=("careful",))
    (plain,), warnings = search_to_json(result).values()
    assert warnings == ["careful"]
    assert [post["title"] for post in plain["also_in"]] == ["A notice about the ferry"]
    assert '"body"' not in json.dumps(plain)


def test_an_explanation_shows_each_passages_place_score_and_features(assistant: Assistant) -> None:
    passages = assistant.search("lighthouse on Gull Rock", 2)
    told = explained(passages)
    for rank, passage in enumerate(passages, 1):
        assert f"{rank}. {passage.post.title}" in told
        assert f"{passage.post.id} {passage.start}:{passage.end}" in told
        assert all(f"{name} {value:.2f}" in told for name, value in by_name(passage.features).items())
