"""Two evaluations of the same questions: what changed, and whether chance would change as much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Column, Table

from index.records import Record
from qa.evaluation.metrics import mean, paired_randomisation
from qa.evaluation.results import HEADLINES, Evaluation, EvaluationError, Row
from qa.evaluation.tables import from_json, plain_text, text_table

CONTRAST_HEAD = ("measure", "old", "new", "difference", "p", "won", "lost", "same")
ALPHA = 0.05
"""The level below which a loss counts; each measure is tested by itself, uncorrected for their number."""


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
    def significant_loss(self) -> bool:
        """Whether the mean fell, and further than chance explains."""
        return self.difference < 0 and self.p < ALPHA

    @property
    def cells(self) -> tuple[str, ...]:
        """A row of a table below `CONTRAST_HEAD`."""
        name = f"{self.measure} ⬇" if self.significant_loss else self.measure
        means = f"{self.old:.3f}", f"{self.new:.3f}", f"{self.difference:+.3f}", f"{self.p:.4f}"
        return name, *means, str(self.wins), str(self.losses), str(self.ties)


class Change(Record):
    """A question whose headline measures moved.

    Attributes:
        moved: Old and new value by measure, only what differs.
    """

    id: str
    question: str
    moved: dict[str, tuple[float, float]]
    old_answer: str
    new_answer: str

    @property
    def moved_text(self) -> str:
        """What moved, as `quote@1 1 → 0`."""
        return ", ".join(f"{name} {old:.3g} → {new:.3g}" for name, (old, new) in self.moved.items())

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
        same_gold: Whether both read the very same file; else what counts as right may have changed.
    """

    old_gold: str
    new_gold: str
    old_setup: str
    new_setup: str
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
        return tuple(change for change in self.changes if not change.lost)

    @property
    def significant_loss(self) -> bool:
        """Whether any headline measure fell further than chance explains."""
        return any(each.significant_loss for each in self.contrasts if each.measure in HEADLINES)

    @property
    def verdict(self) -> str:
        """The outcome in words."""
        return f"{'A' if self.significant_loss else 'No'} significant loss on a headline measure"


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
    return Comparison(
        old_gold=earlier.gold,
        new_gold=new.gold,
        old_setup=earlier.setup,
        new_setup=new.setup,
        same_gold=earlier.sha256 == new.sha256,
        contrasts=tuple(_contrast(name, pairs) for name in names),
        changes=tuple(_changes(pairs)),
    )


def comparison_table(comparison: Comparison) -> str:
    """The comparison as plain text: the measures, then the questions lost and won with both answers."""
    parts = [
        f"old: {comparison.old_gold}, {comparison.old_setup}",
        f"new: {comparison.new_gold}, {comparison.new_setup}",
    ]
    if not comparison.same_gold:
        parts.append("The two gold files differ: what counts as right may have changed with them.")
    parts.append(text_table(CONTRAST_HEAD, [contrast.cells for contrast in comparison.contrasts]))
    for title, changes in (("Lost", comparison.lost), ("Won", comparison.won)):
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


def _contrast(name: str, pairs: Sequence[tuple[Row, Row]]) -> Contrast:
    values = [
        (old.measures[name], new.measures[name]) for old, new in pairs if name in old.measures and name in new.measures
    ]
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
        if moved:
            yield Change(id=new.id, question=new.question, moved=moved, old_answer=old.answer, new_answer=new.answer)


def _answers(changes: Sequence[Change]) -> Table:
    table = Table(*(Column(name, ratio=1) for name in ("question", "old answer", "new answer")), show_lines=True)
    for change in changes:
        question = f"{change.id}: {change.question}\n{change.moved_text}"
        # Rich would read "[1]" and the like in posts as markup.
        table.add_row(*map(escape, (question, change.old_answer, change.new_answer)))
    return table
