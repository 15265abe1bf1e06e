"""Train the answer scorer: a cross-encoder of MiniLM's size that reads a question and one sentence.

The score is the probability that the sentence answers the question, so it both orders passages and tells a question
that the documents answer from one that is merely near them. It starts from the packaged MiniLM and is trained only on
sets whose stated licence allows it; `docs/reranker.md` lists them with what the training gained.

    python -m evals.training.reranker --data FOLDER --out model.onnx
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from evals.training.dropout import share_dropout
from evals.training.pairs import Pair, conditional_pairs, paragraph_pairs, policy_pairs, rule_pairs, split_by_group
from evals.training.written import read_written

SEED = 20170
DROPOUT = 0.1
MAX_TOKENS = 128


def batches(pairs: list[Pair], size: int, rng: random.Random) -> Iterator[list[Pair]]:
    """Batches of about `size` pairs with all that belongs to a question, of like length, in random order."""
    asked = defaultdict(list)
    for pair in pairs:
        asked[pair.group, pair.question].append(pair)
    ordered = sorted(asked.values(), key=lambda own: max(len(p.question) + len(p.sentence) for p in own) + rng.random() * 40)
    chunks, chunk = [], []
    for own in ordered:
        chunk += own
        if len(chunk) >= size:
            chunks.append(chunk)
            chunk = []
    rng.shuffle(chunks)
    yield from chunks


def loss_of(logits: torch.Tensor, batch: list[Pair], listwise: float) -> torch.Tensor:
    """Whether each sentence answers (cross-entropy) and, so weighted, that those which do stand above the others of their question (softmax)."""
    labels = torch.tensor([float(p.label) for p in batch])
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)
    asked = defaultdict(list)
    for place, pair in enumerate(batch):
        asked[pair.group, pair.question].append(place)
    ranked = [rows for rows in asked.values() if 0 < labels[rows].sum() < len(rows)]
    if not ranked or not listwise:
        return loss
    above = [torch.logsumexp(logits[rows], 0) - torch.logsumexp(logits[[r for r in rows if labels[r]]], 0) for rows in ranked]
    return loss + listwise * torch.stack(above).mean()


def scores(model, tokenizer, pairs: list[Pair]) -> list[float]:
    """The probability for each pair."""
    model.eval()
    out = []
    with torch.inference_mode():
        for i in range(0, len(pairs), 64):
            part = pairs[i : i + 64]
            enc = encode(tokenizer, part)
            out += torch.sigmoid(model(**enc).logits[:, 0].float()).tolist()
    return out


def encode(tokenizer, pairs: list[Pair]):
    """Token tensors of a batch, padded to its longest pair."""
    return tokenizer(
        [p.question for p in pairs], [p.sentence for p in pairs],
        truncation="longest_first", max_length=MAX_TOKENS, padding=True, return_tensors="pt",
    )


def auroc(labels: list[int], values: list[float]) -> float:
    """Area under the ROC curve by ranks (Hanley and McNeil 1982)."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, values)) if len(set(labels)) > 1 else float("nan")


def report(model, tokenizer, held: list[Pair]) -> dict:
    """For each set: AUROC over pairs and how often the highest scored sentence of a question is a right one."""
    result = {}
    values = scores(model, tokenizer, held)
    for name in sorted({p.group.split(":")[0] for p in held}):
        mine = [(p, v) for p, v in zip(held, values) if p.group.startswith(name)]
        asked = defaultdict(list)
        for p, v in mine:
            asked[p.question].append((v, p.label))
        ranked = [max(rows)[1] for rows in asked.values() if len(rows) > 1 and any(label for _, label in rows)]
        result[name] = {
            "pairs": len(mine),
            "auroc": round(auroc([p.label for p, _ in mine], [v for _, v in mine]), 3),
            "first_right": round(sum(ranked) / len(ranked), 3) if ranked else None,
        }
    return result


def main() -> None:
    """Train for a given number of minutes and save the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--start", required=True, help="folder of the packaged MiniLM")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--policies", type=Path, help="folder of questions on invented policies; the other sets are then thinned")
    parser.add_argument("--sections", type=Path, help="folder of questions on single invented sections")
    parser.add_argument("--encoder", help="sentence-transformers folder that finds the nearest wrong sentences")
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--listwise", type=float, default=0.0, help="weight of the order among the sentences of a question")
    args = parser.parse_args()
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
    pairs = [
        *paragraph_pairs(args.data / "squad2", "squad2", 3, rng),
        *paragraph_pairs(args.data / "policyqa", "policyqa", 2, rng),
        *conditional_pairs(args.data / "conditionalqa", rng),
        *rule_pairs(args.data / "orsharc", rng),
    ]
    train, held = split_by_group(pairs, 0.12, rng)
    if args.policies:
        written = read_written(args.policies, args.sections)
        mine, mine_held = split_by_group(list(policy_pairs(written, args.encoder or args.start, rng)), 0.12, rng)
        train, held = [*mine, *rng.sample(train, min(len(train), len(mine) // 4))], [*mine_held, *rng.sample(held, 1000)]
    print(len(train), "to train on,", len(held), "held out")
    tokenizer = AutoTokenizer.from_pretrained(args.start)
    model = AutoModelForSequenceClassification.from_pretrained(args.start, num_labels=1, attention_probs_dropout_prob=0.0)
    share_dropout(model, DROPOUT)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.01)
    started, seen, budget = time.monotonic(), 0, args.minutes * 60
    epoch = 0
    while time.monotonic() - started < budget:
        for batch in batches(train, 32, rng):
            done = (time.monotonic() - started) / budget
            if done >= 1:
                break
            optimizer.param_groups[0]["lr"] = args.rate * min(1, seen / 3000) * max(0.02, 1 - done)
            model.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**encode(tokenizer, batch)).logits[:, 0]
            loss = loss_of(logits.float(), batch, args.listwise)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            seen += len(batch)
            if seen % 3200 < 32:
                print(f"{done:.2f} of the time, {seen} pairs, epoch {epoch}, loss {loss.item():.3f}", flush=True)
        epoch += 1
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    print(json.dumps(report(model, tokenizer, held), indent=1))


if __name__ == "__main__":
    main()
