"""Does a passage bear out a sentence that a language model wrote? As far as the words tell, and they do not tell all.

A sentence is supported when four things hold of the passages it names:

1. its words stand there, or in the title and headings above: at least `COVERED` of its terms, at least `TOGETHER` of
   them in one place (a quotable sentence with what its first word points back to), and of those that are not above
   at least `FRESH` (a title alone bears nothing out);
2. every number and every name in it stands there;
3. each of these stands beside something that the sentence says of it, so that a figure of another row is found out;
4. no clause denies a word that the clause most like it there affirms, nor the other way round.

What it does not see: two figures swapped within one sentence, an antonym ("rose" for "fell"), a cause turned
round, a name of one word that opens the sentence, a denial of something said in other words. A true paraphrase with
few of the post's words it calls unsupported. `python -m benchmarks.support` measures how often, by kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index.records import SentenceKind
from index.text.list_markers import LIST_MARKER
from index.text.sentences import sentence_spans
from index.text.tokenize import folded, is_stop_word, terms, words
from qa.answering.features import refers_back
from qa.records import Passage

COVERED = 0.6
TOGETHER = 0.4
FRESH = 0.5
_LIKE = 0.5  # share of a clause's terms from which another clause speaks of the same thing
_BESIDE = 3  # terms on either side of a number or a name that are looked for where it stands
_REACH = 2  # sentences taken in that a first word points back to
_LIST_MARK = re.compile(rf"^\s*{LIST_MARKER}")
_BREAK = re.compile(r"[;:()—–]+|\b(?:but|while|whereas|although|though|however)\b", re.I)
_NEGATORS = frozenset("no not never none nobody nothing neither nor without cannot".split())
_NO_NEGATION = re.compile(r"\bnot only\b|\bno (?:more|less|fewer|later) than\b|\bno\.\s*\d", re.I)
_SKIPPED = frozenset("actually even ever fully longer one quite really still yet".split())
_MAGNITUDES = frozenset(terms("hundred thousand million billion trillion dozen percent"))


@dataclass(frozen=True)
class Place:
    """A quotable stretch of a post: `post.body[start:end] == text`."""

    start: int
    end: int
    text: str

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its terms, each once."""
        return frozenset(terms(self.text))

    @cached_property
    def clauses(self) -> list[_Clause]:
        """Its clauses."""
        return _clauses(self.text)


class Source:
    """A passage as sentences are held against it."""

    def __init__(self, passage: Passage) -> None:
        post = passage.post
        self.passage = passage
        self.sentences = [Place(*span, post.body[slice(*span)]) for span in _spans(passage)]
        self.places = [self._whole(at) for at in range(len(self.sentences))]
        above = (post.title, *passage.headings, *post.authors, post.publisher or "", post.published or "")
        self.above = frozenset(terms(" ".join(above)))

    def best(self, held: frozenset[str]) -> tuple[Place, float]:
        """The place with most of some terms, the shortest of equals, and the share that it has."""
        place = max(self.places, key=lambda one: (len(held & one.terms), -len(one.text)))
        return place, len(held & place.terms) / len(held) if held else 0.0

    def _whole(self, at: int) -> Place:
        """A sentence with those before it that its first word points back to."""
        first = at
        while first > 0 and at - first < _REACH and refers_back(self.sentences[first].text):
            first -= 1
        start, end = self.sentences[first].start, self.sentences[at].end
        return Place(start, end, self.passage.post.body[start:end])


@dataclass(frozen=True)
class Support:
    """What holds of a sentence and the sources it names.

    Attributes:
        share: Of its terms, those that stand in the sources, 0 to 1.
        together: The largest share in one place of them, with what stands above.
        fresh: Of its terms that do not stand above, those that stand in the passages.
        missing: Numbers and names that are not there, or not said of the same thing.
        is_denied: Whether a clause denies what the source affirms, or the other way round.
    """

    share: float
    together: float
    fresh: float
    missing: tuple[str, ...]
    is_denied: bool

    @property
    def holds(self) -> bool:
        """Whether the sentence counts as supported."""
        is_there = self.share >= COVERED and self.together >= TOGETHER and self.fresh >= FRESH
        return is_there and not self.missing and not self.is_denied


