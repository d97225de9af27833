"""What each figure of an evaluation is, as a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

FORMULAS = {
    "post recall@k": "posts that answer among the first k posts / posts that answer, mean over answerable questions",
    "post MRR@k": "1 / rank of the first post that answers, 0 beyond k, mean over answerable questions",
    "post nDCG@k": "DCG of the first k posts / DCG of the ideal order, mean over answerable questions; "
    "DCG = Σ gain / log2(rank + 1)",
    "passage recall@k": "answerable questions with a passage that holds the answer among the first k / answerable ones",
    "passage MRR@k": "1 / rank of the first passage that holds the answer, 0 beyond k, mean over answerable questions",
    "passage nDCG@k": "1 / log2(rank + 1) of that passage, 0 beyond k, mean over answerable questions",
    "quote@k": "questions with a right quote among the first k / answerable questions with gold quotes; right: the "
    "quote and a gold quote share half of the characters of the shorter. Where fewer than k are quoted, as by a "
    "refusal, the best sentence of each passage in turn fills up",
    "answer@k": "the same where the gold has answers and no quotes; right: the quote holds a gold answer",
    "sentence@k": "the same of single sentences: the one that answers in each quote, then the best-ranked others",
    "answer hit": "answers whose text holds a gold answer / answerable questions with gold answers",
    "decision": "(answerable and shown + unanswerable and refused) / questions; shown: as an answer or as the nearest",
    "refusals: precision": "unanswerable and refused / refused",
    "refusals: recall (refused when unanswerable)": "unanswerable and refused / unanswerable",
    "answered when answerable": "answerable and shown, as an answer or as the nearest / answerable",
    "shown as answer: right": "shown as an answer, answerable, and the first quote right / shown as an answer",
    "shown as answer when answerable": "answerable and shown as an answer / answerable",
    "shown as answer when unanswerable": "unanswerable and shown as an answer / unanswerable",
    "AUROC of confidence": "P(confidence of an answerable question > that of an unanswerable one), a tie counting 1/2",
    "expected calibration error (10 equal widths)": "Σ over bins of confidence: share of the questions in the bin · "
    "|share right − mean confidence|; right: answerable, and the first quote right",
    "expected calibration error (10 equal sizes)": "the same over bins of equal size",
    "Brier": "mean of (confidence − right)², right being 1 or 0",
    "refused when unanswerable": "unanswerable and refused / unanswerable",
    "no answer when unanswerable": "unanswerable and not shown as an answer / unanswerable",
    "shown when answerable": "answerable and shown, as an answer or as the nearest / answerable",
    "answer when answerable": "answerable and shown as an answer / answerable",
    "p": "share of the 2^n ways to give the n differences that are not 0 their signs whose sum is as far from 0 as the "
    "one observed; of more than 13 differences 10,000 ways are drawn",
    "area under risk-coverage": "mean over n = 1 … N of the share not right among the n most confident questions",
}


def formulas(names: Iterable[str]) -> dict[str, str]:
    """The formulas of figures, by the names they are shown under; `quote@1` and `quote@3` have one, of `quote@k`."""
    return {name: FORMULAS[name] for name in dict.fromkeys(re.sub(r"@\d+$", "@k", name) for name in names)}
