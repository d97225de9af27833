"""Do the cited passages support a sentence that a language model wrote? As far as the words tell.

A sentence is supported when four things hold of the passages it cites:

1. its words stand there, or in the title and headings above: at least `COVERED` of its terms, at least `TOGETHER` of
   them in one place (a quotable sentence with what its first word refers back to), and of those that are not above
   at least `FRESH` (a title alone supports nothing);
2. every number and every name in it stands there;
3. each of these stands near something that the sentence says of it, so that a figure of another row is noticed;
4. no clause denies a word that the most similar clause there affirms, nor the other way round.

What it does not notice: two figures swapped within one sentence, an antonym ("rose" for "fell"), cause and effect
swapped, a name of one word that opens the sentence, a denial in other words. A true paraphrase with few of the post's
words counts as unsupported. `python -m benchmarks.support` measures how often, by kind.
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
_SIMILAR = 0.5  # share of a clause's terms from which another clause is about the same
_NEAR = 3  # terms on either side of a number or a name that are looked for where it stands
_REACH = 2  # earlier sentences that a first word may refer back to
_LIST_MARK = re.compile(rf"^\s*{LIST_MARKER}")
_BREAK = re.compile(r"[;:()—–]+|\b(?:but|while|whereas|although|though|however)\b", re.I)
_NEGATIONS = frozenset("no not never none nobody nothing neither nor without cannot".split())
_NO_NEGATION = re.compile(r"\bnot only\b|\bno (?:more|less|fewer|later) than\b|\bno\.\s*\d", re.I)
_SKIPPED = frozenset("actually even ever fully longer one quite really still yet".split())
_STATE_NOTHING = (SentenceKind.HEADING, SentenceKind.QUESTION)
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
    """A cited passage: its sentences, the places to quote, and the terms above them."""

    def __init__(self, passage: Passage) -> None:
        post = passage.post
        self.passage = passage
        self.sentences = [Place(*span, post.body[slice(*span)]) for span in _spans(passage)]
        self.places = [self._place(at) for at in range(len(self.sentences))]
        above = (post.title, *passage.headings, *post.authors, post.publisher or "", post.published or "")
        self.above = frozenset(terms(" ".join(above)))

    def best(self, wanted: frozenset[str]) -> tuple[Place, float]:
        """The place with most of some terms, the shortest of equals, and the share of them that it has."""
        place = max(self.places, key=lambda place: (len(wanted & place.terms), -len(place.text)))
        return place, len(wanted & place.terms) / len(wanted) if wanted else 0.0

    def _place(self, at: int) -> Place:
        """A sentence with those before it that its first word refers back to."""
        first = at
        while first > 0 and at - first < _REACH and refers_back(self.sentences[first].text):
            first -= 1
        start, end = self.sentences[first].start, self.sentences[at].end
        return Place(start, end, self.passage.post.body[start:end])


@dataclass(frozen=True)
class Support:
    """How the cited passages support a sentence.

    Attributes:
        share: Of its terms, those that stand in the passages or above them, 0 to 1.
        together: The largest share in one place, with what stands above.
        fresh: Of its terms that do not stand above, those that stand in the passages.
        missing: Numbers and names that are not there, or not near what is said of them.
        is_denied: Whether a clause denies what the passages affirm, or the other way round.
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
    """Check a sentence, without its markers, against the passages it cites."""
    in_order = sentence_terms(sentence)
    own = frozenset(in_order)
    if not own or not sources:
        return Support(0.0, 0.0, 0.0, (), False)
    above = frozenset().union(*(source.above for source in sources))
    places = [place for source in sources for place in source.places]
    there = above.union(*(place.terms for place in places))
    fresh = own - above
    return Support(
        share=len(own & there) / len(own),
        together=max(len(own & (place.terms | above)) for place in places) / len(own),
        fresh=len(fresh & there) / len(fresh) if fresh else 1.0,
        missing=tuple(
            word
            for word, term in _numbers_and_names(sentence, in_order)
            if term not in there or not (term in above or _is_near_the_same(term, in_order, places))
        ),
        is_denied=_is_denied(sentence, sources),
    )


