"""Made answers, and a hostile post, for the tests of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import Post
from qa import Answer, Assistant, Citation, Passage
from qa.answer import Level
from qa.answering.citations import quoted_segments
from qa.answering.llm.stream import words_of

HOSTILE = Post(
    id="hostile",
    title="<img src=http://evil.example/t.png onerror=alert(1)> ![t](http://evil.example/t.png)",
    authors=("<script>alert(2)</script>",),
    publisher="$$y$$ **bold** <svg onload=alert(3)>",
    published="<b>never</b>",
    url="javascript:alert(4)",
    body=(
        "Before <iframe src=http://evil.example></iframe>.\n\n"
        "The vault opens with <script>alert(5)</script> and <img src=x onerror=alert(6)> and "
        "![x](http://evil.example/x.png) and [a](javascript:alert(7)) and $$x^2$$ and {{7*7}} and ${alert(8)}.\n\n"
        "    <style>@import 'http://evil.example/s.css'</style>\n</mark></blockquote><form action=//evil.example>"
    ),
)


@dataclass(frozen=True)
class Hostile:
    """Answers all with a hostile quote; refuses what begins with "refuse", comes near what begins with "near"."""

    def ask(self, question: str, *, history: Sequence[Answer] = (), filters: object = None) -> Answer:
        """A made answer."""
        quote = HOSTILE.body[HOSTILE.body.index("The vault") : HOSTILE.body.index("\n\n    ")]
        answer = answer_with(HOSTILE, quote)
        if question.startswith("near"):
            return answer.model_copy(update={"level": Level.NEAREST, "confidence": 0.3})
        if not question.startswith("refuse"):
            return answer
        refusal = {
            "answered": False,
            "level": Level.REFUSAL,
            "text": "The posts do not say.",
            "citations": (),
            "nearest": (HOSTILE,),
        }
        return answer.model_copy(update={**refusal, "confidence": 0.1, "warnings": ("<u>w</u>",)})

    def stream(
        self, question: str, *, history: Sequence[Answer] = (), filters: object = None
    ) -> Iterator[str | Answer]:
        """The same, in pieces."""
        return words_of(self.ask(question))


@dataclass(frozen=True)
class Site:
    """A served page and the assistant behind it."""

    address: str
    assistant: Assistant


def answer_with(post: Post, *quotes: str) -> Answer:
    """An answer that quotes a post, each quote cited by its place, and lists two passages of it."""
    starts = [post.body.index(quote) for quote in quotes]
    citations = tuple(
        Citation(marker=f"[{n}]", quote=quote, start=start, end=start + len(quote), post=post)
        for n, (quote, start) in enumerate(zip(quotes, starts, strict=True), start=1)
    )
    middle = max(1, min(starts))
    passages = (
        Passage(post=post, text=post.body[middle:], start=middle, end=len(post.body), headings=("Ropes",), score=2),
        Passage(post=post, text=post.body[:middle], start=0, end=middle, score=1),
    )
    return Answer(
        question="When?",
        question_as_understood="When?",
        segments=quoted_segments(citations),
        answered=True,
        confidence=0.83,
        citations=citations,
        passages=passages,
    )
