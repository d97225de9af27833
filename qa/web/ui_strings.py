"""What the page says around an answer and its sources, in the question's language: English, Spanish, else English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lines:
    """One language's lines; what stands around an answer's own text is in `qa.messages`.

    Attributes:
        chance: With a place for the `figure`.
        nearer: With a place for the `generation`.
    """

    go_on: str
    copy: str
    again: str
    edit: str
    helpful: str
    not_helpful: str
    sources: str
    earlier: str
    no_post: str
    back: str
    read: str
    open_there: str
    others: str
    found: str
    how_found: str
    as_understood: str
    chance: str
    passage: str
    score: str
    signals: str
    nearer: str


ENGLISH = Lines(
    go_on="Go on with",
    copy="Copy with sources",
    again="Ask again",
    edit="Edit",
    helpful="Helpful",
    not_helpful="Not helpful",
    sources="Sources",
    earlier="Earlier questions",
    no_post="No post answers this question.",
    back="Back to the answer",
    read="Read in the post",
    open_there="Open at this sentence",
    others="Other passages found",
    found="Passages found",
    how_found="How I found this",
    as_understood="Question as understood:",
    chance="Chance that the posts answer it, and that the first quote says so: {figure}",
    passage="passage",
    score="score",
    signals="Signals of each passage",
    nearer="Scores and signals are higher for what is nearer. Index generation {generation}.",
)
SPANISH = Lines(
    go_on="Seguir con",
    copy="Copiar con fuentes",
    again="Preguntar de nuevo",
    edit="Editar",
    helpful="Útil",
    not_helpful="No es útil",
    sources="Fuentes",
    earlier="Preguntas anteriores",
    no_post="Ninguna publicación responde a esta pregunta.",
    back="Volver a la respuesta",
    read="Leer en la publicación",
    open_there="Abrir en esta frase",
    others="Otros pasajes encontrados",
    found="Pasajes encontrados",
    how_found="Cómo lo he encontrado",
    as_understood="Pregunta entendida como:",
    chance="Probabilidad de que las publicaciones respondan y de que la primera cita lo diga: {figure}",
    passage="pasaje",
    score="puntuación",
    signals="Señales de cada pasaje",
    nearer="Puntuaciones y señales son más altas cuanto más cerca. Generación {generation} del índice.",
)
_LINES = {"en": ENGLISH, "es": SPANISH}


def lines_in(language: str) -> Lines:
    """The lines in a language; English ones for a language without lines of its own."""
    return _LINES.get(language, ENGLISH)
