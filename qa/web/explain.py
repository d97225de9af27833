"""How an answer was found: the question as understood, and the features of each passage."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import Answer
from qa.records import Passage, by_name
from qa.web.safe import safe
from qa.web.ui_strings import UiStrings, ui_strings


def explanation_html(answer: Answer) -> str:
    """A folded table with a row a passage, best first, and a column a feature."""
    if not answer.passages:
        return ""
    say = ui_strings(answer.language)
    understood = f"<p>{safe(say.as_understood)} <q>{safe(answer.question_as_understood)}</q></p>"
    chance = f"<p>{safe(say.chance.format(figure=f'{answer.confidence:.1%}'))}</p>"
    nearer = safe(say.nearer.format(generation=answer.generation))
    return (
        f'<details class="pq-explanation"><summary>{safe(say.how_found)}</summary>{understood}{chance}'
        f"{_table(answer.passages, say)}<p>{nearer}</p></details>"
    )


def _table(passages: Sequence[Passage], say: UiStrings) -> str:
    names = list(dict.fromkeys(name for passage in passages for name in by_name(passage.features)))
    head = "".join(f'<th scope="col">{safe(name.replace("_", " "))}</th>' for name in (say.passage, say.score, *names))
    rows = "".join(_row(passage, names) for passage in passages)
    return (
        f'<div class="pq-features" tabindex="0" role="region" aria-label="{safe(say.features)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(passage: Passage, names: Sequence[str]) -> str:
    heading = safe(" › ".join((passage.post.title, *passage.headings)))
    features = by_name(passage.features)
    values = [passage.score, *(features.get(name) for name in names)]
    cells = "".join(f"<td>{'' if value is None else f'{value:.2f}'}</td>" for value in values)
    return f'<tr><th scope="row">{heading}</th>{cells}</tr>'
