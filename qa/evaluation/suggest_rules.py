"""Rules that make questions out of sentences, each with the value that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'\-@]*(?:\.[A-Z]\.)?"
_NAME = rf"{_CAPITAL}(?: (?:(?:of|de|da|del|di|la|van|von|bin|al|y) )?{_CAPITAL}){{0,4}}"
_SUBJECT = rf"^(?P<subject>(?:The )?{_NAME})"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DATE = rf"(?P<value>(?:\d{{1,2}} )?(?:{_MONTH} )?(?:\d{{1,2}}, )?(?:1[5-9]|20)\d\d)\b(?![\-–]\d)"
_CLAUSE = r"[^,;:.()\"“”?!]+?"
_CLAUSE_END = r"(?=(?: (?:for|of|in|by|with|to))? (?:that|which|who|whose)\b|[,;]|\.$)"
_COUNT_END = r"(?=[,;.]| (?:and|that|which|who|in|on|for|with)\b)"
_NUMBER = (
    r"(?<![\w@.,/:\-–])(?P<value>[$£€]?\d+(?:[.,]\d+)*(?:%| (?:million|billion|thousand)\b)?)(?![\w@/:°\-–]|[.,]\d)"
)

# Regular and irregular pasts whose base form is certain; a verb that is not here makes no "When did …?".
_BASES = dict(
    pair.split(":")
    for pair in """founded:found established:establish created:create started:start launched:launch released:release
    published:publish announced:announce introduced:introduce adopted:adopt built:build opened:open closed:close
    moved:move became:become began:begin bought:buy sold:sell acquired:acquire won:win wrote:write made:make
    presented:present invented:invent discovered:discover developed:develop completed:complete finished:finish
    replaced:replace ended:end stopped:stop received:receive proposed:propose joined:join left:leave lost:lose
    signed:sign visited:visit organised:organise organized:organize hired:hire expanded:expand""".split()
)
_PARTICIPLE = (
    r"(?:\w+ed|born|built|made|set|sold|bought|founded|written|begun|given|taken|held|won|led|shown|known|chosen)"
)
_PERSONS = re.compile(
    r"^(?:[\w\-]+ ){0,4}?(?:\w*(?:engineer|scientist|researcher|writer|author|professor|student|fellow|developer|"
    r"sociologist|statistician|physicist|analyst|journalist|artist|teacher|nurse|doctor|editor|manager|founder|"
    r"director|president|head|lead|leader|designer|architect|lecturer|linguist|biologist))\b(?!-)",
    re.I,
)
_THINGS = re.compile(
    r"\b(?:company|model|system|tool|dataset|library|language|framework|platform|method|technique|algorithm|measure|"
    r"metric|service|network|encoder|index|project|group|fund|city|town|country|program|protocol|format|share|rate)\b"
)
_POINTS_AWAY = frozenset(
    """this that these those it they them he she him her hers i we us you our your my mine ours here there then such
    same latter former other another one ones""".split()
)
_NO_NAMES = frozenset(
    f"""{_MONTH[3:-1].replace("|", " ")} monday tuesday wednesday thursday friday saturday sunday yesterday today
    last next every many much several another however meanwhile moreover because one two three four five ten only
    according although despite unlike since until within without someone everyone nobody people""".casefold().split()
)
_NO_ACTIONS = frozenset("is was has does says said its us as his this thus perhaps always".split())
_ITEM_START = re.compile(rf"^\s*{ITEM_MARKER}")
_MARKUP = re.compile(r"[*_`<>{}\[\]|\\]|https?:")
_DANGLING = frozenset("this these those such he she him them former latter same".split())
_BEFORE_YEAR = re.compile(rf"[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|{_MONTH}")


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


def drafts(post: Post) -> Iterator[Draft]:
    """Everything that the rules make of a post, as they come."""
    found = blocks(post.body)
    yield from _byline(post, found)
    heading = ""
    for at, block in enumerate(found):
        if block.kind is BlockKind.HEADING:
            heading = heading_title(post.body[block.start : block.end])
        elif block.kind is BlockKind.PARAGRAPH:
            for sentence in _sentences(post, block):
                yield from _from_sentence(sentence)
            yield from _list(post, found, at, heading)


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


def _byline(post: Post, found: Sequence[Block]) -> Iterator[Draft]:
    for block in found[:2]:
        line = post.body[block.start : block.end]
        if post.authors and is_byline(line) and all(author in line for author in post.authors):
            yield Draft("byline", f"Who wrote the post “{post.title}”?", post.authors, (line,))
            return


def _list(post: Post, found: Sequence[Block], at: int, heading: str) -> Iterator[Draft]:
    """A question for a paragraph that ends in a colon and the list below it."""
    lead = list(_sentences(post, found[at]))[-1:]
    items = []
    for block in found[at + 1 :]:
        if block.kind is not BlockKind.ITEM:
            break
        items.append(_ITEM_START.sub("", post.body[block.start : block.end]))
    if not lead or not lead[0].text.endswith(":") or len(items) < 2 or any("\n" in item for item in items):
        return
    if question := _list_question(lead[0].text, post.title, heading):
        yield Draft("list", question, tuple(items), (lead[0].quote, *items), "list")


def _list_question(lead: str, title: str, heading: str) -> str:
    how = re.match(rf"^To (?P<do>[a-z]{_CLAUSE}), (?:proceed|do the following|follow|take|there are)\b", lead)
    if how and not _POINTS_AWAY & set(_folded(how["do"].replace("your", ""))):
        mine = re.sub(r"\byour\b", "my", how["do"])
        return f"How do I {mine}?"
    are = re.match(rf"^(?:There are|Here are|These are) (?P<what>(?:the )?\w+ {_CLAUSE}s):$", lead)
    if are and _reads_alone(are["what"]):
        return f"What are {'' if are['what'].startswith('the ') else 'the '}{are['what']}?"
    return f"What does the post “{title}” list under “{heading}”?" if heading else ""


def _definition(sentence: _Sentence) -> Iterator[Draft]:
    """A sentence that says of a name what it is: "<Name> is a …"."""
    match = re.match(
        rf"{_SUBJECT} (?P<verb>is|was) (?:an?|the) (?P<value>{_CLAUSE}){_CLAUSE_END}",
        sentence.text,
    )
    if match is None or not _is_named(match["subject"], sentence):
        return
    value, name = match["value"], match["subject"]
    if is_stop_word(value.split()[0]) or not _reads_alone(value):
        return
    is_person = bool(_PERSONS.match(value)) and " " in name
    if is_person or _THINGS.search(value):
        yield Draft(
            "definition",
            f"{'Who' if is_person else 'What'} {match['verb']} {_inside(name)}?",
            (value,),
            (sentence.quote,),
            "explain",
        )


def _abbreviation(sentence: _Sentence) -> Iterator[Draft]:
    """Words whose first letters stand behind them: "principal component analysis (PCA)"."""
    for match in re.finditer(r"\(([A-Za-z]?[A-Z]{2,5})\)", sentence.text):
        short = match[1]
        before = list(re.finditer(r"[^\W_]+", sentence.text[: match.start()]))[-len(short) :]
        if "".join(word[0][0] for word in before).casefold() == short.casefold():
            value = sentence.text[before[0].start() : match.start()].rstrip()
            yield Draft("abbreviation", f"What does {short} stand for?", (value,), (sentence.quote,))


def _when(sentence: _Sentence) -> Iterator[Draft]:
    """Dates of what a named subject did or what was done to it."""
    passive = re.match(
        rf"{_SUBJECT} (?P<verb>was|were) (?P<did>{_PARTICIPLE}\b(?: {_CLAUSE})?) (?:in|on) {_DATE}", sentence.text
    )
    since = re.match(rf"{_SUBJECT} (?P<verb>has|have) (?P<did>[a-z]+ {_CLAUSE}) since {_DATE}", sentence.text)
    active = re.match(rf"{_SUBJECT} (?P<past>[a-z]+) (?P<did>{_CLAUSE}) (?:in|on) {_DATE}", sentence.text)
    match = passive or since or active
    if match is None or not _is_named(match["subject"], sentence) or not _reads_alone(match["did"]):
        return
    name, did = _inside(match["subject"]), match["did"]
    if not _keeps_its_date(did):
        return
    if match is active:
        if match["past"] not in _BASES:
            return
        question = f"When did {name} {_BASES[match['past']]} {did}?"
    else:
        question = f"{'When' if match is passive else 'Since when'} {match['verb']} {name} {did}?"
    yield Draft("when", question, (match["value"],), (sentence.quote,))


def _origin(sentence: _Sentence) -> Iterator[Draft]:
    """Where and when something was founded: "<Name>, a company founded in <place> in <year>,"."""
    apart = rf"(?P<subject>(?:[Tt]he )?{_NAME}), an? [^,;:.]*?\b"
    place = rf"in (?P<value>{_NAME})"
    for pattern, asked in (
        (rf"{apart}founded (?:{place.replace('value', 'place')} )?in {_DATE}", "When was {} founded?"),
        (rf"{apart}founded {place}", "Where was {} founded?"),
        (rf"{apart}based {place}", "Where is {} based?"),
    ):
        match = re.search(pattern, sentence.text)
        if match and _is_named(match["subject"], sentence) and match["value"].casefold() not in _NO_NAMES:
            yield Draft("origin", asked.format(_inside(match["subject"])), (match["value"],), (sentence.quote,))


def _how_many(sentence: _Sentence) -> Iterator[Draft]:
    """A count of what a name has: "<Name> has 118 million parameters"."""
    value = _NUMBER.replace("?P<value>", "?P<value>(?:about |over |nearly )?", 1)
    match = re.match(
        rf"{_SUBJECT} (?P<verb>has|have) {value} (?P<what>(?:[a-z\-]+ )?[a-z]+s){_COUNT_END}",
        sentence.text,
    )
    if match and _is_named(match["subject"], sentence):
        does = "does" if match["verb"] == "has" else "do"
        yield Draft(
            "how many",
            f"How many {match['what']} {does} {_inside(match['subject'])} have?",
            (match["value"],),
            (sentence.quote,),
        )


def _said(sentence: _Sentence) -> Iterator[Draft]:
    """Somebody's words in quotation marks, with who said them."""
    match = re.match(
        rf"^[\"“](?P<words>[^\"“”]{{20,160}}),[\"”] (?:says|said) (?P<value>{_NAME})(?=[,.])", sentence.text
    )
    if match:
        yield Draft("said", f"Who said “{match['words']}”?", (match["value"],), (sentence.quote,))


