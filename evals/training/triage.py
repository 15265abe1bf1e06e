"""Train the triage model: urgent, an attempt on the rules, off-topic, or anything else, in three languages.

It starts from the packaged MiniLM. The messages (`evals/training/messages/*.jsonl`: label and text) were written for
the purpose by people who had not seen the code. A held-out part gives the thresholds; `docs/triage.md` has the figures.

    python -m evals.training.triage --start FOLDER --out FOLDER [--all] [--policies FOLDER --epochs 2]
"""

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from evals.training.written import HELD_OUT

SEED = 20170
LABELS = ("other", "urgent", "misuse", "offtopic")
MESSAGES = Path(__file__).parent / "messages"
MAX_TOKENS = 192
DANGER = re.compile(
    r"\b(?:police|arrest\w*|jail|prison|beat\w*|hit|hurt\w*|rape\w*|abus\w*|touch\w*|threat\w*|kill\w*|dead|lock\w*|passport|missing|vanish\w*|afraid|"
    r"scared|deport\w*|plane|danger\w*|boss|escape\w*|kidnap\w*|knife|gun|blood|sold|forced|trapped|followed|attack\w*|harm\w*|unsafe|safe|suicid\w*|cry\w*|girl|child\w*|kid|boy|sex\w*)\b",
    re.IGNORECASE,
)

Message = tuple[str, int, str]


def read_messages(folder: Path) -> list[Message]:
    """Text, label index and language of every message."""
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            label = row["label"] if row["label"] in LABELS else "other"
            rows.append((row["text"], LABELS.index(label), path.stem[:2]))
    return rows


def everyday_questions(folder: Path) -> list[Message]:
    """Questions in everyday words on invented policies, those left out that speak of danger: they are no alarm."""
    documents = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")) if path.stem not in HELD_OUT)
    asked = (row["q"] for document in documents for row in document["questions"])
    return [(text, LABELS.index("other"), "en") for text in asked if not DANGER.search(text)]


def batches(rows: list[Message], size: int, rng: random.Random) -> Iterator[list[Message]]:
    """Batches of like length in random order."""
    ordered = sorted(rows, key=lambda row: len(row[0]) + rng.random() * 60)
    chunks = [ordered[i : i + size] for i in range(0, len(ordered), size)]
    rng.shuffle(chunks)
    yield from chunks


def train(rows: list[Message], start: str, epochs: int, rng: random.Random):
    """Fine-tune for a number of epochs; returns tokenizer and model."""
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = AutoModelForSequenceClassification.from_pretrained(start, num_labels=len(LABELS))
    steps = epochs * (len(rows) // 16 + 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=0.02)
    step = 0
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for batch in batches(rows, 16, rng):
            optimizer.param_groups[0]["lr"] = 1.5e-4 * min(1, step / 60) * max(0.02, 1 - step / steps)
            encoded = tokenizer([t for t, _, _ in batch], truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(**encoded).logits
            loss = loss_of(logits.float(), torch.tensor([label for _, label, _ in batch]))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            total += loss.item()
        print(f"epoch {epoch}: loss {total / (len(rows) / 16):.3f}", flush=True)
    return tokenizer, model


def probabilities(tokenizer, model, texts: list[str]) -> torch.Tensor:
    """A row of class probabilities for each text."""
    model.eval()
    rows = []
    with torch.inference_mode():
        for i in range(0, len(texts), 32):
            encoded = tokenizer(texts[i : i + 32], truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
            rows.append(torch.softmax(model(**encoded).logits.float(), dim=1))
    return torch.cat(rows)


def report(values: torch.Tensor, rows: list[Message]) -> None:
    """For several thresholds: recall of urgent and misuse, and how many others are taken for either."""
    labels = torch.tensor([label for _, label, _ in rows])
    for language in ("en", "fr", "es", "all"):
        mine = torch.tensor([language in (row[2], "all") for row in rows])
        for threshold in (0.5, 0.7, 0.8, 0.9, 0.95):
            urgent, misuse = values[:, 1] > threshold, values[:, 2] > threshold
            other = mine & ((labels == 0) | (labels == 3))
            off = values[:, 3] > threshold
            print(
                language, threshold,
                f"urgent recall {urgent[mine & (labels == 1)].float().mean():.3f}",
                f"misuse recall {misuse[mine & (labels == 2)].float().mean():.3f}",
                f"others taken for either {(urgent | misuse)[other].float().mean():.4f} of {int(other.sum())}",
                f"off-topic recall {off[mine & (labels == 3)].float().mean():.3f}, of other {off[mine & (labels == 0)].float().mean():.4f}",
            )


def main() -> None:
    """Train on four fifths and report on the rest, or with --all on everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", required=True, help="folder of the packaged MiniLM")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--messages", type=Path, default=MESSAGES)
    parser.add_argument("--all", action="store_true", help="train on every message; the figures are then of no use")
    parser.add_argument("--policies", type=Path, help="folder of questions on invented policies, which are no alarm")
    parser.add_argument("--epochs", type=int, default=5)
    args = parser.parse_args()
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
    rows = read_messages(args.messages) + (everyday_questions(args.policies) if args.policies else [])
    rng.shuffle(rows)
    held = [] if args.all else rows[: len(rows) // 5]
    tokenizer, model = train(rows[len(held) :], args.start, args.epochs, rng)
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    if held:
        report(probabilities(tokenizer, model, [text for text, _, _ in held]), held)


if __name__ == "__main__":
    main()
