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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from evals.training.written import Written, read_written

SEED = 20170
MAX_TOKENS = 128
RIGHT, NEAR = 3, 4
HEADED = 0.3


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, a sentence, whether the sentence answers it, and the group that is held out or trained on whole."""

    question: str
    sentence: str
    label: int
    group: str
    held_out: bool = False


def read_rows(path: Path) -> list[dict]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def paragraph_pairs(folder: Path, name: str, negatives: int, rng: random.Random) -> Iterator[Pair]:
    """SQuAD 2.0 and PolicyQA: gold sentences against the others of their paragraph and of a neighbouring one."""
    contexts = read_rows(next(folder.glob("*contexts.jsonl")))
    sentences = {c["id"]: [c["text"][a:b].strip() for a, b in c["sentences"]] for c in contexts}
    ids = list(sentences)
    for row in read_rows(folder / "dev.jsonl"):
        own = sentences[row["context_id"]]
        gold = set(row["gold_sentences"]) if row["answerable"] else set()
        group = f"{name}:{row['title']}"
        for i in gold:
            yield Pair(row["question"], own[i], 1, group)
        near = [s for i, s in enumerate(own) if i not in gold]
        far = sentences[ids[(ids.index(row["context_id"]) + rng.choice((-1, 1))) % len(ids)]]
        wrong = rng.sample(near, min(negatives, len(near))) + ([rng.choice(far)] if name == "squad2" else [])
        for sentence in wrong:
            yield Pair(row["question"], sentence, 0, group)


def conditional_pairs(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """ConditionalQA: the evidence of a question against the other elements of its page and of other pages."""
    pool = {row["id"]: row for row in read_rows(folder / "evidence_pool.jsonl")}
    pages = defaultdict(list)
    for row in pool.values():
        pages[row["url"]].append(row["id"])
    everything = list(pool)
    for row in read_rows(folder / "train.jsonl"):
        gold = [g for g in row["gold"] if g in pool]
        question = row["question"] if rng.random() < 0.7 else f"{row['scenario']} {row['question']}"
        for g in rng.sample(gold, min(3, len(gold))):
            yield Pair(question, pool[g]["text"], 1, f"conditionalqa:{row['url']}")
        others = [i for i in pages[row["url"]] if i not in gold]
        for i in rng.sample(others, min(3, len(others))) + [rng.choice(everything)]:
            yield Pair(question, pool[i]["text"], 0, f"conditionalqa:{row['url']}")


def rule_pairs(folder: Path, rng: random.Random) -> Iterator[Pair]:
    """OR-ShARC: the rule that answers a question against other rules."""
    rules = {row["id"]: row["text"] for row in read_rows(folder / "snippets.jsonl")}
    ids = list(rules)
    for row in read_rows(folder / "dev.jsonl"):
        group = f"orsharc:{row['tree_id']}"
        yield Pair(row["question"], rules[row["gold"]], 1, group)
        for i in rng.sample(ids, 2):
            if i != row["gold"]:
                yield Pair(row["question"], rules[i], 0, group)


def policy_pairs(written: Iterable[Written], encoder: str, rng: random.Random) -> Iterator[Pair]:
    """Questions written for the purpose on invented partnership policies, some of them near but not answered.

    Wrong sentences are the nearest by the encoder's cosine, which is what the scorer meets in use, and one at random.
    """
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(encoder)
    for document in written:
        vectors = model.encode(list(document.units), normalize_embeddings=True, show_progress_bar=False)
        asked = model.encode([one.wording for one in document.questions], normalize_embeddings=True, show_progress_bar=False)
        for one, cosines in zip(document.questions, asked @ vectors.T):
            nearest = [int(i) for i in (-cosines).argsort() if int(i) not in one.gold]
            right = rng.sample(one.gold, min(RIGHT, len(one.gold)))
            headed = rng.random() < HEADED
            for i in [*right, *nearest[:NEAR], *rng.sample(nearest[NEAR:], min(1, len(nearest) - NEAR) if len(nearest) > NEAR else 0)]:
                text = f"{document.headings[i]}. {document.units[i]}" if headed else document.units[i]
                yield Pair(one.wording, text, int(i in one.gold), f"written:{document.name}", document.held_out)


def split_by_group(pairs: list[Pair], held_out: float, rng: random.Random) -> tuple[list[Pair], list[Pair]]:
    """Whole groups (an article, a site, a page) go to one side, so that the measured part is unseen."""
    groups = sorted({p.group for p in pairs})
    kept = {p.group for p in pairs if p.held_out}
    for name in ("squad2", "policyqa", "conditionalqa", "orsharc"):
        mine = [g for g in groups if g.startswith(name + ":")]
        kept.update(rng.sample(mine, max(1, round(held_out * len(mine)))) if mine else ())
    return [p for p in pairs if p.group not in kept], [p for p in pairs if p.group in kept]


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
    model = AutoModelForSequenceClassification.from_pretrained(args.start, num_labels=1)
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