def _who(sentence: _Sentence) -> Iterator[Draft]:
    """What an author of the post is said to do or to have done."""
    for author in sentence.post.authors:
        match = re.match(
            rf"^{re.escape(author)} (?P<did>(?P<verb>[a-z]+(?:s|ed)|{'|'.join(_BASES)}) {_CLAUSE})[,;:.]", sentence.text
        )
        if match and match["verb"] not in _NO_ACTIONS and len(match["did"].split()) > 3 and _reads_alone(match["did"]):
            yield Draft("who", f"Who {match['did']}?", (author,), (sentence.quote,))


_RULES: tuple[Callable[[_Sentence], Iterator[Draft]], ...] = (
    _said,
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
    yield Draft("cloze", question, (value,), (sentence.quote,), "cloze")


def _suits_cloze(text: str) -> bool:
    """Whether a sentence is of a fair length, plain, about something named, and points to no other."""
    found = _folded(text)
    if len(text.split()) not in _CLOZE_WORDS or not text.endswith("."):
        return False
    if re.search(r"[\"“”()]", text) or refers_back(text) or _DANGLING & set(found):
        return False
    if _POINTS_AWAY & set(found[:6]):  # where the subject stands, also behind "In the first year"
        return False
    return text.startswith(("The ", "A ", "An ")) or bool(re.search(rf"(?<=[a-z,] ){_CAPITAL}", text))


def _folded(text: str) -> list[str]:
    return [folded(word) for word in re.findall(r"[^\W\d_]+", text)]


def _inside(name: str) -> str:
    """A subject as it stands inside a question."""
    return name.replace("The ", "the ", 1) if name.startswith("The ") else name


def _keeps_its_date(clause: str) -> bool:
    """Whether a date behind a clause belongs to its verb: not after "a market originally built"."""
    last = clause.rsplit(maxsplit=1)[-1]
    return last == clause or not re.fullmatch(_PARTICIPLE, last)


def _reads_alone(clause: str) -> bool:
    """Whether a clause is short and holds nothing that points out of it."""
    found = _folded(clause)
    return len(found) <= _MOST_CLAUSE_WORDS and not _POINTS_AWAY & set(found)


def _is_named(subject: str, sentence: _Sentence) -> bool:
    """Whether a subject is a name and not merely the first word of a sentence."""
    name = re.sub(r"^[Tt]he ", "", subject)
    first = folded(re.split(r"[ ’']", name)[0])
    if is_stop_word(first) or first in _NO_NAMES or first in _POINTS_AWAY:
        return False
    if " " in name or re.search(r"[\d@]|\w[A-Z]", name):
        return True
    body = sentence.post.body
    inside = re.search(rf"(?<=[\w,] ){re.escape(name)}\b", body)
    return bool(inside) and not re.search(rf"\b{re.escape(name.lower())}\b", body)
