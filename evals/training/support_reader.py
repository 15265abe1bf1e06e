"""Train the support reader: a cross-encoder of MiniLM's size that reads a statement and a passage.

The score is the probability that the passage holds all of the statement. It starts from the answer scorer, is trained on
claims about invented passages (`evals/training/claims/`).

    python -m evals.training.support_reader --start FOLDER --out FOLDER --minutes 30
"""

import argparse
import random
import time
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from evals.metrics import auroc
from evals.training.claims import Held, pairs, plain_pairs, read_claims
from evals.training.dropout import share_dropout
from evals.training.reranker import loss_of

SEED = 20170
MAX_TOKENS = 200


def batches(held: list[Held], size: int, rng: random.Random) -> list[list[Held]]:
    """Pairs of like length together, in random order."""
    ordered = sorted(held, key=lambda pair: len(pair.question) + len(pair.sentence) + rng.random() * 60)
    found = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    rng.shuffle(found)
    return found


def encode(tokenizer, batch: list[Held]):
    """Token tensors of a batch, padded to its longest pair."""
    return tokenizer([p.question for p in batch], [p.sentence for p in batch], truncation="only_second", max_length=MAX_TOKENS, padding=True, return_tensors="pt")


def scores(model, tokenizer, held: list[Held]) -> np.ndarray:
    """The logit of each pair."""
    model.eval()
    out = np.zeros(len(held))
    order = sorted(range(len(held)), key=lambda i: len(held[i].sentence))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for i in range(0, len(order), 32):
            part = order[i : i + 32]
            out[part] = model(**encode(tokenizer, [held[j] for j in part])).logits[:, 0].float().numpy()
    return out


def train(model, tokenizer, epoch, minutes: float, rate: float, rng: random.Random) -> None:
    """Train for so many minutes; `epoch()` gives the pairs of one. Word embeddings stay as they are."""
    model.bert.embeddings.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=rate, weight_decay=0.01)
    started, seen = time.monotonic(), 0
    while time.monotonic() - started < minutes * 60:
        for batch in batches(epoch(), 32, rng):
            done = (time.monotonic() - started) / (minutes * 60)
            if done >= 1:
                return
            optimizer.param_groups[0]["lr"] = rate * min(1, (seen + 200) / 1500) * max(0.02, 1 - done)
            model.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**encode(tokenizer, batch)).logits[:, 0]
            loss = loss_of(logits.float(), batch, 0.0)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            seen += len(batch)
            if seen // 32 % 40 == 0:
                print(f"{time.monotonic() - started:.0f} s, {seen} pairs, loss {loss.item():.3f}", flush=True)


def main() -> None:
    """Train, report AUROC on the passages that are held out, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", required=True, help="folder of a cross-encoder with one output")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    args = parser.parse_args()
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(args.start)
    model = AutoModelForSequenceClassification.from_pretrained(args.start, num_labels=1, attention_probs_dropout_prob=0.0)
    share_dropout(model, args.dropout)
    claims = read_claims()
    ours = tuple(claim for claim in claims if not claim.held_out)
    train(model, tokenizer, lambda: list(pairs(ours, rng)), args.minutes, args.rate, rng)
    held = plain_pairs(tuple(claim for claim in claims if claim.held_out))
    found = scores(model, tokenizer, held)
    for name in ("sections", "twins", "passages"):
        own = [(score, bool(pair.label)) for score, pair in zip(found, held) if pair.group.startswith(name)]
        print(f"{name}: AUROC {auroc([s for s, _ in own], [y for _, y in own]):.3f} on {len(own)} claims held out")
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)


if __name__ == "__main__":
    main()
