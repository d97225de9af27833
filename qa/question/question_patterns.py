"""Words of questions and of values, language by language, as data.

English and Spanish have all of them; of texts in other languages only numbers are looked for (`qa.question.question_types`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class QuestionType(StrEnum):
    """What would answer a question."""

    NUMBER = "number"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    STEPS = "steps"
    MEMBERS = "members"
    NAME = "name"
    OTHER = "other"


@dataclass(frozen=True)
class QuestionPatterns:
    """One language's patterns.

    Attributes:
        questions: What asks for which kind; the first that matches decides, so the more specific stand above.
        asked_noun: Finds the `noun` of "which X …".
        no_noun: What stands in its place and says nothing of what is asked for.
        authorship: Asks after an author, `about_post` that of a post.
        numbers: Numbers in words.
        time, place, reason: Find a value of the kind.
    """

    questions: tuple[tuple[QuestionType, re.Pattern[str]], ...]
    asked_noun: re.Pattern[str]
    no_noun: frozenset[str]
    authorship: re.Pattern[str]
    about_post: re.Pattern[str]
    numbers: frozenset[str]
    time: re.Pattern[str]
    place: re.Pattern[str]
    reason: re.Pattern[str]


def _questions(*patterns: tuple[QuestionType, str]) -> tuple[tuple[QuestionType, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern, re.I)) for kind, pattern in patterns)


ENGLISH = QuestionPatterns(
    questions=_questions(
        (
            QuestionType.TIME,
            r"\bwhen\b|\b(?:what|which|in what|in which) (?:year|date|day|month|century|decade|season)\b",
        ),
        (
            QuestionType.NUMBER,
            r"\bhow (?:many|much|old|long|far|often|large|big|tall|high|fast|few|heavy|deep|wide|likely)\b"
            r"|\b(?:what|which) (?:percent\w*|share|number|fraction|rate|proportion|amount|age|price|score|size)\b"
            r"|\bwhat (?:is|was|were|are) the (?:\w+ )?(?:percent\w*|number|rate|size|cost|price|count|total|score)\b",
        ),
        (
            QuestionType.PERSON,
            r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:person|researcher|author|scientist|player|artist)\b",
        ),
        (
            QuestionType.PLACE,
            r"\bwhere\b|\b(?:what|which) (?:city|country|countries|place|state|town|beach|location|region|river)\b",
        ),
        (
            QuestionType.REASON,
            r"\bwhy\b|\bhow come\b|\bwhat (?:was |is |were |are )?(?:the )?(?:cause|reason|motivation|purpose)",
        ),
        (
            QuestionType.STEPS,
            r"\bhow (?:do|can|should|would|to|must)\b(?! \w+ (?:work|compare))|\bsteps\b",
        ),
        (
            QuestionType.MEMBERS,
            r"\b(?:list|name all|enumerate)\b|\b(?:what|which) (?:are|were) the (?:\w+ )?(?:\w+s)\b",
        ),
    ),
    asked_noun=re.compile(r"\b(?:which|what)\s+(?:kind of |sort of |type of )?(?P<noun>[^\W\d_]{3,})", re.I),
    no_noun=frozenset(
        """was were are did does has have had can could will would should might may the this that these those happens
        happened about makes made else exactly""".split()
    ),
    authorship=re.compile(
        r"\b(?:who|which (?:person|people|author|authors))\b.{0,20}\b(?:wrote|written|authored|posted|published|penned)\b"
        r"|\bauthors?\b.{0,30}\b(?:post|article|blog|piece|entry)\b|\b(?:written|posted) by whom\b"
        r"|\bwho (?:is|are|was|were) the (?:\w+ )?authors?\b",
        re.I,
    ),
    about_post=re.compile(r"\b(?:post|article|blog|piece|entry|story)\b", re.I),
    numbers=frozenset(
        """one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty
        sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion trillion dozen half third
        thirds quarter once twice both single double none zero percent""".split()
    ),
    time=re.compile(
        r"\b(?:1[0-9]{3}|20[0-9]{2})s?\b|\b(?:january|february|march|april|may|june|july|august|september|october|"
        r"november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|fall|winter|"
        r"century|centuries|decade|midnight|noon|today|yesterday|ago|q[1-4])\b"
        r"|\b\d{1,2}:\d\d\b|\b(?:years?|months?|weeks?|days?) (?:later|earlier|after|before)\b",
        re.I,
    ),
    place=re.compile(
        r"\b(?:in|at|near|from|to|of|on|across|along|off|through|outside|between|around|south|north|east|west)\s+(?:the\s+)?[A-ZÀ-Þ]"
        r"|\b(?:in|at|near|on|inside|outside|under|above|behind|beside)\s+(?:the|an?|each|every)\b"
    ),
    reason=re.compile(
        r"\b(?:because|since|due to|so that|reasons?|in order to|as a result|therefore|thus|caus(?:e|ed|es|ing)|led to|"
        r"allow(?:s|ed|ing)?|prevent\w*|owing to|which is why|"
        r"to (?:help|avoid|make|keep|reduce|increase|promote|protect|satisfy))\b",
        re.I,
    ),
)
SPANISH = QuestionPatterns(
    questions=_questions(
        (
            QuestionType.TIME,
            r"\bcu[áa]ndo\b|\bqu[ée] (?:año|fecha|d[íi]as?|mes|siglo|d[ée]cada|hora|horario|estaci[óo]n del año|temporada)\b",
        ),
        (
            QuestionType.NUMBER,
            r"\bcu[áa]nt[oa]s?\b|\bqu[ée] (?:porcentaje|n[úu]mero|cantidad|proporci[óo]n|tasa|edad|precio|tamaño|altura|"
            r"distancia|profundidad|potencia|superficie|velocidad)\b|\bcu[áa]l (?:es|era|fue|ser[áa]) (?:el|la) (?:\w+ )?"
            r"(?:porcentaje|n[úu]mero|cantidad|proporci[óo]n|tasa|edad|precio|coste|costo|tamaño|total|altura|cuota)\b",
        ),
        (
            QuestionType.PERSON,
            r"\b(?:qui[ée]n|qui[ée]nes)\b|\bqu[ée] (?:persona|autora?|investigadora?|cient[íi]fic[oa]|jugadora?|artista)\b",
        ),
        (
            QuestionType.PLACE,
            r"\b(?:a|de|en|por)? ?d[óo]nde\b|\badónde\b|\b(?:qu[ée]|cu[áa]l) (?:ciudad|pa[íi]s|lugar|sitio|estado|pueblo|"
            r"barrio|playa|isla|regi[óo]n|r[íi]o|calle|plaza)\b",
        ),
        (
            QuestionType.REASON,
            r"\bpor ?qu[ée]\b|\b(?:qu[ée]|cu[áa]l) (?:es |era |fue )?(?:la |el )?(?:causa|raz[óo]n|motivo|prop[óo]sito)\b"
            r"|\bpara qu[ée]\b",
        ),
        (
            QuestionType.STEPS,
            r"\bc[óo]mo (?:puedo|puede|podemos|se puede|debo|debe|se debe|hay que|tengo que|hago|se hace|\w+(?:ar|er|ir))\b"
            r"|\bpasos\b",
        ),
        (
            QuestionType.MEMBERS,
            r"\b(?:enumera|nombra|lista de)\b|\b(?:qu[ée]|cu[áa]les) (?:son|eran|fueron) (?:los|las) \w+s\b",
        ),
    ),
    asked_noun=re.compile(r"\b(?:qu[ée]|cu[áa]l(?:es)?)\s+(?:tipos? de |clases? de )?(?P<noun>[^\W\d_]{3,})", re.I),
    no_noun=frozenset(
        """fue fueron era eran son está están estaba estaban hace hacen hizo hicieron hacía tiene tienen tuvo había hubo
        puede pueden podía dice dicen dijo pasa pasó ocurre ocurrió sucede sucedió significa quiere usa usan utiliza
        los las una unos unas del ese esa esos esas este esta estos estas más debe deben hay ha han sería será""".split()
    ),
    authorship=re.compile(
        r"\bqui[ée]n(?:es)?\b.{0,20}\b(?:escribi|redact|public|firm)\w*|\bautor(?:a|es|as)?\b.{0,30}\b(?:entrada|art[íi]culo|"
        r"texto|post|cr[óo]nica)\b|\bqui[ée]n(?:es)? (?:es|son|fue|fueron|era) (?:el|la|los|las) (?:\w+ )?autor(?:a|es|as)?\b",
        re.I,
    ),
    about_post=re.compile(r"\b(?:entrada|art[íi]culo|texto|post|blog|cr[óo]nica|autor(?:a|es|as)?)\b", re.I),
    numbers=frozenset(
        """uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho
        diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos doscientos
        trescientos quinientos mil miles millon millones docena mitad tercio cuarto doble cero""".split()
    ),
    time=re.compile(
        r"\b(?:1[0-9]{3}|20[0-9]{2})\b|\b(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|"
        r"noviembre|diciembre|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bados?|domingos?|primavera|verano|otoño|"
        r"invierno|siglo|siglos|d[ée]cada|medianoche|mediod[íi]a|hoy|ayer)\b|\b\d{1,2}[:.]\d\d\b|\bhace (?:\w+ )?"
        r"(?:años?|meses|mes|semanas?|d[íi]as?)\b|\b(?:años?|mes|meses|semanas?|d[íi]as?) (?:despu[ée]s|antes|m[áa]s tarde)\b",
        re.I,
    ),
    place=re.compile(
        r"\b(?:en|a|al|desde|hasta|hacia|de|del|por|entre|sobre|cerca|norte|sur|este|oeste)\s+(?:de |del )?(?:(?:el|la|los|las)\s+)?"
        r"[A-ZÀ-Þ]|\b(?:en|desde|hacia|sobre|bajo|tras|junto a|cerca de|frente a|detr[áa]s de|dentro de)\s+(?:el|la|los|las|"
        r"una?|cada)\b|\b(?:junto al|cerca del|frente al|detr[áa]s del|dentro del)\b"
    ),
    reason=re.compile(
        r"\b(?:porque|ya que|puesto que|debido a|a causa de|por es[oa]|por ello|por lo que|para que|gracias a|de modo que|"
        r"as[íi] que|motivos?|raz[óo]n|razones|caus(?:a|as|ó|an|aron)|permit\w+|evita\w*|impid\w+|para (?:no )?\w+(?:ar|er|ir))\b",
        re.I,
    ),
)
PATTERNS = {"en": ENGLISH, "es": SPANISH}
