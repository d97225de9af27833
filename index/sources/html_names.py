"""Words by which pages name their parts (classes and ids) and introduce what is not content."""

from __future__ import annotations

import re


def _any_of(words: str) -> str:
    return "|".join(words.split())


_BOXES = _any_of(
    r"""subscri(?:be|ption) newsletter sign-?up mailing-?list opt-?in cookie consent gdpr addtoany sharedaddy
    relatedposts shar(?:e|ing)(?:bar|box)?(?:-(?:bar|buttons?|tools?|links?|this|box|icons?))?
    social(?:-(?:share|links?|media|icons?|bar|buttons?|items?))?"""
)
_AROUND = _any_of(
    r"""nav navigation navbar menu side-?bar bread-?crumbs? pagination pager paging footer related
    recommend(?:ed|ations?)? comments?(?:-(?:list|form|area|respond|section))? no-?comments commentlist respond disqus
    reply tags?-?(?:list|cloud) tags promo advert(?:s|isement|ising)? ads? ad-unit sponsor(?:ed)? outbrain taboola
    popular trending most-?read read-?(?:more|next|also) more-?(?:on|from|stories|news|articles|in[a-z]*)
    (?:next|prev(?:ious)?)-?(?:post|article) post-?(?:nav|navigation|tags|footer)
    author-?(?:box|bio|card|info|profile) about-?(?:the-?)?author byline dateline (?:post|entry|article|page)-*meta
    meta-?(?:data|info) widgets? modal popup overlay banner toolbar skip-?links? copyright imprint disclaimer disclosure
    ratings? donat(?:e|ion) cta trust-?badge saiba-?mais infowrapper user-(?:info|action) linklist carousel
    hide-?completely print-?only"""
)
_POINTERS = (
    r"related (?:posts?|articles?|stories|topics|reading|links|content|news|coverage)|related:?$|comments?$|"
    r"tags?:?$|more (?:from|stories|articles|like|posts)|(?:also )?read (?:also|more|next)|"
    r"you (?:may|might) (?:also )?like|see also:?$|"
    r"(?:popular|latest|recommended|most (?:read|popular)) ?(?:posts?|articles?|stories|news|for you)?:?$|"
    r"share this|follow us|leave a (?:reply|comment)|newsletter:?$|subscribe|advertisement:?$|sign up|"
    r"click here to|zum thema|mehr (?:zum thema|aus|von|themen)|das könnte|lesen sie|weiterlesen|auch interessant|"
    r"weitere (?:artikel|beiträge|themen|informationen)|ähnliche (?:artikel|beiträge)|verwandte|kommentare?:?$|"
    r"teilen:?$|zurück zu|top-themen|à lire|lire aussi|sur le même|vous aimerez|leia (?:mais|também)|veja também|"
    r"te puede|lea también|le puede|s[ií]guenos|artículos relacionados|temas$|mire:|potrebbe|leggi anche|"
    r"ultima modifica|zobacz|czytaj"
)
BOX_NAMES = re.compile(rf"(?<![a-z])(?:{_BOXES})(?![a-z])", re.I)
"""Boxes to subscribe and to share, which stand in the middle of texts."""
AROUND_NAMES = re.compile(rf"(?<![a-z])(?:{_BOXES}|{_AROUND})(?![a-z])", re.I)
"""What stands around the content of a page."""
TEASER_NAMES = re.compile(r"(?<![a-z])teasers?(?![a-z])", re.I)
CAPTION_NAMES = re.compile(r"caption|credit|(?<![a-z])(?:image|img|photo|bild)", re.I)
NOTE_NAMES = re.compile(r"note|tip|info|warning|callout|admonition|quote|caution|example|definition", re.I)
"""Boxes in the margin or in the text that belong to it."""
CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a name of several words is to be split before the other patterns look at it."""
POINTER = re.compile(rf"^\W*(?:{_POINTERS})", re.I)
"""How a line begins that leads to other texts."""
CREDIT = re.compile(
    r"^\W*(?:foto|photo|bild|image|picture|credits?|cr[ée]dits?(?: photos?)?|quelle|source|copyright|©)"
    r"\s*(?:[:/|©]|by\b).{0,80}$|^\W*©",
    re.I,
)
"""A line that only says whose a picture or a text is."""
_STAMPS = _any_of(
    """updated? aktualisiert änderung modified stand published posted veröffentlicht publiziert erstellt datum date"""
)
STAMP = re.compile(
    rf"^\W*(?:(?:last |letzte |zuletzt )?(?:{_STAMPS})\b.{{0,12}})?[\d\s.,:/|-]{{4,}}(?:uhr|h|am|pm)?\W*$", re.I
)
"""A line that is only a date or a time."""
