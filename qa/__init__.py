"""Question in, cited answer out.

>>> from qa import ask
>>> answer = ask("Who founded Sightbit?", index="my-index")    # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

from index import errors
from index.errors import *  # noqa: F403  # the whole tree, which imports nothing else

if TYPE_CHECKING:
    from index.filters import Filters as Filters
    from qa.answer import Answer as Answer
    from qa.answer import Level as Level
    from qa.answering.receipt import ReceiptBroken as ReceiptBroken
    from qa.api import ask as ask
    from qa.api import search as search
    from qa.assistant import Assistant as Assistant
    from qa.evaluation.feedback import FeedbackError as FeedbackError
    from qa.evaluation.results import EvaluationError as EvaluationError
    from qa.jobs import JobBusy as JobBusy
    from qa.records import Citation as Citation
    from qa.records import Evidence as Evidence
    from qa.records import Passage as Passage
    from qa.records import Statement as Statement
    from qa.settings import AskSettings as AskSettings
    from qa.survey.records import Survey as Survey
    from qa.uploads import UploadError as UploadError

    __version__: str

_MODULES = {
    "Answer": "qa.answer",
    "AskSettings": "qa.settings",
    "Assistant": "qa.assistant",
    "Citation": "qa.records",
    "EvaluationError": "qa.evaluation.results",
    "Evidence": "qa.records",
    "FeedbackError": "qa.evaluation.feedback",
    "Filters": "index.filters",
    "JobBusy": "qa.jobs",
    "Level": "qa.answer",
    "Passage": "qa.records",
    "ReceiptBroken": "qa.answering.receipt",
    "Statement": "qa.records",
    "Survey": "qa.survey.records",
    "UploadError": "qa.uploads",
    "ask": "qa.api",
    "search": "qa.api",
}
__all__ = [*_MODULES, *(name for name, value in vars(errors).items() if isinstance(value, type))]  # noqa: PLE0604


def __getattr__(name: str) -> object:
    """Load a name when it is asked for (PEP 562): completing a command line must not wait for numpy."""
    if name == "__version__":
        value: object = import_module("importlib.metadata").version("postqa")
    elif name in _MODULES:
        value = getattr(import_module(_MODULES[name]), name)
    else:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, "__version__"})