def support(sentence: str, sources: Sequence[Source]) -> Support:
    """Hold a sentence, without its markers, against the sources it names."""
    said = sentence_terms(sentence)
    held = frozenset(said)
    if not held or not sources:
        return Support(0.0, 0.0, 0.0, (), False)
    above = frozenset().union(*(source.above for source in sources))
    places = [place for source in sources for place in source.places]
    found = above.union(*(place.terms for place in places))
    together = max(len(held & (place.terms | above)) for place in places) / len(held)
    missing = tuple(
        word
        for word, term in _checked(sentence, said)
        if term not in found or not (term in above or _is_said_of_the_same(term, said, places))
    )
    new = held - above
    fresh = len(new & found) / len(new) if new else 1.0
    return Support(len(held & found) / len(held), together, fresh, missing, _is_denied(sentence, sources))


def sentence_terms(sentence: str) -> list[str]:
    """The terms of a written sentence, in order; the mark of a list is none of them."""
    return terms(_LIST_MARK.sub("", sentence))


def _spans(passage: Passage) -> list[tuple[int, int]]:
    quotable = [(one.start, one.end) for one in passage.evidence if one.kind is not SentenceKind.HEADING]
    spans = sorted(quotable) or sentence_spans(passage.post.body, passage.start, passage.end)
    return spans or [(passage.start, passage.end)]


def _checked(sentence: str, said: Sequence[str]) -> list[tuple[str, str]]:
    """Numbers and names with their terms, each once."""
    numbers = [(term, term) for term in said if term[0].isdigit() or term in _MAGNITUDES]
    return list(dict.fromkeys([*numbers, *_names(_LIST_MARK.sub("", sentence))]))


def _names(sentence: str) -> list[tuple[str, str]]:
    """Capitalised words with their terms; the first word only where its writing shows that it is a name."""
    found = words(sentence)
    named = [word[0].isupper() and len(word) > 1 and not is_stop_word(folded(word)) for word in found]
    if named and named[0]:
        is_first_of_a_name = len(found) > 1 and named[1]
        named[0] = is_first_of_a_name or any(letter.isupper() for letter in found[0][1:])
    return [(word, term) for word, is_name in zip(found, named, strict=True) if is_name for term in terms(word)]


def _is_said_of_the_same(term: str, said: Sequence[str], places: Sequence[Place]) -> bool:
    """Whether some place has a term together with one that stands beside it in the sentence."""
    at = said.index(term) if term in said else 0
    beside = {*said[max(0, at - _BESIDE) : at], *said[at + 1 : at + 1 + _BESIDE]} - {term}
    return not beside or any(term in place.terms and beside & place.terms for place in places)


def _is_denied(sentence: str, sources: Sequence[Source]) -> bool:
    theirs = [(clause, source.above) for source in sources for place in source.sentences for clause in place.clauses]
    ours = [clause for clause in _clauses(sentence) if len(clause.terms) > 1]  # a word by itself is like too much
    return any(not _has_ground(clause, theirs) or _is_contradicted(clause, theirs) for clause in ours)


def _has_ground(said: _Clause, theirs: Sequence[tuple[_Clause, frozenset[str]]]) -> bool:
    """Whether a denial, if it is one, has one there to rest on: of the same word, or of the same subject."""
    denials = [clause for clause, _ in theirs if clause.denied]
    return not said.denied or any(said.denied & one.denied or len(said.terms & one.terms) > 1 for one in denials)


def _is_contradicted(said: _Clause, theirs: Sequence[tuple[_Clause, frozenset[str]]]) -> bool:
    """Whether the clause most like this one denies a word of both that it does not, or the other way round.

    Of clauses equally like it, one that agrees counts.
    """
    shared, agrees = max(
        (len(said.terms & (clause.terms | above)), said.agrees_with(clause)) for clause, above in theirs
    )
    return not agrees and shared >= _LIKE * len(said.terms)


@dataclass(frozen=True)
class _Clause:
    """The terms between two breaks of a sentence, and those of them that stand right behind a negation."""

    terms: frozenset[str]
    denied: frozenset[str]

    def agrees_with(self, other: _Clause) -> bool:
        """Whether no term of both is denied by one of them alone."""
        return not (self.denied ^ other.denied) & self.terms & other.terms


def _clauses(text: str) -> list[_Clause]:
    return [_Clause(frozenset(terms(part)), _denied(part)) for part in _BREAK.split(text) if part.strip()]


def _denied(clause: str) -> frozenset[str]:
    """Each term that is the first of weight behind a negation: "did not use timber" denies the using.

    "without names or places" denies both.
    """
    found: set[str] = set()
    is_open = was_open = False
    for word in map(folded, words(_NO_NEGATION.sub(" ", clause))):
        if word in _NEGATORS or word.endswith("n't") or (word == "or" and was_open):
            is_open = True
        elif is_open and word not in _SKIPPED and (term := terms(word)):
            found.update(term)
            is_open, was_open = False, True
        else:
            was_open = False
    return frozenset(found)
