"""Adding questions to a gold file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

from qa.evaluation.gold import GoldQuestion, read_gold


@contextmanager
def appending_gold(path: Path) -> Iterator[Callable[[GoldQuestion], None]]:
    """Append questions, each written at once; one whose id the file has already gets another.

    Raises:
        GoldError: The file holds something else than gold questions.
    """
    is_new = not path.exists() or not path.stat().st_size
    ids = set() if is_new else {question.id for question in read_gold(path).questions}
    with path.open("a", encoding="utf-8") as file:

        def append(question: GoldQuestion) -> None:
            candidates = chain([question.id], (f"{question.id}-{number}" for number in count(2)))
            unused = next(name for name in candidates if name not in ids)
            ids.add(unused)
            file.write(f"{to_gold_line(question.model_copy(update={'id': unused}))}\n")
            file.flush()

        yield append


def to_gold_line(question: GoldQuestion) -> str:
    """A question as a line of JSON, without its end, that `read_gold` reads back as it was."""
    values = question.model_dump(mode="json", exclude={"grades", "gold"})
    return json.dumps({key: value for key, value in values.items() if value != []}, ensure_ascii=False)
