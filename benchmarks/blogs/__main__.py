"""Run every system over every corpus, and write what was measured into docs/quality.md and docs/performance.md.

Usage: python -m benchmarks.blogs [--python PEERS] [--encoder NAME]... [--reader off,fast,full] [--spanish]
                                  [--written FOLDER]... [--corpus NAME]... [--system PART]... [--most N]
                                  [--starts 5] [--again] [--render]

PEERS is an interpreter with the extra `peers`; systems that it cannot run are named and left out. They get the weights
and the chunks of the first encoder. Each system is measured in a process of its own, questions on one thread. What
was measured with the same questions is kept: a run that was stopped goes on, `--again` measures anew.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.blogs.corpora import XQUAD, Corpus, corpora
from benchmarks.blogs.corpus_run import CorpusRun, Setup
from benchmarks.blogs.page import peers_section, quality_section
from benchmarks.blogs.results import OURS, Results
from benchmarks.blogs.systems import SYSTEMS
from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, QUALITY, write_section
from benchmarks.written_questions import add_written_option
from index.settings import DEFAULT_ENCODER
from qa.settings import ReaderMode

_RESULTS = Path("benchmarks/results/blogs.json")


def setups(corpus: Corpus, encoders: Sequence[str], readers: Sequence[str]) -> Iterator[Setup]:
    """What is measured over a corpus; asked in another language, only the encoders, for nothing else reads it."""
    for encoder in encoders:
        for reader in [ReaderMode.OFF] if corpus.is_foreign else readers:
            yield Setup(OURS, encoder, reader)
    for system in SYSTEMS:
        if not corpus.is_foreign:
            yield Setup(system, encoders[0])


def measured(run: CorpusRun, results: Results, options: argparse.Namespace) -> Results:
    """What is missing of a corpus, kept after each system."""
    for setup in setups(run.corpus, options.encoder, options.reader.split(",")):
        is_chosen = any(part in setup.system for part in options.system)
        if not is_chosen or (results.has((run.corpus.name, *setup), run.corpus.sha256) and not options.again):
            continue
        cell = run.cell(setup)
        if cell is not None:
            results = results.added(cell)
            results.write(options.json)
            sys.stderr.write(f"{', '.join(filter(None, cell.key))}: {cell.median:.1f} ms\n")
    is_whole = run.corpus.name == XQUAD and options.system == [""]
    if is_whole and options.starts and (options.again or not results.starts):
        results = results.model_copy(update={"starts": run.starts(options.starts)})
        results.write(options.json)
    return results


def measured_corpora(options: argparse.Namespace) -> Results:
    """What is missing of all corpora that were chosen."""
    results = Results.read(options.json).model_copy(update={"machine": machine_facts()})
    with tempfile.TemporaryDirectory() as scratch:
        written, spanish, most = options.written, options.spanish, options.most
        for corpus in corpora(options.shared, Path(scratch), written=written, spanish=spanish, most=most):
            if not options.corpus or corpus.name in options.corpus:
                with tempfile.TemporaryDirectory() as folder:
                    run = CorpusRun(corpus, Path(folder), options.python, options.encoder[0])
                    results = measured(run, results, options)
    return results


def main() -> None:
    """Measure, print, and write the results and the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--python", default=sys.executable, help="an interpreter with the extra `peers`")
    parser.add_argument("--encoder", action="append", help=f"may be repeated; {DEFAULT_ENCODER} unless given")
    parser.add_argument("--reader", default="off,fast,full", help="how much this project's reader reads")
    add_written_option(parser)
    parser.add_argument("--spanish", action="store_true", help="ask XQuAD's English posts in Spanish too")
    parser.add_argument("--corpus", action="append", help="only these")
    parser.add_argument("--system", action="append", help="only those with this in their name")
    parser.add_argument("--most", type=int, help="questions of a corpus, a seeded sample")
    parser.add_argument("--starts", type=int, default=5, help="cold starts of each system over XQuAD")
    parser.add_argument("--again", action="store_true", help="also what was measured before")
    parser.add_argument("--render", action="store_true", help="only write the pages")
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--quality", type=Path, default=QUALITY)
    parser.add_argument("--performance", type=Path, default=PERFORMANCE)
    options = parser.parse_args()
    options.encoder, options.system = options.encoder or [DEFAULT_ENCODER], options.system or [""]
    results = Results.read(options.json) if options.render else measured_corpora(options)
    results.write(options.json)
    write_section(options.quality, "blogs", "Beside others, over every corpus", quality_section(results))
    write_section(options.performance, "peers", "Beside others", peers_section(results))
    print(quality_section(results), peers_section(results), sep="\n\n")


if __name__ == "__main__":
    main()