def sentence_terms(sentence: str) -> list[str]:
    """The terms of a written sentence, in order, without a list marker."""
    return terms(_LIST_MARK.sub("", sentence))


def _spans(passage: Passage) -> list[tuple[int, int]]:
    quotable = [(one.start, one.end) for one in passage.evidence if one.kind not in _STATE_NOTHING]
    spans = sorted(quotable) or sentence_spans(passage.post.body, passage.start, passage.end)
    return spans or [(passage.start, passage.end)]


def _numbers_and_names(sentence: str, in_order: Sequence[str]) -> dict[tuple[str, str], None]:
    """Words with their terms, each once; a first word counts as a name only where its spelling shows that it is one."""
    in_sentence = words(_LIST_MARK.sub("", sentence))
    is_name = [word[0].isupper() and len(word) > 1 and not is_stop_word(folded(word)) for word in in_sentence]
    if is_name and is_name[0]:
        is_name[0] = is_name[1:2] == [True] or any(letter.isupper() for letter in in_sentence[0][1:])
    numbers = [(term, term) for term in in_order if term[0].isdigit() or term in _MAGNITUDES]
    names = [(word, term) for word, named in zip(in_sentence, is_name, strict=True) if named for term in terms(word)]
    return dict.fromkeys(numbers + names)


def _is_near_the_same(term: str, in_order: Sequence[str], places: Sequence[Place]) -> bool:
    """Whether some place has a term together with one that stands near it in the sentence."""
    at = in_order.index(term) if term in in_order else 0
    near = {*in_order[max(0, at - _NEAR) : at], *in_order[at + 1 : at + 1 + _NEAR]} - {term}
    return not near or any(term in place.terms and near & place.terms for place in places)


def _is_denied(sentence: str, sources: Sequence[Source]) -> bool:
    theirs = [(clause, source.above) for source in sources for place in source.sentences for clause in place.clauses]
    ours = [clause for clause in _clauses(sentence) if len(clause.terms) > 1]  # a single word is similar to too much
    return any(not _has_ground(clause, theirs) or _is_contradicted(clause, theirs) for clause in ours)


def _has_ground(clause: _Clause, theirs: Sequence[tuple[_Clause, frozenset[str]]]) -> bool:
    """Whether a denial, if it is one, rests on one there: of the same word, or of the same subject."""
    denials = [other for other, _ in theirs if other.denied]
    return not clause.denied or any(
        clause.denied & other.denied or len(clause.terms & other.terms) > 1 for other in denials
    )


def _is_contradicted(clause: _Clause, theirs: Sequence[tuple[_Clause, frozenset[str]]]) -> bool:
    """Whether the most similar clause denies a word of both that this one does not, or the other way round.

    Of equally similar clauses, one that agrees counts.
    """
    shared, agrees = max(
        (len(clause.terms & (other.terms | above)), clause.agrees_with(other)) for other, above in theirs
    )
    return not agrees and shared >= _SIMILAR * len(clause.terms)


@dataclass(frozen=True)
class _Clause:
    """The terms between two breaks of a sentence, and those of them that directly follow a negation."""

    terms: frozenset[str]
    denied: frozenset[str]

    def agrees_with(self, other: _Clause) -> bool:
        """Whether no term of both is denied by one of them alone."""
        return not (self.denied ^ other.denied) & self.terms & other.terms


def _clauses(text: str) -> list[_Clause]:
    return [_Clause(frozenset(terms(part)), _denied(part)) for part in _BREAK.split(text) if part.strip()]


def _denied(clause: str) -> frozenset[str]:
    """Each term that is the first content word after a negation: "did not use timber" denies the using.

    "without names or places" denies both.
    """
    denied: set[str] = set()
    is_open = was_open = False
    for word in map(folded, words(_NO_NEGATION.sub(" ", clause))):
        if word in _NEGATIONS or word.endswith("n't") or (word == "or" and was_open):
            is_open = True
        elif is_open and word not in _SKIPPED and (term := terms(word)):
            denied.update(term)
            is_open, was_open = False, True
        else:
            was_open = False
    return frozenset(denied)
