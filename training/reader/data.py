"""What a run trains on and what it is measured on: all shelves of a folder, joined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from training.reader.measure import figures, read_questions, sample
from training.reader.model import ReaderModel
from training.reader.run import Recipe, read
from training.reader.shelf import Question, Shelf, StoredPassage
from training.reader.sources import source_of
from training.reader.tokens import Tokens


@dataclass(frozen=True)
class Data:
    """All shelves, joined; `weights` are those of the training questions, in their order."""

    training: list[Question]
    weights: list[float]
    held_out: dict[str, list[Question]]
    passages: dict[str, StoredPassage]

    def chosen(self, recipe: Recipe) -> Data:
        """The same with the training questions of a recipe."""
        pairs = [
            (question, weight)
            for question, weight in zip(self.training, self.weights, strict=True)
            if source_of(question.source).origin not in recipe.without and (recipe.near_misses or question.gold)
        ]
        training, weights = [question for question, _ in pairs], [weight for _, weight in pairs]
        return Data(training, weights, self.held_out, self.passages)

    def training_texts(self) -> list[str]:
        """Every text that training may read: the questions, and titles and units of their passages."""
        texts: set[str] = set()
        for question in self.training:
            texts.add(question.question)
            for key in question.passage_keys():
                texts.update((self.passages[key].context, *(unit.text for unit in self.passages[key].units)))
        return sorted(texts)

    def shares(self) -> dict[str, float]:
        """The share of each origin of questions in what is drawn."""
        totals: Counter[str] = Counter()
        for question, weight in zip(self.training, self.weights, strict=True):
            totals[source_of(question.source).origin.value] += weight  # type: ignore[assignment]
        return {name: round(total / sum(totals.values()), 3) for name, total in totals.items()}


def load_data(folder: Path, held_out: frozenset[str] = frozenset()) -> Data:
    """Join the shelves of a folder; a passage's key is then its shelf's name and its own."""
    data = Data([], [], {}, {})
    for place in sorted(path.parent for path in folder.glob("*/done")):
        shelf = Shelf.load(place)
        data.passages.update({f"{place.name}/{key}": passage for key, passage in shelf.passages.items()})
        for question in shelf.questions:
            source = source_of(question.source, held_out=held_out)
            named = question.under(place.name)
            if place.name.startswith("held_out"):
                data.held_out.setdefault(source.name, []).append(named)
            else:
                data.training.append(named)
                data.weights.append(source.weight)
    return data


def evaluate(model: ReaderModel, data: Data, tokens: Tokens, count: int) -> dict[str, dict[str, float]]:
    """Figures of each held-out source, over so many of its questions."""
    return {
        name: figures(
            read_questions(sample(questions, count), data.passages, tokens, lambda inputs: read(model, inputs))
        )
        for name, questions in data.held_out.items()
    }
