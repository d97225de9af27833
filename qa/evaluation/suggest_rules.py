"""Rules that make questions out of sentences, each with the value that answers it.

The word lists are in `suggest_words.json`: verbs whose base form is certain ("base forms"; a verb that is not there
makes no "When did …?"), nouns for persons and things, words that point to another sentence, and capitalised words
that open a sentence without being a name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import takewhile

from index.records import Post
from index.sources.bylines import is_byline
from index.text.blocks import Block, BlockKind, blocks
from index.text.chunking import heading_title
from index.text.list_markers import ITEM_MARKER
from index.text.sentences import sentence_spans
from index.text.tokenize import folded, is_stop_word
from qa.answering.features import refers_back

LANGUAGES = frozenset({"en", "und"})  # the rules know English only
_LONGEST_SENTENCE = 300
_CLOZE_WORDS = range(8, 36)  # fewer say too little to find the place, more are tiring to read
_MOST_CLAUSE_WORDS = 14

_WORDS = json.loads(resources.files("qa.evaluation").joinpath("suggest_words.json").read_bytes())
_BASE_FORMS: dict[str, str] = _WORDS["base forms"]
_POINTING = frozenset(_WORDS["pointing"].split())
_POINTING_ANYWHERE = frozenset(_WORDS["pointing anywhere"].split())
_NO_NAMES = frozenset(f"{_WORDS['months']} {_WORDS['no names']}".casefold().split())
_NO_ACTIONS = frozenset(_WORDS["no actions"].split())


def _any_of(words: str) -> str:
    return words.replace(" ", "|")


_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'\-@]*(?:\.[A-Z]\.)?"
_NAME = rf"{_CAPITAL}(?: (?:(?:of|de|da|del|di|la|van|von|bin|al|y) )?{_CAPITAL}){{0,4}}"
_SUBJECT = rf"^(?P<subject>(?:The )?{_NAME})"
_MONTH = rf"(?:{_any_of(_WORDS['months'])})"
_DATE = rf"(?P<value>(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}, )?(?:1[5-9]|20)\d\d)\b(?![\-–]\d)"
_CLAUSE = r"[^,;:.()\"“”?!]+?"
_CLAUSE_END = r"(?=(?: (?:for|of|in|by|with|to))? (?:that|which|who|whose)\b|[,;]|\.$)"
_COUNT_END = r"(?=[,;.]| (?:and|that|which|who|in|on|for|with)\b)"
_NUMBER = (
    r"(?<![\w@.,/:\-–])(?P<value>[$£€]?\d+(?:[.,]\d+)*(?:%| (?:million|billion|thousand)\b)?)(?![\w@/:°\-–]|[.,]\d)"
)
_COUNT = _NUMBER.replace("?P<value>", "?P<value>(?:about |over |nearly )?", 1)
_PARTICIPLE = rf"(?:\w+ed|{_any_of(_WORDS['irregular participles'])})"
_PERSON = re.compile(rf"^(?:[\w\-]+ ){{0,4}}?(?:\w*(?:{_any_of(_WORDS['persons'])}))\b(?!-)", re.I)
_THING = re.compile(rf"\b(?:{_any_of(_WORDS['things'])})\b")
_ITEM_START = re.compile(rf"^\s*{ITEM_MARKER}")
_MARKUP = re.compile(r"[*_`<>{}\[\]|\\]|https?:")
_BEFORE_YEAR = re.compile(rf"[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|{_MONTH}")

_WHEN = (
    (
        rf"{_SUBJECT} (?P<verb>was|were) (?P<did>{_PARTICIPLE}\b(?: {_CLAUSE})?) (?:in|on) {_DATE}",
        "When {verb} {subject} {did}?",
    ),
    (rf"{_SUBJECT} (?P<verb>has|have) (?P<did>[a-z]+ {_CLAUSE}) since {_DATE}", "Since when {verb} {subject} {did}?"),
    (rf"{_SUBJECT} (?P<verb>[a-z]+) (?P<did>{_CLAUSE}) (?:in|on) {_DATE}", "When did {subject} {base} {did}?"),
)
# "<Name>, a company founded in <place> in <year>," and what is asked of it.
_FOUNDED = rf"(?P<subject>(?:[Tt]he )?{_NAME}), an? [^,;:.]*?\bfounded"
_IN_PLACE = rf"in (?P<value>{_NAME})"
_ORIGINS = (
    (rf"{_FOUNDED} (?:in {_NAME} )?in {_DATE}", "When was {} founded?"),
    (rf"{_FOUNDED} {_IN_PLACE}", "Where was {} founded?"),
    (rf"{_FOUNDED.removesuffix('founded')}based {_IN_PLACE}", "Where is {} based?"),
)


@dataclass(frozen=True)
class Draft:
    """A question before it has a number; `rule` names what made it, so that kinds can be mixed."""

    rule: str
    question: str
    answers: tuple[str, ...]
    quotes: tuple[str, ...]
    kind: str = "factoid"


@dataclass(frozen=True)
class _Sentence:
    """A sentence as rules read it: `quote` verbatim, `text` in one line."""

    post: Post
    quote: str
    text: str

    def draft(self, rule: str, question: str, answer: str, kind: str = "factoid") -> Draft:
        """A question that the sentence answers."""
        return Draft(rule, question, (answer,), (self.quote,), kind)

    def matched(self, pattern: str) -> re.Match[str] | None:
        """The match of a pattern whose `subject` is a name."""
        match = re.search(pattern, self.text)
        return match if match and _is_named(match["subject"], self.post.body) else None


def drafts(post: Post) -> Iterator[Draft]:
    """Everything that the rules make of a post, as they come."""
    parts = blocks(post.body)
    yield from _byline(post, parts)
    heading = ""
    for at, block in enumerate(parts):
        if block.kind is BlockKind.HEADING:
            heading = heading_title(post.body[block.start : block.end])
        elif block.kind is BlockKind.PARAGRAPH:
            for sentence in _sentences(post, block):
                yield from _from_sentence(sentence)
            yield from _list(post, parts, at, heading)


def _sentences(post: Post, block: Block) -> Iterator[_Sentence]:
    for start, end in sentence_spans(post.body, block.start, block.end):
        quote = post.body[start:end].strip("*_ \n")
        if quote and len(quote) <= _LONGEST_SENTENCE and not is_byline(quote):
            yield _Sentence(post, quote, " ".join(quote.split()))


def _from_sentence(sentence: _Sentence) -> list[Draft]:
    """What the first rule that knows a sentence makes of it; a cloze where none does."""
    if _MARKUP.search(sentence.text):
        return []
    made = (list(rule(sentence)) for rule in (*_RULES, _cloze))
    return next((drafts for drafts in made if drafts), [])


def _byline(post: Post, parts: Sequence[Block]) -> Iterator[Draft]:
    for block in parts[:2]:
        line = post.body[block.start : block.end]
        if post.authors and is_byline(line) and all(author in line for author in post.authors):
            yield Draft("byline", f"Who wrote the post “{post.title}”?", post.authors, (line,))
            return


def _list(post: Post, parts: Sequence[Block], at: int, heading: str) -> Iterator[Draft]:
    """A question for a paragraph that ends in a colon and the list below it."""
    lead = list(_sentences(post, parts[at]))[-1:]
    below = takewhile(lambda block: block.kind is BlockKind.ITEM, parts[at + 1 :])
    items = tuple(_ITEM_START.sub("", post.body[block.start : block.end]) for block in below)
    if not lead or not lead[0].text.endswith(":") or len(items) < 2 or any("\n" in item for item in items):
        return
    if question := _list_question(lead[0].text, post.title, heading):
        yield Draft("list", question, items, (lead[0].quote, *items), "list")


def _list_question(lead: str, title: str, heading: str) -> str:
    steps = re.match(rf"^To (?P<do>[a-z]{_CLAUSE}), (?:proceed|do the following|follow|take|there are)\b", lead)
    if steps and not _POINTING & set(_folded(steps["do"].replace("your", ""))):
        mine = re.sub(r"\byour\b", "my", steps["do"])
        return f"How do I {mine}?"
    are = re.match(rf"^(?:There are|Here are|These are) (?P<what>(?:the )?\w+ {_CLAUSE}s):$", lead)
    if are and _reads_alone(are["what"]):
        return f"What are {'' if are['what'].startswith('the ') else 'the '}{are['what']}?"
    return f"What does the post “{title}” list under “{heading}”?" if heading else ""


def _definition(sentence: _Sentence) -> Iterator[Draft]:
    """A sentence that says of a name what it is: "<Name> is a …"."""
    match = sentence.matched(rf"{_SUBJECT} (?P<verb>is|was) (?:an?|the) (?P<value>{_CLAUSE}){_CLAUSE_END}")
    if match is None or is_stop_word(match["value"].split()[0]) or not _reads_alone(match["value"]):
        return
    value, name = match["value"], match["subject"]
    is_person = bool(_PERSON.match(value)) and " " in name
    if is_person or _THING.search(value):
        question = f"{'Who' if is_person else 'What'} {match['verb']} {_inside(name)}?"
        yield sentence.draft("definition", question, value, "explain")


def _abbreviation(sentence: _Sentence) -> Iterator[Draft]:
    """Words followed by their initials: "principal component analysis (PCA)"."""
    for match in re.finditer(r"\(([A-Za-z]?[A-Z]{2,5})\)", sentence.text):
        short = match[1]
        before = list(re.finditer(r"[^\W_]+", sentence.text[: match.start()]))[-len(short) :]
        if "".join(word[0][0] for word in before).casefold() == short.casefold():
            value = sentence.text[before[0].start() : match.start()].rstrip()
            yield sentence.draft("abbreviation", f"What does {short} stand for?", value)


def _when(sentence: _Sentence) -> Iterator[Draft]:
    """Dates of what a named subject did or what was done to it."""
    matches = ((re.match(pattern, sentence.text), question) for pattern, question in _WHEN)
    match, question = next(((match, question) for match, question in matches if match), (None, ""))
    if match is None or not _is_named(match["subject"], sentence.post.body):
        return
    verb, did = match["verb"], match["did"]
    base = _BASE_FORMS.get(verb, "")
    if _reads_alone(did) and _keeps_its_date(did) and (base or "{base}" not in question):
        asked = question.format(verb=verb, base=base, subject=_inside(match["subject"]), did=did)
        yield sentence.draft("when", asked, match["value"])


def _origin(sentence: _Sentence) -> Iterator[Draft]:
    """Where and when something was founded, or is based."""
    for pattern, question in _ORIGINS:
        match = sentence.matched(pattern)
        if match and match["value"].casefold() not in _NO_NAMES:
            yield sentence.draft("origin", question.format(_inside(match["subject"])), match["value"])


def _how_many(sentence: _Sentence) -> Iterator[Draft]:
    """A count of what a name has: "<Name> has 118 million parameters"."""
    match = sentence.matched(rf"{_SUBJECT} (?P<verb>has|have) {_COUNT} (?P<what>(?:[a-z\-]+ )?[a-z]+s){_COUNT_END}")
    if match:
        does = "does" if match["verb"] == "has" else "do"
        question = f"How many {match['what']} {does} {_inside(match['subject'])} have?"
        yield sentence.draft("how many", question, match["value"])


def _quotation(sentence: _Sentence) -> Iterator[Draft]:
    """Words in quotation marks, with who said them."""
    pattern = rf"^[\"“](?P<words>[^\"“”]{{20,160}}),[\"”] (?:says|said) (?P<value>{_NAME})(?=[,.])"
    if match := re.match(pattern, sentence.text):
        yield sentence.draft("said", f"Who said “{match['words']}”?", match["value"])


def _who(sentence: _Sentence) -> Iterator[Draft]:
    """What an author of the post does or has done."""
    did = rf"(?P<did>(?P<verb>[a-z]+(?:s|ed)|{'|'.join(_BASE_FORMS)}) {_CLAUSE})[,;:.]"
    for author in sentence.post.authors:
        match = re.match(rf"^{re.escape(author)} {did}", sentence.text)
        if match and match["verb"] not in _NO_ACTIONS and len(match["did"].split()) > 3 and _reads_alone(match["did"]):
            yield sentence.draft("who", f"Who {match['did']}?", author)


_RULES: tuple[Callable[[_Sentence], Iterator[Draft]], ...] = (
    _quotation,
    _origin,
    _when,
    _how_many,
    _definition,
    _who,
    _abbreviation,
)


def _cloze(sentence: _Sentence) -> Iterator[Draft]:
    """The sentence with its only number left out."""
    text, numbers = sentence.text, list(re.finditer(_NUMBER, sentence.text))
    if len(numbers) != 1 or not _suits_cloze(text):
        return
    value, start, end = numbers[0]["value"], *numbers[0].span("value")
    before = text[:start].split()[-1] if text[:start].strip() else ""
    is_year = bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", value) and _BEFORE_YEAR.fullmatch(before))
    # One digit tells too little; behind a capital a number is part of a name: "Apollo 11".
    if len(value) == 1 or (before[:1].isupper() and not is_year) or re.search(r"\d", text[:start] + text[end:]):
        return
    asked = f"what {'year' if is_year else 'number'} completes"
    question = f"In the post “{sentence.post.title}”, {asked}: “{text[:start]}____{text[end:]}”?"
    yield sentence.draft("cloze", question, value, "cloze")


def _suits_cloze(text: str) -> bool:
    """Whether a sentence is of a fair length, plain, about something named, and points to no other."""
    words = _folded(text)
    if len(text.split()) not in _CLOZE_WORDS or not text.endswith("."):
        return False
    if re.search(r"[\"“”()]", text) or refers_back(text) or _POINTING_ANYWHERE & set(words):
        return False
    if _POINTING & set(words[:6]):  # where the subject is, also after "In the first year"
        return False
    return text.startswith(("The ", "A ", "An ")) or bool(re.search(rf"(?<=[a-z,] ){_CAPITAL}", text))


def _folded(text: str) -> list[str]:
    return [folded(word) for word in re.findall(r"[^\W\d_]+", text)]


def _inside(name: str) -> str:
    """A subject in the form that it has inside a question."""
    return name.replace("The ", "the ", 1) if name.startswith("The ") else name


def _keeps_its_date(clause: str) -> bool:
    """Whether a date behind a clause belongs to its verb: not after "a market originally built"."""
    last = clause.rsplit(maxsplit=1)[-1]
    return last == clause or not re.fullmatch(_PARTICIPLE, last)


def _reads_alone(clause: str) -> bool:
    """Whether a clause is short and holds nothing that points out of it."""
    words = _folded(clause)
    return len(words) <= _MOST_CLAUSE_WORDS and not _POINTING & set(words)


def _is_named(subject: str, body: str) -> bool:
    """Whether a subject is a name and not merely the first word of a sentence."""
    name = re.sub(r"^[Tt]he ", "", subject)
    first = folded(re.split(r"[ ’']", name)[0])
    if is_stop_word(first) or first in _NO_NAMES or first in _POINTING:
        return False
    if " " in name or re.search(r"[\d@]|\w[A-Z]", name):
        return True
    inside = re.search(rf"(?<=[\w,] ){re.escape(name)}\b", body)
    return bool(inside) and not re.search(rf"\b{re.escape(name.lower())}\b", body)
