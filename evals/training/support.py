"""Fit the grounding checker's combination: a logistic regression over its signals, on sets that people labelled.

Each set counts the same. The probability is fitted as the labels come, the threshold for balanced accuracy, since the sets
differ in how much of them is supported. Every set is also left out in turn, with a reader that did not see it where one is
named, and the table beside word overlap is what `docs/checker.md` shows.

    python -m evals.training.support --sets FILE... [--readers FOLDER] --out assistant/weights/support.toml

FOLDER holds the exported readers `without-STEM.onnx`, each trained without the set STEM.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.score import CrossEncoderScorer
from assistant.signals import SIGNALS
from assistant.support import READER, Coefficients, SupportChecker
from assistant.tokens import PackagedTokens, TokenModel
from evals.checker.baselines import Baseline, baselines
from evals.checker.measure import balanced_accuracy, calibration_error
from evals.checker.rows import Labelled, read_rows
from evals.metrics import auroc, mean
from evals.training.claims import Claim, read_claims
from ingest.embed import sha256_of

PENALTY = 0.05
NOTHING = Coefficients(0.0, (0.0,) * len(SIGNALS), 0.5)


@dataclass(frozen=True, slots=True)
class Measured:
    """A set's signals, shape (rows, signals), and its labels."""

    signals: np.ndarray
    labels: np.ndarray


def measured(rows: Sequence[Labelled], reader: CrossEncoderScorer, tokens: TokenModel) -> Measured:
    """The signals of every row of a set."""
    checker = SupportChecker(NOTHING, tokens, reader)
    found = [checker.measured(row.claim, row.sentences)[0] for row in rows]
    return Measured(np.array([[f[name] for name in SIGNALS] for f in found]), np.array([row.supported for row in rows]))


def own_claims(claims: Sequence[Claim], every: int) -> tuple[Labelled, ...]:
    """Statements about policies beside what they cite, one in so many: short quotes, which the public sets do not have."""
    chosen = [c for c in claims if c.heading][::every]
    return tuple(Labelled(f"{c.group}:{i}", c.text, c.cited, c.supported) for i, c in enumerate(chosen))


def fitted(sets: Sequence[Measured]) -> Coefficients:
    """Weights on the sets, each weighing the same, and the threshold with the best mean balanced accuracy over them."""
    signals, labels = np.vstack([s.signals for s in sets]), np.concatenate([s.labels for s in sets])
    weight = np.concatenate([np.full(len(s.labels), 1000 / len(s.labels)) for s in sets])
    scaler = StandardScaler().fit(signals)
    model = LogisticRegression(C=PENALTY, max_iter=1000).fit(scaler.transform(signals), labels, sample_weight=weight)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    plain = Coefficients(intercept, tuple(weights.tolist()), 0.5)
    grid = np.linspace(0.05, 0.8, 76)
    best = max(grid, key=lambda t: mean(_balanced(plain, s, t) for s in sets))
    return Coefficients(intercept, plain.weights, round(float(best), 2))


def probabilities(coefficients: Coefficients, found: Measured) -> list[float]:
    """The probability of each row."""
    return [coefficients.probability(dict(zip(SIGNALS, row))) for row in found.signals]


def _balanced(coefficients: Coefficients, found: Measured, threshold: float) -> float:
    return balanced_accuracy([p >= threshold for p in probabilities(coefficients, found)], found.labels.tolist())


def _line(name: str, coefficients: Coefficients, found: Measured, rows: Sequence[Labelled], overlap: Baseline) -> tuple[float, ...]:
    """Prints and returns AUROC, balanced accuracy and calibration error of a set, and word overlap's two."""
    values, labels = probabilities(coefficients, found), found.labels.tolist()
    beside = [overlap.score(row) for row in rows]
    figures = (
        auroc(values, labels), balanced_accuracy([v >= coefficients.threshold for v in values], labels), calibration_error(values, labels),
        auroc(beside, labels), balanced_accuracy([v >= overlap.threshold for v in beside], labels),
    )  # fmt: skip
    print(f"{name:18} " + "  ".join(f"{value:.3f}" for value in figures), flush=True)
    return figures


def main() -> None:
    """Leave each set out, then fit on all and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, nargs="+", required=True)
    parser.add_argument("--readers", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokens = PackagedTokens()
    reader = CrossEncoderScorer(READER, sha256_of(READER))
    rows = {path.stem: read_rows(path) for path in args.sets}
    claims = own_claims(read_claims(), 4)
    overlap = baselines(tokens)["word overlap"]
    print(f"{'left out':18} AUROC  bal.acc  cal.err  overlap AUROC  bal.acc")
    lines = []
    for name in rows:
        file = args.readers / f"without-{name}.onnx" if args.readers else READER
        other = CrossEncoderScorer(file, sha256_of(file))
        found = {stem: measured(own, other, tokens) for stem, own in rows.items()}
        apart = fitted([*(m for stem, m in found.items() if stem != name), measured(claims, other, tokens)])
        lines.append(_line(name, apart, found[name], rows[name], overlap))
    print(f"{'mean':18} " + "  ".join(f"{value:.3f}" for value in np.mean(lines, axis=0)))
    found = {stem: measured(own, reader, tokens) for stem, own in rows.items()}
    whole = fitted([*found.values(), measured(claims, reader, tokens)])
    for name, own in found.items():
        _line(f"{name} (fitted)", whole, own, rows[name], overlap)
    args.out.write_text(_toml(whole, args.sets), encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))


def _toml(coefficients: Coefficients, sets: Sequence[Path]) -> str:
    weights = "\n".join(f'"{name}" = {weight:.4f}' for name, weight in zip(SIGNALS, coefficients.weights))
    names = ", ".join(path.stem for path in sets)
    return (
        f"# Made by `python -m evals.training.support` on {names} and the project's own claims: how each signal of assistant/signals.py\n"
        "# counts for a statement's being supported (log-odds), and from which probability it is called so.\n\n"
        f"intercept = {coefficients.intercept:.4f}\nthreshold = {coefficients.threshold}\n\n[weights]\n{weights}\n"
    )


if __name__ == "__main__":
    main()
