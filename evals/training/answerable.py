"""Fit and chart the judgement of `assistant/answerable.py`: whether what was found answers, from the answer scorer's values.

Questions on the six invented documents that no model was trained on, with those that they do not answer, and the
development cases over the bundled documents. Each group's curve is drawn with the others' coefficients.

    python -m evals.training.answerable --policies FOLDER --data FOLDER
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.answerable import FEATURES, features
from assistant.chain import build
from assistant.retrieve import Evidence, Turn
from assistant.settings import ROOT, Settings
from evals.bench.sets import Text
from evals.bench.shelf import Parts, Stock
from evals.casebook.read import load_cases
from evals.training.written import read_written

THRESHOLDS = (0.05, 0.1, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
ABOUT = ("comparison", "followup", "list", "lookup", "messy", "paraphrase", "party", "unanswerable")


@dataclass(frozen=True, slots=True)
class Judged:
    """The features of what was found for a question, whether it has an answer, and the documents that it is about."""

    features: tuple[float, ...]
    answerable: bool
    group: str


def of_cases(settings: Settings) -> Iterator[Judged]:
    """The development cases that ask about the documents, each at its last turn."""
    retriever = build(settings).chain.steps[0].func.__self__
    for case in load_cases(ROOT / "evals" / "cases"):
        if case.kind in ABOUT:
            evidence = retriever.retrieve(Turn(case.question, case.turns[:-1], case.audience))
            yield from judged(evidence, case.kind != "unanswerable", "bundled documents")


def of_documents(policies: Path, parts: Parts) -> Iterator[Judged]:
    """The questions on the invented documents that were held out."""
    for document in read_written(policies):
        if not document.held_out:
            continue
        with Stock([Text(document.name, markdown(json.loads((policies / f"{document.name}.json").read_text(encoding="utf-8"))))], parts.vectors) as stock:
            stock.embed()
            shelf = stock.shelf()
            for asked in document.questions:
                yield from judged(parts.evidence(Turn(asked.question, asked.earlier, "staff"), shelf), bool(asked.gold), "held-out documents")


def markdown(document: dict) -> str:
    """An invented document as a file would hold it."""
    lines, heading, lead = [], None, None
    for unit in document["units"]:
        if unit["heading"] != heading:
            heading, lead = unit["heading"], None
            lines += ["", f"## {heading}", ""]
        if unit["lead"] and unit["lead"] != lead:
            lead = unit["lead"]
            lines += ["", lead, ""]
        lines += [f"- {unit['text']}"] if unit["lead"] else [unit["text"], ""]
    return "\n".join(lines)


def judged(evidence: Evidence, answerable: bool, group: str) -> Iterator[Judged]:
    """A question as data, where anything was found for it."""
    for part in evidence.parts or (evidence,):
        if part.hits:
            yield Judged(features(part.hits, part.question), answerable, group)


def main() -> None:
    """Print the coefficients on all, and for each group AUROC and what each threshold catches and wrongly refuses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="index of the bundled documents")
    args = parser.parse_args()
    settings = replace(Settings(), data=args.data)
    rows = [*of_cases(settings), *of_documents(args.policies, Parts.from_settings(settings))]
    x, y = np.array([row.features for row in rows]), np.array([row.answerable for row in rows])
    groups = np.array([row.group for row in rows])
    fitted = LogisticRegression(max_iter=3000, class_weight="balanced").fit(x, y)
    print(dict(zip(FEATURES, fitted.coef_[0].round(2))), "intercept", fitted.intercept_.round(2))
    for group in sorted(set(groups)):
        own = groups == group
        others = LogisticRegression(max_iter=3000, class_weight="balanced").fit(x[~own], y[~own])
        p, truth = others.predict_proba(x[own])[:, 1], y[own]
        print(f"\n{group}: {own.sum()} questions, {(~truth).sum()} without an answer, AUROC {roc_auc_score(truth, p):.3f}\nthreshold  caught  wrongly refused  F1 of abstention")
        for threshold in THRESHOLDS:
            refused = p < threshold
            caught, wrong = (refused & ~truth).sum(), (refused & truth).sum()
            print(f"{threshold:9.2f}  {caught / (~truth).sum():6.2f}  {wrong / truth.sum():15.2f}  {2 * caught / (refused.sum() + (~truth).sum()):16.2f}")


if __name__ == "__main__":
    main()
