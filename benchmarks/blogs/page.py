"""What was measured, as Markdown."""

from __future__ import annotations

from itertools import groupby
from statistics import fmean, median

from benchmarks.blogs.corpora import SPANISH, XQUAD
from benchmarks.blogs.results import OURS, Cell, Interval, Results, difference, label, mean_of
from benchmarks.blogs.systems import CROSS_ENCODER, PLAIN, RERANKED
from benchmarks.page import markdown
from qa.settings import ReaderMode

_COMMAND = "`python -m benchmarks.blogs --encoder all-MiniLM-L6-v2 --encoder multilingual --spanish`"
_MEASURES = (
    "passage@1", "passage@3", "passage@8", "encoder's sentence@1", "encoder's sentence@3",
    "sentence@1", "sentence@3", "quote@1", "quote@3", "shown",
)  # fmt: skip
_IN_SHORT = ("passage@1", "passage@8", "sentence@1", "sentence@3", "quote@1", "quote@3", "shown")
_COMPARED = (
    ("passage@1", "passage@1"),
    ("passage@8", "passage@8"),
    ("sentence@1", "encoder's sentence@1"),
    ("sentence@3", "encoder's sentence@3"),
)
"""Measures of this project's, and of another system's beside each."""

_ABOUT = f"""\
Measured by {_COMMAND}, with `--written FOLDER` for the held-out blogs, on the answerable questions of each corpus; of
the large ones on a seeded sample of 300. Every system gets the same chunks, each behind its title and headings, and the
same weights. Questions are asked one after the other on one thread, each system in a process of its own.

- **passage@k**: a chunk among the first k holds a gold quote or, where the gold has none, a gold answer.
- **encoder's sentence@k**: of all sentences of the first 8 passages the k nearest to the question by the encoder, the
  same choice for every system. Headings and questions are left out.
- **sentence@k**: what postqa chooses, shown or held back: of each quote the sentence that answers, then the best-ranked
  others.
- **quote@k**: its whole quotes, as far as they are shown: a refusal is a miss. **shown**: not refused.
- **ms**: median of a whole question; of the other systems only the ranking of passages is timed.

Shares are given ± half the width of their 95 % Wilson intervals. "+ reader" is another system's hybrid search whose
first {RERANKED} passages this project's reader reranks, through that system's own interface. There was no trained
cross-encoder at hand for "{CROSS_ENCODER}": its time is what sentence-transformers'
CrossEncoder takes for {RERANKED} passages with the weights of all-MiniLM-L6-v2, which has the size of the usual ones;
its ranking is by this project's reader."""

_AGAINST = """\
postqa with its fast reader. Differences are paired by question, with 95 % bootstrap intervals; postqa's own sentences
are compared with the encoder's sentences of the pair's passages."""

_ENCODERS = """\
Means over the corpora, each with the same weight, with 95 % bootstrap intervals; **passages/s** is the whole build on
all cores. The last columns are Spanish questions over XQuAD's English posts, without the reader: it reads English."""


def quality_section(results: Results) -> str:
    """Every system over every corpus, this project against the reranked pair, and the encoders."""
    against = _against(results)
    parts = [_ABOUT, _every_cell(results)]
    if len(against) > 1:
        parts += [f"### Against {CROSS_ENCODER}", _AGAINST, markdown(against)]
    return "\n\n".join([*parts, "### Encoders and reader", _ENCODERS, markdown(_encoders(results))])


def _every_cell(results: Results) -> str:
    rows = [["corpus (questions)", "system", *_MEASURES, "ms"]]
    for corpus, cells in groupby(_ordered(results), key=lambda cell: cell.corpus):
        for cell in cells:
            shares = [_with_half_width(cell.share(measure)) for measure in _MEASURES]
            rows.append([f"{corpus} ({cell.questions})", cell.label, *shares, f"{cell.median:.1f}"])
    return markdown(rows)


def _ordered(results: Results) -> list[Cell]:
    """Corpora in the order they were measured in, and of each this project first."""
    corpora = list(dict.fromkeys(cell.corpus for cell in results.cells))
    return sorted(results.cells, key=lambda cell: (corpora.index(cell.corpus), cell.system != OURS))


