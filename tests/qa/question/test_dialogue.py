"""What is said in a conversation without asking the posts."""

from __future__ import annotations

import pytest

from qa.question.dialogue import DialogueAct, utterance
from qa.question.followup import refers_to_nothing, standalone
from tests.qa.question.test_followup import FOUNDED


@pytest.mark.parametrize(
    ("text", "act", "language"),
    [
        ("Hello!", DialogueAct.GREETING, "en"),
        ("hi there, good morning", DialogueAct.GREETING, "en"),
        ("Thanks a lot for your help!", DialogueAct.THANKS, "en"),
        ("bye", DialogueAct.FAREWELL, "en"),
        ("¡Muchas gracias!", DialogueAct.THANKS, "es"),
        ("Buenos dias", DialogueAct.GREETING, "es"),
        ("Vielen Dank", DialogueAct.THANKS, "de"),
        ("谢谢", DialogueAct.THANKS, "zh"),
        ("And who wrote it?", DialogueAct.AUTHOR, "en"),
        ("Who's the author of this post?", DialogueAct.AUTHOR, "en"),
        ("¿Quién lo escribió?", DialogueAct.AUTHOR, "es"),
        ("When was it published?", DialogueAct.DATE, "en"),
        ("y cuando se publico", DialogueAct.DATE, "es"),
        ("And when?", DialogueAct.QUESTION_WORD, "en"),
        ("¿Y por qué?", DialogueAct.QUESTION_WORD, "es"),
    ],
)
def test_small_talk_and_questions_about_a_cited_post_are_recognised(text: str, act: DialogueAct, language: str) -> None:
    recognised = utterance(text)
    assert recognised is not None
    assert (recognised.act, recognised.language) == (act, language)


@pytest.mark.parametrize(
    "question",
    [
        "Hello, who built the lighthouse?",
        "Who wrote the hello world program?",
        "Thanks to whom was it built?",
        "When was it founded?",
        "Who wrote Kubeflow?",
        "What does the post say about thanks?",
        "hi " * 40,
    ],
)
def test_a_question_with_words_of_its_own_asks_the_posts(question: str) -> None:
    assert utterance(question) is None


def test_every_small_talk_has_a_reply_in_its_language() -> None:
    words = {
        "en": "hello",
        "de": "danke",
        "fr": "bonjour",
        "it": "grazie",
        "pt": "obrigado",
        "ru": "спасибо",
        "ar": "شكرا",
    }
    replies = [recognised.reply for word in words.values() if (recognised := utterance(word))]
    assert len(set(replies)) == len(words)


def test_a_greeting_of_several_languages_is_answered_in_that_of_the_posts() -> None:
    languages = [recognised.language for posts in ("de", "nl") if (recognised := utterance("Hallo!", [posts]))]
    assert languages == ["de", "nl"]


@pytest.mark.parametrize(
    "question", ["What does it do?", "Who founded it?", "Tell me more about it", "The second one?"]
)
def test_a_first_question_may_refer_to_nothing(question: str) -> None:
    assert refers_to_nothing(question)


@pytest.mark.parametrize(
    "question", ["Does Kubeflow say what it does?", "Who is on the crew that steers it?", "What is 5G?"]
)
def test_a_first_question_with_its_own_subject_refers_to_something(question: str) -> None:
    assert not refers_to_nothing(question)


def test_small_talk_between_two_questions_does_not_end_the_subject() -> None:
    assert standalone("And who funded it?", [FOUNDED, "Who wrote it?", "Thanks!"]) == "And who funded Sightbit?"
