"""What the product says itself around an answer, in the language of the question: English, Spanish, else English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.filters import Filters

_Steps = tuple[tuple[float, str], ...]
"""From which confidence on which words are said, the highest first."""


@dataclass(frozen=True)
class Texts:
    """One language's lines.

    Attributes:
        sure, absent: The confidence of an answer and of a refusal in words.
        chance: What the figure beside a refusal is.
        foreign: With places for the language `asked` in and that of the `posts`.
        unnamed: A language without a name in `languages`, with a place for its `code`.
        quoted: With a place for the `languages` that are quoted.
        only: With a place for the `filters`, which `filter_names` describe.
        too_long: With its remedy's place for the `limit`.
        thousands: What parts a figure's thousands.
        wrote: With a place for the `writer`.
        unsupported: Stands behind a sentence that the posts do not bear out.
        both: Stands between two names; where they clash in sound, `mended` says what to put for what.
    """

    refusal: str
    meant: str
    understood: str
    note: str
    confidence: str
    sure: _Steps
    absent: _Steps
    chance: str
    foreign: str
    unnamed: str
    quoted: str
    only: str
    filter_names: Mapping[str, str]
    empty: str
    empty_remedy: str
    too_long: str
    too_long_seen: str
    too_long_remedy: str
    thousands: str
    wrote: str
    unsupported: str
    both: str
    either: str
    languages: Mapping[str, str]
    mended: tuple[str, str] = ("", "")

    def language(self, code: str) -> str:
        """A language's name."""
        return self.languages.get(code) or self.unnamed.format(code=code)

    def named(self, codes: Sequence[str]) -> str:
        """Languages' names in one phrase, sorted; a code where there is no name."""
        clashing, mended = self.mended
        named = self.both.join(sorted(self.languages.get(code, code) for code in codes))
        return named.replace(clashing, mended) if clashing else named

    def filtered(self, filters: Filters) -> str:
        """That only some posts were asked, and which."""
        several = (("id", filters.posts), ("author", filters.authors), ("publisher", filters.publishers))
        told = [f"{self.filter_names[kind]} {self.either.join(names)}" for kind, names in several if names]
        dates = (("since", filters.since), ("until", filters.until))
        told += [f"{self.filter_names[word]} {date}" for word, date in dates if date]
        return self.only.format(filters=", ".join(told))

    def confidence_words(self, confidence: float, *, answered: bool) -> str:
        """The confidence in words and as a figure, such as "fairly sure · 83 %"."""
        words = next(words for least, words in (self.sure if answered else self.absent) if confidence >= least)
        figure = f"{int(100 * confidence + 0.5)} %"
        return f"{words} · {figure}" if answered else f"{words} · {figure} {self.chance}"

    def count(self, number: int) -> str:
        """A whole number with its thousands parted."""
        return f"{number:,}".replace(",", self.thousands)


# Confidence is P(answered and supported); each step says in words what the figure beside it says exactly.
ENGLISH = Texts(
    refusal="The posts do not say.",
    meant="You may have meant:",
    understood="Understood as:",
    note="note",
    confidence="confidence",
    sure=((0.95, "very sure"), (0.8, "fairly sure"), (0.6, "rather sure"), (0.0, "not sure")),
    absent=((0.4, "perhaps there in other words"), (0.15, "probably not there"), (0.0, "almost surely not there")),
    chance="chance of an answer",
    foreign="The question seems to be in {asked}; the posts are in {posts}. The answer may be wrong or missing.",
    unnamed="another language ({code})",
    quoted="The posts that answer are in {languages}; they are quoted as they are written.",
    only="Asked only of posts with {filters}.",
    filter_names={"id": "id", "author": "author", "publisher": "publisher", "since": "since", "until": "until"},
    empty="the question is empty",
    empty_remedy="Type a question.",
    too_long="the question is too long",
    too_long_seen="{count} characters",
    too_long_remedy="Ask in at most {limit} characters.",
    thousands=",",
    wrote="written by {writer}; the quotes are the posts' own words",
    unsupported="unsupported",
    both=" and ",
    either=" or ",
    languages={
        "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
        "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
        "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
        "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
        "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
    },
)  # fmt: skip
SPANISH = Texts(
    refusal="Las publicaciones no lo dicen.",
    meant="Quizá buscaba:",
    understood="Entendida como:",
    note="nota",
    confidence="confianza",
    sure=((0.95, "muy segura"), (0.8, "bastante segura"), (0.6, "más bien segura"), (0.0, "poco segura")),
    absent=((0.4, "quizá esté con otras palabras"), (0.15, "probablemente no está"), (0.0, "casi seguro que no está")),
    chance="de probabilidad de respuesta",
    foreign="La pregunta parece estar en {asked}; las publicaciones están en {posts}. "
    "La respuesta puede ser errónea o faltar.",
    unnamed="otro idioma ({code})",
    quoted="Las publicaciones que responden están en {languages}; se citan tal como están escritas.",
    only="Solo se ha preguntado a las publicaciones con {filters}.",
    filter_names={"id": "id", "author": "autor", "publisher": "editor", "since": "desde", "until": "hasta"},
    empty="la pregunta está vacía",
    empty_remedy="Escriba una pregunta.",
    too_long="la pregunta es demasiado larga",
    too_long_seen="{count} caracteres",
    too_long_remedy="Pregunte con {limit} caracteres como máximo.",
    thousands=".",
    wrote="escrito por {writer}; las citas son palabras de las publicaciones",
    unsupported="sin respaldo",
    both=" y ",
    mended=(" y i", " e i"),
    either=" o ",
    languages={
        "ar": "árabe", "cs": "checo", "da": "danés", "de": "alemán", "el": "griego", "en": "inglés", "es": "español",
        "fi": "finés", "fr": "francés", "he": "hebreo", "hi": "hindi", "hu": "húngaro", "it": "italiano",
        "ja": "japonés", "ko": "coreano", "nl": "neerlandés", "no": "noruego", "pl": "polaco", "pt": "portugués",
        "ro": "rumano", "ru": "ruso", "sv": "sueco", "th": "tailandés", "tr": "turco", "uk": "ucraniano",
        "vi": "vietnamita", "zh": "chino",
    },
)  # fmt: skip
_TEXTS = {"en": ENGLISH, "es": SPANISH}


def texts_in(language: str) -> Texts:
    """The lines in a language; English ones for a language without lines of its own."""
    return _TEXTS.get(language, ENGLISH)