def _with_half_width(share: Interval | None) -> str:
    return "–" if share is None else f"{share.value:.2f} ± {(share.high - share.low) / 2:.2f}"


def _against(results: Results) -> list[list[str]]:
    """How much faster and better this project is than the plain pair with a cross-encoder, corpus by corpus."""
    rows = [["corpus", "times faster", *(measure for measure, _ in _COMPARED)]]
    own = {cell.key: cell for cell in results.cells}
    for theirs in results.cells:
        ours = own.get((theirs.corpus, OURS, theirs.encoder, ReaderMode.FAST))
        if theirs.system == CROSS_ENCODER and ours and ours.gold == theirs.gold:
            pairs = [(ours.outcomes(measure), theirs.outcomes(other)) for measure, other in _COMPARED]
            gains = [_signed(difference(*pair)) for pair in pairs]
            rows.append([theirs.corpus, f"{theirs.median / ours.median:.1f}", *gains])
    return rows


def _signed(gain: Interval) -> str:
    return f"{gain.value:+.2f} [{gain.low:+.2f}, {gain.high:+.2f}]"


def _encoders(results: Results) -> list[list[str]]:
    rows = [["", "corpora", *_IN_SHORT, "ms", "passages/s", "Spanish: recall@1", "Spanish: answered"]]
    ours = [cell for cell in results.cells if cell.system == OURS]
    for encoder, reader in dict.fromkeys((cell.encoder, cell.reader) for cell in ours):
        of_both = [cell for cell in ours if (cell.encoder, cell.reader) == (encoder, reader)]
        cells = [cell for cell in of_both if cell.corpus != SPANISH]
        foreign = next((one for one in ours if (one.corpus, one.encoder) == (SPANISH, encoder)), None)
        if cells:
            shares = [str(mean_of(cells, measure)) for measure in _IN_SHORT]
            speed = sum(cell.passages for cell in cells) / sum(cell.seconds for cell in cells)
            times = [f"{fmean(cell.median for cell in cells):.1f}", f"{speed:.0f}"]
            spanish = [str(foreign.share(measure)) if foreign else "–" for measure in ("post@1", "shown")]
            rows.append([f"{encoder}, reader {reader}", str(len(cells)), *shares, *times, *spanish])
    return rows


def peers_section(results: Results) -> str:
    """Speed and memory over XQuAD."""
    machine, starts = results.machine, max(map(len, results.starts.values()), default=0)
    about = f"""\
Measured by {_COMMAND} on {machine.get("cores")} cores of {machine.get("processor")}: XQuAD-en, the same weights and
chunks, questions on one thread, the median of {starts} cold starts, the systems in turn. This project makes the whole
answer, with sentences, quotes and the decision to refuse, and its start is the command `qa ask`; others retrieve."""
    rows = [["", "cold start to answer, s", "passages/s", "question median, ms", "p95, ms", "peak memory, MB"]]
    for cell in _ordered(results):
        if cell.corpus == XQUAD:
            seconds = results.starts.get(cell.label)
            start = f"{median(seconds):.3g}" if seconds else "–"
            numbers = (cell.passages / cell.seconds, cell.median, cell.p95, cell.megabytes)
            rows.append([cell.label, start, *(f"{number:.3g}" for number in numbers)])
    return "\n\n".join([about, markdown(rows), *_start_ratios(results), ""])


def _start_ratios(results: Results) -> list[str]:
    """How many times longer the plain pair takes from nothing to an answer than this project with its reader."""
    encoders = {cell.encoder for cell in results.cells}
    own = (results.starts.get(label(OURS, encoder, ReaderMode.FAST)) for encoder in encoders)
    ours = next(filter(None, own), None)
    others = {name: results.starts[name] for name in (PLAIN, CROSS_ENCODER) if ours and name in results.starts}
    return [
        f"From nothing to an answer, {name} takes {median(seconds) / median(ours):.1f} times as long as postqa with "
        "its fast reader."
        for name, seconds in others.items()
        if ours
    ]
