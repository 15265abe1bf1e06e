"""The formulas, as pure functions with their sources. Undefined is NaN, never 0: a mean skips it, JSON writes null."""

import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence

NAN = math.nan
Rank = int | None
"""The place, counted from 1, of the first passage that holds a fact; None where none of those looked at does."""


def recall_at(ranks: Sequence[Rank], k: int) -> float:
    """Passage recall@k of one case: |facts whose rank is at most k| / |facts|; NaN without facts.

    Recall over a ranked list, cut at k (Manning, Raghavan and Schütze, Introduction to Information Retrieval, 2008,
    section 8.4), with facts ("nuggets") in the place of relevant documents, so that one passage may serve several.
    """
    return share(sum(rank is not None and rank <= k for rank in ranks), len(ranks))


def reciprocal_rank(ranks: Sequence[Rank]) -> float:
    """1 / the rank of the first passage that holds any fact, 0 where none does, NaN without facts.

    Its mean over cases is MRR (Voorhees, The TREC-8 Question Answering Track Report, 1999).
    """
    if not ranks:
        return NAN
    return max((1 / rank for rank in ranks if rank is not None), default=0.0)


def nugget_recall(found: Sequence[bool]) -> float:
    """|facts that the answer holds| / |facts|; NaN without facts.

    The recall half of TREC's nugget score, all nuggets vital (Voorhees, Overview of the TREC 2003 Question Answering
    Track); a pattern, not an assessor, decides whether a nugget is there.
    """
    return share(sum(found), len(found))


def set_precision(given: Collection[str], wanted: Collection[str]) -> float:
    """|given ∩ wanted| / |given| over distinct members; NaN where nothing was given or nothing is expected.

    Citation precision with the document (or section) as the unit (after Gao et al., Enabling Large Language Models to
    Generate Text with Citations, EMNLP 2023). A case that expects no document says nothing about which may be cited.
    """
    return share(len(set(given) & set(wanted)), len(set(given))) if wanted else NAN


def set_recall(given: Collection[str], wanted: Collection[str]) -> float:
    """|given ∩ wanted| / |wanted| over distinct members; NaN where nothing is expected. Source as for precision."""
    return share(len(set(given) & set(wanted)), len(set(wanted)))


def precision(true_positive: int, false_positive: int) -> float:
    """TP / (TP + FP) (van Rijsbergen, Information Retrieval, 2nd edition 1979, chapter 7); NaN when never positive."""
    return share(true_positive, true_positive + false_positive)


def recall(true_positive: int, false_negative: int) -> float:
    """TP / (TP + FN) (van Rijsbergen 1979, chapter 7); NaN when no case is positive."""
    return share(true_positive, true_positive + false_negative)


def f1(true_positive: int, false_positive: int, false_negative: int) -> float:
    """2 TP / (2 TP + FP + FN), the harmonic mean of both (van Rijsbergen 1979, chapter 7); NaN without any of the three.

    For abstention the positive class is "no answer is given", as in SQuAD 2.0 (Rajpurkar, Jia and Liang, ACL 2018).
    """
    return share(2 * true_positive, 2 * true_positive + false_positive + false_negative)


def f_beta(p: float, r: float, beta: float) -> float:
    """(1 + β²) P R / (β² P + R), in which recall counts β times as much as precision (van Rijsbergen 1979, chapter 7).

    NaN where either is undefined, 0 where both are 0.
    """
    if math.isnan(p) or math.isnan(r):
        return NAN
    weighted = beta * beta * p + r
    return (1 + beta * beta) * p * r / weighted if weighted else 0.0


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean of the values that are defined; NaN where none is."""
    defined = [v for v in values if not math.isnan(v)]
    return statistics.fmean(defined) if defined else NAN


def median(values: Iterable[float]) -> float:
    """The median of the values that are defined; NaN where none is."""
    return percentile(values, 0.5)


def percentile(values: Iterable[float], share_below: float) -> float:
    """The value at the place (n - 1) · p of the sorted values, interpolated between neighbours; NaN of none.

    Type 7 of Hyndman and Fan (Sample Quantiles in Statistical Packages, The American Statistician, 1996).
    """
    ordered = sorted(v for v in values if not math.isnan(v))
    if not ordered:
        return NAN
    place = (len(ordered) - 1) * share_below
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def share(part: float, whole: float) -> float:
    """part / whole; NaN of an empty whole."""
    return part / whole if whole else NAN


def hit_at(ranks: Sequence[Rank], k: int) -> float:
    """1 where any gold passage is among the first k, else 0; NaN without a gold passage.

    Hit@k, "top-k accuracy" (Karpukhin et al., Dense Passage Retrieval for Open-Domain Question Answering, EMNLP 2020).
    """
    return float(any(rank is not None and rank <= k for rank in ranks)) if ranks else NAN


def ndcg_at(ranks: Sequence[Rank], k: int) -> float:
    """DCG@k over that of the best order, where each of the distinct gold passages gains 1; NaN without a gold passage.

    DCG@k = sum of 1 / log2(1 + rank) over the gold passages whose rank is at most k (Järvelin and Kekäläinen, Cumulated
    gain-based evaluation of IR techniques, ACM TOIS 2002; the discount as in trec_eval).
    """
    gained = sum(1 / math.log2(1 + rank) for rank in ranks if rank is not None and rank <= k)
    return share(gained, sum(1 / math.log2(1 + rank) for rank in range(1, min(k, len(ranks)) + 1)))


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """P(a positive scores above a negative), a tie counted one half; NaN without either.

    The area under the ROC curve as the Mann-Whitney statistic (Hanley and McNeil, The meaning and use of the area under
    a receiver operating characteristic curve, Radiology 1982).
    """
    below = sorted(score for score, is_positive in zip(scores, positive) if not is_positive)
    above = [score for score, is_positive in zip(scores, positive) if is_positive]
    won = sum(bisect_left(below, score) + bisect_right(below, score) for score in above)
    return share(won / 2, len(above) * len(below))
