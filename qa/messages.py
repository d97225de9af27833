"""What the product itself says around an answer, in the language of the question: English, Spanish, else English."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.filters import Filters

_ANSWER = "answer"  # the level whose confidence is how sure it is


@dataclass(frozen=True)
class Messages:
    """One language's messages.

    Attributes:
        confidence_steps: For each `qa.answer.Level` but `reply`: from which confidence on which words say it, highest
            first: of an answer how sure it is, of the nearest how near it comes, of a refusal how surely nothing is
            there. The confidence is P(answered and supported), so the words say what its figure says.
        missing_values: That what is asked for is in no sentence near it, by what that is.
        chance_of_answer: What the figure is, beside all but an answer.
        other_language: With places for the language `asked` in and that of the `posts`.
        unnamed_language: For a language without a name in `languages`, with a place for its `code`.
        quoted_languages: With a place for the `languages`.
        survey: Parts of what a survey says; where there are two, of one and of several.
        filtered_to: With a place for the `filters`, which `filter_names` describe.
        too_long_remedy: With a place for the `limit`.
        written_by: With a place for the `writer`.
        unsupported: Flags a written sentence that the posts do not support.
        post_author: With places for a post's `title` and its authors' `names`; `post_date` for its `date`.
        no_author, no_date: That a post with a `title` does not state them.
        from_facts: Where such a statement is from.
        refers_to_nothing: Asks what a question refers to.
        locale: Whose form dates are in.
        and_between: Joins two names; where they clash in sound, `and_replaced` says what to replace by what.
    """

    refusal: str
    nearest_quotes: str
    missing_values: Mapping[str, str]
    nearest_posts: str
    understood: str
    note: str
    confidence_steps: Mapping[str, Sequence[tuple[float, str]]]
    chance_of_answer: str
    other_language: str
    unnamed_language: str
    quoted_languages: str
    filtered_to: str
    survey: Mapping[str, Sequence[str]]
    filter_names: Mapping[str, str]
    empty: str
    empty_remedy: str
    too_long: str
    too_long_seen: str
    too_long_remedy: str
    thousands_separator: str
    written_by: str
    unsupported: str
    post_author: str
    post_date: str
    no_author: str
    no_date: str
    from_facts: str
    refers_to_nothing: str
    locale: str
    and_between: str
    or_between: str
    languages: Mapping[str, str]
    and_replaced: tuple[str, str] = ("", "")

    def language(self, code: str) -> str:
        """A language's name."""
        return self.languages.get(code) or self.unnamed_language.format(code=code)

    def named(self, codes: Sequence[str]) -> str:
        """Languages' names in one phrase, sorted; a code where there is no name."""
        names = self.and_between.join(sorted(self.languages.get(code, code) for code in codes))
        return names.replace(*self.and_replaced)

    def filtered(self, filters: Filters) -> str:
        """That only some posts were asked, and which."""
        return self.filtered_to.format(filters=filters.described(self.filter_names, self.or_between))

    def confidence_words(self, confidence: float, level: str) -> str:
        """The confidence of a level in words and as a figure, such as "fairly sure · 83 %"."""
        words = next(words for least, words in self.confidence_steps[level] if confidence >= least)
        figure = f"{int(100 * confidence + 0.5)} %"
        return f"{words} · {figure}" if level == _ANSWER else f"{words} · {figure} {self.chance_of_answer}"

    def date(self, published: str) -> str:
        """A date such as "2024-11-07" as people write it; what is not a whole date, unchanged."""
        try:
            when = date.fromisoformat(published[:10])
        except ValueError:
            return published
        from babel.dates import format_date  # noqa: PLC0415  # 0.2 s, rarely needed

        return format_date(when, "long", locale=self.locale)

    def of_survey(self, part: str, number: int = 1, **places: object) -> str:
        """A part of what a survey says, about a number of posts."""
        one, *several = self.survey[part]
        return (several[0] if several and number != 1 else one).format(count=self.count(number), **places)

    def count(self, number: int) -> str:
        """A whole number with its thousands separated."""
        return f"{number:,}".replace(",", self.thousands_separator)


_MESSAGES = {
    language: Messages(**messages)
    for language, messages in json.loads(Path(__file__).with_suffix(".json").read_bytes()).items()
}
ENGLISH = _MESSAGES["en"]


def messages_in(language: str) -> Messages:
    """The messages in a language; English ones for a language without its own."""
    return _MESSAGES.get(language, ENGLISH)
