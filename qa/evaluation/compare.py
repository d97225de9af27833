"""Two evaluations of the same questions: what changed, and whether chance would change as much."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Column, Table

from index.records import Record
from qa.answer import Level
from qa.evaluation.metrics import fewest_losses, mean, paired_randomisation
from qa.evaluation.results import HEADLINES, Evaluation, EvaluationError, Row
from qa.evaluation.tables import WIDTH, from_json, plain_text, text_table

CONTRAST_HEAD = ("measure", "old", "new", "difference", "p", "won", "lost", "same", "least loss")
ALPHA = 0.05
"""The level below which a loss counts; each measure is tested by itself, uncorrected for their number."""

LEAST_LOST = fewest_losses(ALPHA)
LEGEND = (
    f"least loss: the smallest that could count, {LEAST_LOST} questions lost and none won; with fewer than "
    f"{LEAST_LOST} questions none can, and every question won raises it. No significant loss is no proof of none."
)
REFUSALS: dict[str, Callable[[Row], bool | None]] = {
    "refused when unanswerable": lambda row: None if row.answerable else row.refused,
    "no answer when unanswerable": lambda row: None if row.answerable else row.level is not Level.ANSWER,
    "shown when answerable": lambda row: row.answered if row.answerable else None,
    "answer when answerable": lambda row: row.level is Level.ANSWER if row.answerable else None,
}
"""What a question is worth for refusals; None where it says nothing of them. Shown: as an answer or as the nearest."""


class Contrast(Record):
    """A measure before and after, paired by question.

    Attributes:
        difference: New mean minus old mean.
        p: Two-sided, by paired randomisation.
        wins, losses, ties: Questions whose value rose, fell, stayed.
    """

    measure: str
    old: float
    new: float
    difference: float
    p: float
    wins: int
    losses: int
    ties: int

    @property
    def least_loss(self) -> float | None:
        """The smallest loss of the mean that these questions could have shown to be more than chance."""
        asked = self.wins + self.losses + self.ties
        return LEAST_LOST / asked if asked >= LEAST_LOST else None

    @property
    def significant_loss(self) -> bool:
        """Whether the mean fell, and further than chance explains."""
        return self.difference < 0 and self.p < ALPHA

    @property
    def cells(self) -> tuple[str, ...]:
        """A row of a table below `CONTRAST_HEAD`."""
        name = f"{self.measure} ⬇" if self.significant_loss else self.measure
        means = f"{self.old:.3f}", f"{self.new:.3f}", f"{self.difference:+.3f}", f"{self.p:.4f}"
        least = "none" if self.least_loss is None else f"{-self.least_loss:.3f}"
        return name, *means, str(self.wins), str(self.losses), str(self.ties), least


class Change(Record):
    """A question whose headline measures moved, or that is shown otherwise.

    Attributes:
        moved: Old and new value by measure, only what differs.
        levels: How it was and is shown.
    """

    id: str
    question: str
    moved: dict[str, tuple[float, float]]
    levels: tuple[Level, Level]
    old_answer: str
    new_answer: str

    @property
    def moved_text(self) -> str:
        """What moved, as `quote@1 1 → 0`."""
        moves = [f"{name} {old:.3g} → {new:.3g}" for name, (old, new) in self.moved.items()]
        old, new = self.levels
        return ", ".join(moves if old is new else [*moves, f"{old} → {new}"])

    @property
    def lost(self) -> bool:
        """Whether any headline measure fell."""
        return any(new < old for old, new in self.moved.values())


class Comparison(Record):
    """What changed between two evaluations.

    Attributes:
        contrasts: One per measure that both have.
        changes: In the order of the questions.
        old_setup, new_setup: What was asked: generation, encoder, reader and calibration.
        changed_setup: Old and new value of each part of the fingerprints that differs; None where it is not stated.
        same_gold: Whether both read the very same file; else what counts as right may have changed.
    """

    old_gold: str
    new_gold: str
    old_setup: str
    new_setup: str
    changed_setup: dict[str, tuple[str | None, str | None]]
    same_gold: bool
    contrasts: tuple[Contrast, ...]
    changes: tuple[Change, ...]

    @property
    def lost(self) -> tuple[Change, ...]:
        """Questions of which any headline measure fell."""
        return tuple(change for change in self.changes if change.lost)

    @property
    def won(self) -> tuple[Change, ...]:
        """Questions of which a headline measure rose and none fell."""
        return tuple(change for change in self.changes if change.moved and not change.lost)

    @property
    def otherwise(self) -> tuple[Change, ...]:
        """Questions that are as right as before and shown otherwise."""
        return tuple(change for change in self.changes if not change.moved)

    @property
    def lists(self) -> dict[str, tuple[Change, ...]]:
        """The questions that changed, by how."""
        return {"Lost": self.lost, "Won": self.won, "Shown otherwise": self.otherwise}

    @property
    def significant_loss(self) -> bool:
        """Whether any headline measure, or one of refusals, fell further than chance explains."""
        judged = {*HEADLINES, *REFUSALS}
        return any(each.significant_loss for each in self.contrasts if each.measure in judged)

    @property
    def verdict(self) -> str:
        """The outcome in words."""
        return f"{'A' if self.significant_loss else 'No'} significant loss on a headline measure or on refusals"


def compare(old: Mapping[str, Any], new: Evaluation, *, where: object = None) -> Comparison:
    """Compare a new evaluation with a stored one, question by question.

    Args:
        old: What `qa.evaluation.tables.to_json` gave earlier.
        new: The new evaluation.
        where: The file of the old one, for the errors' text.

    Raises:
        EvaluationError: `old` cannot be read, or is of other questions.
    """
    earlier = from_json(old, where=where)
    pairs = _paired(earlier, new)
    names = [name for name in new.overall.measures if name in earlier.overall.measures]
    pairs_of = [(name, _measured(name, pairs)) for name in names]
    pairs_of += [(name, _refusals(worth, pairs)) for name, worth in REFUSALS.items()]
    return Comparison(
        old_gold=earlier.gold,
        new_gold=new.gold,
        old_setup=earlier.setup,
        new_setup=new.setup,
        changed_setup=_changed(earlier, new),
        same_gold=earlier.sha256 == new.sha256,
        contrasts=tuple(_contrast(name, values) for name, values in pairs_of if values),
        changes=tuple(_changes(pairs)),
    )


def comparison_table(comparison: Comparison) -> str:
    """The comparison as plain text: the measures, then the questions lost and won with both answers."""
    parts = [
        f"old: {comparison.old_gold}, {comparison.old_setup}",
        f"new: {comparison.new_gold}, {comparison.new_setup}",
    ]
    for name, (old, new) in comparison.changed_setup.items():
        parts.append(f"changed: {name}: {old or 'not stated'} → {new or 'not stated'}")
    if not comparison.changed_setup:
        parts.append("changed: nothing that the runs state")
    if not comparison.same_gold:
        parts.append("The two gold files differ: what counts as right may have changed with them.")
    parts.append(text_table(CONTRAST_HEAD, [contrast.cells for contrast in comparison.contrasts]))
    parts.append(textwrap.fill(LEGEND, WIDTH))
    for title, changes in comparison.lists.items():
        if changes:
            parts += [f"{title}: {len(changes)}", plain_text(_answers(changes))]
    return "\n".join([*parts, f"{comparison.verdict} (p < {ALPHA})."]) + "\n"


def _paired(old: Evaluation, new: Evaluation) -> list[tuple[Row, Row]]:
    before, after = ({(row.gold, row.id, row.question): row for row in evaluation.rows} for evaluation in (old, new))
    if before.keys() != after.keys():
        apart = sorted(before.keys() ^ after.keys())
        _, identifier, text = apart[0]
        raise EvaluationError(
            f"the evaluations are of different questions: {old.gold} ({len(before)})"
            f" and {new.gold} ({len(after)}), {len(apart)} not in both",
            where=f"question {identifier}",
            seen=text,
            remedy="Compare evaluations of the same gold set.",
        )
    return [(before[key], row) for key, row in after.items()]


def _changed(old: Evaluation, new: Evaluation) -> dict[str, tuple[str | None, str | None]]:
    before, after = old.stated, new.stated
    pairs = {name: (before.get(name), after.get(name)) for name in {**before, **after}}
    return {name: (was, now) for name, (was, now) in pairs.items() if was != now}


def _measured(name: str, pairs: Sequence[tuple[Row, Row]]) -> list[tuple[float, float]]:
    both = [(old.measures, new.measures) for old, new in pairs]
    return [(old[name], new[name]) for old, new in both if name in old and name in new]


def _refusals(worth: Callable[[Row], bool | None], pairs: Sequence[tuple[Row, Row]]) -> list[tuple[float, float]]:
    both = [(worth(old), worth(new)) for old, new in pairs]
    return [(float(old), float(new)) for old, new in both if old is not None and new is not None]


def _contrast(name: str, values: Sequence[tuple[float, float]]) -> Contrast:
    differences = [new - old for old, new in values]
    return Contrast(
        measure=name,
        old=mean([old for old, _ in values]),
        new=mean([new for _, new in values]),
        difference=mean(differences),
        p=paired_randomisation(differences),
        wins=sum(difference > 0 for difference in differences),
        losses=sum(difference < 0 for difference in differences),
        ties=differences.count(0),
    )


def _changes(pairs: Sequence[tuple[Row, Row]]) -> Iterator[Change]:
    for old, new in pairs:
        both = [name for name in HEADLINES if name in old.measures and name in new.measures]
        moved = {name: (old.measures[name], new.measures[name]) for name in both}
        moved = {name: values for name, values in moved.items() if values[0] != values[1]}
        if moved or old.level is not new.level:
            yield Change(
                id=new.id,
                question=new.question,
                moved=moved,
                levels=(old.level, new.level),
                old_answer=old.answer,
                new_answer=new.answer,
            )


def _answers(changes: Sequence[Change]) -> Table:
    table = Table(*(Column(name, ratio=1) for name in ("question", "old answer", "new answer")), show_lines=True)
    for change in changes:
        question = f"{change.id}: {change.question}\n{change.moved_text}"
        # Rich would read "[1]" and the like in posts as markup.
        table.add_row(*map(escape, (question, change.old_answer, change.new_answer)))
    return table
