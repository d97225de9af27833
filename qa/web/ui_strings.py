"""Texts of the page around an answer and its sources, in the question's language: English, Spanish, else English."""

from __future__ import annotations

import json

from index.records import Record
from qa.web.templating import web_file


class UiStrings(Record):
    """The texts in one language, of ui_strings.json; what stands around an answer's own text is in `qa.messages`.

    Attributes:
        chance: With a place for the `figure`.
        nearer: With a place for the `generation`.
        level_answer, level_nearest, level_refusal: What a `qa.answer.Level` is called.
        figure_from: With a place for the `figure`.
    """

    go_on: str
    copy_sources: str
    again: str
    edit: str
    helpful: str
    not_helpful: str
    sources: str
    earlier: str
    no_post: str
    back: str
    read: str
    around: str
    ask_all: str
    open_there: str
    other_passages: str
    passages_found: str
    how_found: str
    as_understood: str
    chance: str
    passage: str
    score: str
    features: str
    nearer: str
    words_mean: str
    words_explained: str
    level_answer: str
    level_nearest: str
    level_refusal: str
    figure_from: str
    figure_below: str


_LANGUAGES = {code: UiStrings(**texts) for code, texts in json.loads(web_file("ui_strings.json")).items()}
ENGLISH, SPANISH = _LANGUAGES["en"], _LANGUAGES["es"]


def ui_strings(language: str) -> UiStrings:
    """The texts in a language; English for a language without texts of its own."""
    return _LANGUAGES.get(language, ENGLISH)
