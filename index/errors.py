"""The one tree of errors: each names what was wrong, where, the value seen, and the remedy.

PostqaError
├── SettingsError
├── PluginError
├── SourceError
├── FetchError
├── CorpusError
├── EncoderError
│   └── EncoderUnsupported
├── ReaderError
├── IndexMissing
├── IndexCorrupt
├── IndexClosed
├── IndexUnwritten
├── IndexBusy
├── EncoderMismatch
├── QuestionError
├── WriterError
└── GoldError

Errors of one room alone are defined there: Overloaded and TooSlow (`qa.server.gate`), EvaluationError
(`qa.evaluation.results`), FeedbackError (`qa.evaluation.feedback`), JobBusy (`qa.jobs`), ReceiptBroken
(`qa.answering.receipt`) and UploadError (`qa.uploads`).
"""

from __future__ import annotations


class PostqaError(Exception):
    """Base of every error this project raises on purpose.

    Args:
        what: What was wrong, in one clause.
        where: The file, folder, setting or argument it was found in.
        seen: The value seen, when there is one to show.
        remedy: What the reader can do about it; the class's `default_remedy` unless given.
    """

    default_remedy = ""

    def __init__(self, what: str, *, where: object = None, seen: object = None, remedy: str = "") -> None:
        self.what = what
        self.where = "" if where is None else str(where)
        self.seen = "" if seen is None else _shortened(str(seen))
        self.remedy = remedy or self.default_remedy
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f" in {self.where}")
        if self.seen:
            parts.append(f" (seen: {self.seen})")
        text = "".join(parts)
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class SettingsError(PostqaError):
    """A setting has an unknown name or a value out of range."""


class PluginError(PostqaError):
    """A plug-in of another package cannot be imported, or does not give what its extension point asks for."""


class SourceError(PostqaError):
    """A document cannot be read; the build sets it aside and goes on."""


class FetchError(PostqaError):
    """An address may not be fetched, or does not answer as it should."""


class CorpusError(PostqaError):
    """There is nothing to index: a path is missing, or no post could be read from it."""


class EncoderError(PostqaError):
    """An encoder cannot be loaded, or its weights are not the ones expected."""


class EncoderUnsupported(EncoderError):
    """The fast encoder cannot read this model, or not on this machine; the float one may."""


class ReaderError(PostqaError):
    """The reader is not installed, or its files are not as published."""


class IndexMissing(PostqaError):
    """There is no index in the folder named."""


class IndexCorrupt(PostqaError):
    """A file of an index is missing, changed or of an unknown format."""

    default_remedy = "Build the index again: qa build."


class IndexClosed(PostqaError):
    """An index was closed before it was asked for something."""

    default_remedy = "Open it again."


class IndexUnwritten(PostqaError):
    """A build cannot write: the disk is full, or the folder is not its own. What was published stays."""


class IndexBusy(PostqaError):
    """Another build holds the index folder."""


class EncoderMismatch(PostqaError):
    """The index was built with another encoder than the one given."""


class QuestionError(PostqaError):
    """A question or its parameters cannot be used: empty, too long, or k below one."""


class WriterError(PostqaError):
    """A language model wrote nothing that can be shown; the quotes are shown instead."""


class GoldError(PostqaError):
    """A gold question set cannot be read."""


def _shortened(text: str, limit: int = 120) -> str:
    text = " ".join(text.split())  # an error is one line
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"
