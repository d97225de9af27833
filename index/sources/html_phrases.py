"""Phrases, in the languages of Europe, of lines that are about a page or lead away from it, and are not its content."""

from __future__ import annotations

import re

_POINTERS = (
    r"related (?:posts?|articles?|stories|topics|reading|links|content|news|coverage)|related:?$|comments?$|tags?:?$|"
    r"more (?:from|stories|articles|like|posts|on this|in this)|(?:also )?read (?:also|more|next)|what to read|up next|"
    r"you (?:may|might) (?:also )?(?:like|be interested)|see also:?$|don[’']t miss|in case you missed|"
    r"editors?[’']s? picks|"
    r"(?:popular|latest|recommended|most (?:read|popular)) ?(?:posts?|articles?|stories|news|for you)?:?$|"
    r"share this|follow us|leave a (?:reply|comment)|newsletter:?$|subscribe|advertisement:?$|sign up|click here to|"
    r"more:?$|explore (?:further|more)$|you (?:may|might) also\b|recent (?:posts|articles|comments)|"
    r"(?:just|now) watch(?:ed|ing)$|must watch$|be sociable|get the latest|no (?:comments?|responses?)|"
    r"zum thema|mehr (?:zum thema|aus|von|themen|dazu)|(?:das|dies) könnte|lesen sie|lies auch|weiterlesen|lesetipp|"
    r"auch interessant|passend dazu|hier geht[’']?s zu|weitere (?:artikel|beiträge|themen|informationen|nachrichten)|"
    r"ähnliche (?:artikel|beiträge)|verwandte|empfohlene|neueste (?:artikel|beiträge)|kommentare?:?$|teilen:?$|"
    r"zurück zu|schreibe einen kommentar|vorheriger|nächster|top-themen|"
    r"(?:à )?lire (?:aussi|la suite|également)|à lire|voir aussi|sur le même|vous aimerez|en savoir plus|"
    r"retrouvez (?:tous|nos)|"
    r"leia (?:mais|também)|veja (?:também|mais)|saiba mais|continue lendo|confira (?:também|mais)|você pode gostar|"
    r"te puede|le puede|le[ae] (?:también|más)|mir[ae]:|mir[ae] también|puedes? ver:|ver también|no te pierdas|"
    r"m[áa]s (?:sobre|noticias)|s[ií]g(?:ue|ua)nos|sig[ua]e? leyendo|(?:artículos|noticias) relacionad[oa]s|"
    r"temas$|"
    r"potrebbe|leggi anche|vedi anche|scopri di più|continua a leggere|approfondisci|ultima modifica|"
    r"lees (?:ook|verder|meer)|bekijk ook|meer over|zobacz|czytaj|przeczytaj|więcej na"
)
_CALLS = (
    r"subscribe (?:now|today|here|to (?:our|my|the newsletter)|for (?:free|updates))|"
    r"subscribe to [\w.’' ]{1,30} newsletters?|"
    r"sign(?:ing)? up (?:here|now|today|(?:to|for) our)|our newsletter|follow us|"
    r"follow (?:@\w+|(?:the )?[\w ]{2,30}) on (?:twitter|facebook|instagram|x\b)|"
    r"download (?:our|the [\w ]{1,30} apps? (?:for|on) (?:ios|iphone|android))|"
    r"join our (?:newsletter|community|mailing|telegram|whatsapp|discord|slack|facebook)|"
    r"become a (?:member|subscriber|patron)|support(?:ing)? our (?:work|journalism|site)|"
    r"leave (?:a|your) comments? (?:below|here)|if you (?:enjoyed|liked) (?:this|reading)|like this story|"
    r"submit your (?:letter|story|comment|review|question)|buy me a coffee|"
    r"share (?:this (?:article|post|story)|it with)|"
    r"(?:site|website|webseite|seite|sitio|sito)\b.{0,30}\bcookies|"
    r"(?:unser(?:en|em)?|zum) newsletter|newsletter (?:abonnieren|anmelden|bestellen)|"
    r"jetzt (?:registrieren|abonnieren|anmelden)|folgen? (?:sie )?uns|abonnieren? (?:sie|unser)|"
    r"hinterlass(?:e|t|en)\b.{0,20}\b(?:kommentar|nachricht)|unterstütz(?:e|en sie) uns|"
    r"gefällt (?:dir|ihnen|euch) (?:unser|der|dieser)|(?:artikel|beitrag) gefallen|teilen sie (?:diesen|den)|"
    r"suscr[íi]b[ea](?:te|se)|s[íi]g(?:ue|ua)nos|[úu]nete|canal de (?:telegram|whatsapp|youtube)|nuestro bolet[íi]n|"
    r"inscreva-se|assine|siga-nos|nosso canal|abonnez-vous|inscrivez-vous|suivez-nous|créez votre compte|"
    r"pour lire la suite|iscriviti|seguici|schrijf je in|volg ons|zapisz się|subskrybuj|obserwuj nas"
)
_STAMPS = (
    r"updated?|published?|posted|modified|aktualisiert|änderung|stand|veröffentlicht|publiziert|erstellt|datum|date|"
    r"publié|publicado|actualizado|pubblicato|aggiornato"
)
_CATEGORIES = r"categor(?:y|ies)|kategorien?|schlagw[oö]rte?r?|catégories?|categor[íi]as?|categorie"
POINTER = re.compile(rf"^\W*(?:{_POINTERS})", re.I)
"""How a line begins that leads to other texts."""
CREDIT = re.compile(
    r"^\W*(?:[a-zäöü]*(?:fotos?|bild(?:er|nachweise?|quellen?)?)|photos?|images?(?: \w+)?|pictures?|credits?|"
    r"cr[ée]dit(?:o|i|s)?(?: photos?)?|quelle|source|copyright|©)\s*(?:[:/|©]|by\b).{0,80}$|^\W*©",
    re.I,
)
"""A line that only says whose a picture or a text is."""
CREDITED = re.compile(
    r"©|\(c\)|(?<![a-z])(?:fotos?|photos?|bild|cr[ée]dit[os]?|archiv[eo]?)\s*[:/]|/\s?(?:ap|epa|efe|apa)(?![a-z])|"
    r"(?<![a-z])(?:getty|reuters|afp|dpa|imago|keystone|unsplash|pixabay|shutterstock|adobe.?stock|istock|"
    r"picture.alliance)(?![a-z])",
    re.I,
)
"""What a caption says whose a picture is with."""
CALL = re.compile(rf"(?<!\w)(?:{_CALLS})(?!\w)", re.I)
"""What asks readers to do something beyond reading: to subscribe, to follow, to share, to give."""
RIGHTS = re.compile(
    r"^\W*©|©\s*(?:\d{4}|(?-i:[A-ZÄÖÜ]))|^\W*copyright\b|all rights reserved|"
    r"alle rechte vorbehalten|tous droits réservés|"
    r"tod[oa]s (?:los|os) d(?:erechos|ireitos) reservados|tutti i diritti riservati|copyrighted (?:property|material)|"
    r"impressum\b.{0,40}datenschutz|(?:inhalte|content|contenu)s? (?:auf |on |of |de |dieser |this |ce )+"
    r"(?:web)?(?:site|seite)",
    re.I,
)
"""Whose the texts of a site are."""
META_LINE = re.compile(
    r"^\W*loading\W*$|^\W*(?:this \w+ )?(?:requires?|please enable|bitte aktivieren sie) javascript\W*$|"
    r"^\W*(?:(?:bild|foto|galerie|video) (?:anzeigen|öffnen|vergrößern|schließen|starten)\W*)+$|"
    r"^\W*(?:view|open|enlarge|show|click to (?:view|enlarge)) (?:image|gallery|photos?|picture)\W*$|"
    r"^\W*slideshow \W*\d+ (?:images|photos)|"
    r"^\W*(?:order reprints|print (?:this )?(?:article|page)|imprimer|drucken)\W*$|"
    r"^\W*(?:anzeige|werbung|advertisement|advertorial|publicidad|publicidade|pubblicità|publicité|iklan)\W*"
    r"(?:[:,(|/–-]|$)|"
    r"affiliate.?links?|^\W*(?:last (?:modified|updated)|zuletzt (?:geändert|aktualisiert))|\blast modified:|"
    r"\d+\s*min(?:uten?|utes?|utos|uti)?\.?\s*(?:read|lesezeit|de lecture|de lectura|di lettura)|"
    r"^\W*(?:reading time|lesezeit|temps de lecture|tiempo de lectura|tempo d[ei] (?:leitura|lettura)|leestijd|"
    r"(?:ten tekst )?przeczytasz)\b|"
    r"(?:view|add|post|show) (?:a )?comments?$|^\W*\d+ (?:comments?|kommentare?|commentaires?|comentarios?)\W*$|"
    rf"(?:comments?|kommentare?)(?: \w+)?:\s*\d+\W*$|(?:^|[|•·])\W*(?:{_CATEGORIES})\s*:\s*\S|"
    r"^\W*(?:posted (?:in|by)|filed under|posté dans|publicado en)\b",
    re.I,
)
"""A short line about a text: advertising, the time to read it, its comments and categories."""
STAMP = re.compile(
    rf"^\W*(?:(?:last |letzte |zuletzt )?(?:{_STAMPS})\b.{{0,12}})?[\d\s.,:/|-]{{4,}}(?:uhr|h|am|pm)?\W*$|"
    rf"^\W*(?:{_STAMPS})\b[^.!?]{{0,40}}\b(?:19|20)\d\d\b[^.!?]*$",
    re.I,
)
"""A line that is only a date or a time."""
