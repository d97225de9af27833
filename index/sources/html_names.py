"""Words by which pages name their parts, in classes and ids."""

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
    hide-?completely print-?only
    authors? autor(?:en|es)? auteurs? autor[ei] saboxplugin pay-?wall payant abo-?box offers? affiliate link-?box
    rec-?posts? placeholder tooltip lightbox ticker search-?(?:box|form|bar) log-?in sign-?in register feedback poll
    survey cart basket add-?to-?cart wishlist back-?to-?top lang(?:uage)?-?(?:switcher|menu|select(?:or)?)
    ad-?(?:slot|container|wrapper|box|label|placement)s? follow(?:-?us)? likes? post-?comments?
    kommentare? commentaires? comentarios? commenti werbung anzeigen? publicidad publicidade publicite pubblicita
    relacionad[oa]s? verwandte? teilen compartir condividi partager
    le(?:er|a)-?m[aá]s m[aá]s-?le[ií]d[oa]s? mais-?lidas? bolet[ií]n newsteasers? aside
    (?:latest|recent|similar|top|neueste|aktuelle|weitere)-?(?:posts?|news|articles?|stories|videos?|artikel|meldungen)
    (?:article|story|headline|link)-?lists? most-?pop suscripci[oó]n
    latest similar suggest(?:ed|ions?) see-?also also-?(?:like|read) dont-?miss up-?next playlist news-?ticker
    breaking-?news shariff heateor essb contacts?(?:-?(?:box|info|person|card))? kontakt(?:box|daten|person)?
    ansprechpartner(?:in)? press-?contact (?:sub|top|main|foot|meta|service)-?(?:navi?|menue?)
    tags?-?(?:wrapper|box|links?|bar) inline-?(?:teaser|promo|related|newsletter|ad)"""
)
_UNLESS_EXTRACTED = _any_of(
    r"""meta dates? times? timestamps? (?:post|entry|article|pub|published)-?(?:date|time|on) posted-?on datum fecha
    secondary tertiary colophon masthead rail"""
)
BOX_NAMES = re.compile(rf"(?<![a-z])(?:{_BOXES})(?![a-z])", re.I)
"""Boxes to subscribe and to share, which stand in the middle of texts."""
AROUND_NAMES = re.compile(rf"(?<![a-z])(?:{_BOXES}|{_AROUND})(?![a-z])", re.I)
"""What stands around the content of a page."""
MARGIN_NAMES = re.compile(rf"(?<![a-z])(?:{_UNLESS_EXTRACTED})(?![a-z])", re.I)
"""What mostly stands around the content of a page, but with some systems is part of it."""
TEASER_NAMES = re.compile(r"(?<![a-z])teasers?(?![a-z])", re.I)
CAPTION_NAMES = re.compile(r"caption|credit|legend|(?<![a-z])(?:image|img|photo|bild)", re.I)
NOTE_NAMES = re.compile(r"note|tip|info|warning|callout|admonition|quote|caution|example|definition", re.I)
"""Boxes in the margin or in the text that belong to it."""
CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
"""Where a name of several words is to be split before the other patterns look at it."""
