"""Answers to what is said in a conversation: small talk, follow-ups to what was cited last, and questions back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.reader import Index
from index.records import Post
from qa.answer import Answer, Level
from qa.answering.citations import Quote, cite, statement_segments
from qa.messages import Messages, messages_in
from qa.question.dialogue import DialogueAct, Utterance, utterance
from qa.question.followup import Turn, put_to_posts, question_of, refers_to_nothing
from qa.question.question_types import QuestionType, question_type
from qa.records import Citation, Passage, Segment, Statement

Searched = tuple[Answer, list[Passage]]
"""An answer, and the passages that it was chosen from."""


@dataclass(frozen=True)
class Dialogue:
    """A question in its conversation.

    Attributes:
        asked: The question as asked.
        text: The same, checked; in `language`.
        history: Earlier turns, oldest first.
        search: Answers a question from the posts, with earlier turns that it may refer to.
    """

    asked: str
    text: str
    language: str
    history: Sequence[Turn]
    index: Index
    search: Callable[[str, Sequence[Turn]], Searched]

    def answer(self) -> Searched:
        """The answer to the question: of the posts, of what they cite, or a reply without them."""
        spoken = utterance(self.text, self.index.terms.languages)
        if spoken is not None:
            return self._answer_to(spoken)
        is_unclear = self.language == "en" and not put_to_posts(self.history) and refers_to_nothing(self.text)
        return self._reply(self.language) if is_unclear else self.search(self.asked, self.history)

    def _answer_to(self, spoken: Utterance) -> Searched:
        language = spoken.language
        if spoken.is_small_talk:
            return self._reply(language, spoken.reply)
        if spoken.act is DialogueAct.QUESTION_WORD and not self._follows_fact():
            return self._asked_anew(spoken)
        cited = self._cited_last()
        asked = DialogueAct.AUTHOR if spoken.act is DialogueAct.AUTHOR else DialogueAct.DATE
        return self._fact(asked, cited, language) if cited else self._reply(language)

    def _follows_fact(self) -> bool:
        """Whether the turn before stated a fact of a post."""
        last = self.history[-1] if self.history else ""
        if isinstance(last, Answer):
            return last.states_facts
        spoken = utterance(last)
        return spoken is not None and spoken.act in (DialogueAct.AUTHOR, DialogueAct.DATE)

    def _asked_anew(self, spoken: Utterance) -> Searched:
        """The question before with another question word; "when" may ask for the date of the cited post as well."""
        before = put_to_posts(self.history)
        if not before:
            return self._reply(spoken.language)
        answer, passages = self.search(spoken.asked_of(question_of(before[-1])), before[:-1])
        answer = answer.model_copy(update={"question": self.asked})
        cited = self._cited_last()
        if cited is None or question_type(spoken.asked, spoken.language) is not QuestionType.TIME:
            return answer, passages
        dated, _ = self._fact(DialogueAct.DATE, cited, spoken.language)
        if not answer:
            return dated, []
        dates = [dated.text[one.start : one.end] for one in dated.statements]
        return answer.model_copy(update={"warnings": (*answer.warnings, *dates)}), passages

    def _cited_last(self) -> Answer | None:
        """The last answer with citations; of a turn that is only a question, what the posts answer now."""
        for at, turn in reversed(list(enumerate(before := put_to_posts(self.history)))):
            answer = turn if isinstance(turn, Answer) else self.search(turn, before[:at])[0]
            if answer.citations or not isinstance(turn, Answer):  # one search is enough
                return answer if answer.citations else None
        return None

    def _reply(self, language: str, text: str = "") -> Searched:
        """Words of the assistant's own; without any it asks what the question refers to."""
        segments = (Segment(text or messages_in(language).refers_to_nothing),)
        return self._made(language, Level.REPLY, segments), []

    def _fact(self, asked: DialogueAct, cited: Answer, language: str) -> Searched:
        """The authors or dates of cited posts; a refusal where none states them or says still what was cited."""
        messages = messages_in(language)
        posts: dict[str, tuple[Post, Citation]] = {}
        for citation in cited.citations:
            post = self.index.post(citation.post.id)
            if post and post.body[citation.start : citation.end] == citation.quote:
                posts.setdefault(post.id, (post, citation))
        facts = {post.id: _fact_of(post, asked, messages) for post, _ in posts.values()}
        missing = messages.no_author if asked is DialogueAct.AUTHOR else messages.no_date
        texts = [facts[post.id] or missing.format(title=post.title) for post, _ in posts.values()]
        if any(facts.values()):
            return self._stated(language, texts, cite(_quote(*both) for both in posts.values())), []
        return self._made(language, Level.REFUSAL, (Segment("\n".join(texts) or messages.refusal),)), []

    def _stated(self, language: str, facts: Sequence[str], citations: tuple[Citation, ...]) -> Answer:
        segments: list[Segment] = []
        statements: list[Statement] = []
        for fact, citation in zip(facts, citations, strict=True):
            gap = "\n" if segments else ""
            start = sum(len(segment.text) for segment in segments) + len(gap)
            statement = Statement(
                start=start, end=start + len(fact), markers=(citation.marker,), supported=True, support=1.0
            )
            statements.append(statement)
            segments += statement_segments(gap, fact, statement)
        return self._made(language, Level.ANSWER, tuple(segments), citations, tuple(statements))

    def _made(
        self,
        language: str,
        level: Level,
        segments: tuple[Segment, ...],
        citations: tuple[Citation, ...] = (),
        statements: tuple[Statement, ...] = (),
    ) -> Answer:
        return Answer(
            question=self.asked.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair cannot be written
            question_as_understood=self.text,
            answered=bool(citations),
            level=level,
            confidence=float(bool(citations)),
            segments=segments,
            citations=citations,
            statements=statements,
            generation=self.index.manifest.generation,
            language=language,
        )


def _fact_of(post: Post, asked: DialogueAct, messages: Messages) -> str:
    """A sentence with a post's authors or its date; empty where it states none."""
    if asked is DialogueAct.AUTHOR:
        names = messages.and_between.join(filter(None, (", ".join(post.authors[:-1]), *post.authors[-1:])))
        return messages.post_author.format(title=post.title, names=names) if names else ""
    return messages.post_date.format(title=post.title, date=messages.date(post.published)) if post.published else ""


def _quote(post: Post, citation: Citation) -> Quote:
    focus = (citation.focus.start, citation.focus.end) if citation.focus else None
    return Quote(post, citation.start, citation.end, citation.score, focus)
