"""Fit the grounding checker's combination: a logistic regression over its signals, on sets that people labelled.

Two of them: "general", in which each set counts the same and the own claims a tenth, and "policies", on the own claims that the
reader was not trained on. Every set is also left out in turn; the table beside word overlap is what `docs/checker.md` shows.

    python -m evals.training.support --sets FILE... --out assistant/weights/support.toml
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.grounding import Origin
from assistant.score import CrossEncoderScorer
from assistant.signals import SIGNALS
from assistant.support import READER, READER_TOKENS, Coefficients, SupportChecker
from assistant.tokens import PackagedTokens, TokenModel
from evals.checker.baselines import Baseline, baselines
from evals.checker.measure import balanced_accuracy, calibration_error
from evals.checker.rows import Labelled, read_rows
from evals.metrics import auroc, mean
from evals.training.claims import Claim, read_claims
from ingest.embed import sha256_of

PENALTY = 0.1
OWN_SHARE = 0.1
FITTED_ON = "sections"
"""Twins differ from a right statement in a word, each wrong one beside its right one: rarer in answers than among themselves."""
UNREAD = tuple(name for name in SIGNALS if not name.startswith("reader") and name != "partly read")
"""The signals of the general combination: the reader was trained on other kinds of statements and tells nothing more there."""
READ = ("reader", "reader of a part", "partly read", "length")
VETOES, NEAR_VETOES = ("number", "name", "address", "party"), ("actor", "negation", "strength", "condition")
"""The signals of the combination for policies, and the kinds of faults that are not weighed there: they are hardly ever in a right statement, or in one near its quotes."""
EVERYTHING = Coefficients(0.0, (1.0,) * len(SIGNALS), 0.5)


@dataclass(frozen=True, slots=True)
class Measured:
    """A set's signals, shape (rows, signals), and its labels."""

    signals: np.ndarray
    labels: np.ndarray


def measured(rows: Sequence[Labelled], reader: CrossEncoderScorer, tokens: TokenModel, headings: Mapping[str, str] = MappingProxyType({})) -> Measured:
    """The signals of every row of a set; `headings` say by a row's id whose words its passage is."""
    checker = SupportChecker(EVERYTHING, tokens, reader)
    found = [checker.measured(row.claim, row.sentences, Origin(headings.get(row.id, "")))[0] for row in rows]
    return Measured(np.array([[f[name] for name in SIGNALS] for f in found]), np.array([row.supported for row in rows]))


def own_claims(claims: Sequence[Claim]) -> dict[str, tuple[Labelled, str]]:
    """Statements about policies that the reader was not trained on, beside what they cite, and beside the whole section, of which it reads a part.

    Each with its heading, by its id. What is wrong because it stands elsewhere in the section is right beside the whole of it, and left out there.
    """
    chosen = [c for c in claims if c.group.startswith(FITTED_ON) and c.held_out]
    short = [(Labelled(f"{c.group}:{i}", c.text, c.cited, c.supported), c.heading) for i, c in enumerate(chosen)]
    whole = [(Labelled(f"{c.group}:{i} whole", c.text, c.passage, c.supported), c.heading) for i, c in enumerate(chosen) if c.why != "neighbour"]
    return {row.id: (row, heading) for pairs in (short, whole) for row, heading in pairs}


def fitted(sets: Sequence[tuple[Measured, float]], names: Sequence[str]) -> Coefficients:
    """Weights for these signals on sets that count as much as stands beside them, their labels balanced within each.

    The probability is then fitted to the labels as they come (Platt, Advances in Large Margin Classifiers, 1999), and the threshold
    is where the balanced fit is undecided.
    """
    columns = [SIGNALS.index(name) for name in names]
    signals, labels = np.vstack([s.signals[:, columns] for s, _ in sets]), np.concatenate([s.labels for s, _ in sets])
    balanced = np.concatenate([share * np.where(s.labels, 500 / s.labels.sum(), 500 / (~s.labels).sum()) for s, share in sets])
    scaler = StandardScaler().fit(signals)
    model = LogisticRegression(C=PENALTY, max_iter=1000).fit(scaler.transform(signals), labels, sample_weight=balanced)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    as_they_come = np.concatenate([np.full(len(s.labels), share * 1000 / len(s.labels)) for s, share in sets])
    platt = LogisticRegression(C=100).fit((signals @ weights + intercept)[:, None], labels, sample_weight=as_they_come)
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    by_name = dict(zip(names, (weights * slope).tolist()))
    return Coefficients(intercept * slope + shift, tuple(by_name.get(name, 0.0) for name in SIGNALS), round(1 / (1 + np.exp(-shift)), 3))


def probabilities(coefficients: Coefficients, found: Measured) -> list[float]:
    """The probability of each row."""
    return [coefficients.probability(dict(zip(SIGNALS, row))) for row in found.signals]


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
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokens = PackagedTokens()
    reader = CrossEncoderScorer(READER, sha256_of(READER), READER_TOKENS)
    rows = {path.stem: read_rows(path) for path in args.sets}
    own = own_claims(read_claims())
    claims, headings = [row for row, _ in own.values()], {name: heading for name, (_, heading) in own.items()}
    overlap = baselines(tokens)["word overlap"]
    print(f"{'left out':18} AUROC  bal.acc  cal.err  overlap AUROC  bal.acc")
    found = {stem: measured(labelled, reader, tokens) for stem, labelled in rows.items()}
    policies = measured(claims, reader, tokens, headings)
    lines = []
    for name in rows:
        apart = fitted([*((m, 1.0) for stem, m in found.items() if stem != name), (policies, OWN_SHARE)], UNREAD)
        lines.append(_line(name, apart, found[name], rows[name], overlap))
    print(f"{'mean':18} " + "  ".join(f"{value:.3f}" for value in np.mean(lines, axis=0)))
    _line("policies, in half", *_in_turn(policies), claims[1::2], overlap)
    general = fitted([*((m, 1.0) for m in found.values()), (policies, OWN_SHARE)], UNREAD)
    args.out.write_text(_toml({"general": general, "policies": replace(fitted([(policies, 1.0)], READ), vetoes=frozenset(VETOES), near_vetoes=frozenset(NEAR_VETOES))}, args.sets), encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))


def _in_turn(found: Measured) -> tuple[Coefficients, Measured]:
    """Fitted on every other row, measured on the rest."""
    return fitted([(Measured(found.signals[::2], found.labels[::2]), 1.0)], READ), Measured(found.signals[1::2], found.labels[1::2])


def _toml(kinds: dict[str, Coefficients], sets: Sequence[Path]) -> str:
    names = ", ".join(path.stem for path in sets)
    parts = [
        f"# Made by `python -m evals.training.support` on {names} and the project's own claims: how each signal of assistant/signals.py\n"
        "# counts for a statement's being supported (log-odds), and from which probability it is called so.\n"
    ]
    for kind, c in kinds.items():
        weights = "\n".join(f'"{name}" = {weight:.4f}' for name, weight in zip(SIGNALS, c.weights))
        parts.append(f"[{kind}]\nintercept = {c.intercept:.4f}\nthreshold = {c.threshold}\nvetoes = {json.dumps(sorted(c.vetoes))}\nnear_vetoes = {json.dumps(sorted(c.near_vetoes))}\n\n[{kind}.weights]\n{weights}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    main()
