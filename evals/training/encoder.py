"""Fine-tune MiniLM itself as the encoder that finds passages: everyday questions beside the formal words that answer.

Contrastive training with the other passages of a batch, many from the same document, as wrong answers. Trained only on
sets whose stated licence allows it; `docs/encoder.md` lists them with what the training gained.

    python -m evals.training.encoder --data FOLDER --policies FOLDER --sections FOLDER --thesaurus FOLDER --start MINILM --out FOLDER
"""

import argparse
import random
import shutil
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

from evals.training.dropout import share_dropout
from evals.training.pairs import read_rows
from evals.training.written import Written, read_written

SEED = 20170
MAX_TOKENS = 64
TEMPERATURE = 0.05
DROPOUT = 0.1
LIKE = 16


@dataclass(frozen=True, slots=True)
class Match:
    """A question and a passage that answers it; `asked` names the question, `group` what both come from."""

    question: str
    passage: str
    asked: str
    group: str


def policy_matches(written: Iterable[Written]) -> Iterator[Match]:
    """Questions written for the purpose on invented policies; a follow-up comes with the messages before it."""
    for document in written:
        for number, asked in enumerate(() if document.held_out else document.questions):
            question = " ".join([*asked.earlier, asked.question])
            for unit in asked.gold[:4]:
                yield Match(question, document.units[unit], f"{document.name}:{number}", document.name)


def thesaurus_matches(folder: Path, rng: random.Random) -> Iterator[Match]:
    """A way of naming a concept, in any of the three languages, beside another way that documents use."""
    for path in sorted(folder.glob("*.toml")):
        for concept in tomllib.loads(path.read_text(encoding="utf-8"))["concept"]:
            for names in ("en_said", "fr", "fr_said", "es", "es_said", "en"):
                for said in rng.sample(concept[names], min(3, len(concept[names]))):
                    yield Match(said, rng.choice(concept["en"][:5]), f"thesaurus:{concept['name']}", f"thesaurus:{path.stem}")


def public_matches(folder: Path, rng: random.Random) -> Iterator[Match]:
    """SQuAD 2.0, PolicyQA, ConditionalQA and OR-ShARC: questions beside the sentences, evidence and rules that answer."""
    for name in ("squad2", "policyqa"):
        contexts = {c["id"]: c for c in read_rows(next((folder / name).glob("*contexts.jsonl")))}
        for row in read_rows(folder / name / "dev.jsonl"):
            for i in row["gold_sentences"][:2] if row["answerable"] else ():
                start, end = contexts[row["context_id"]]["sentences"][i]
                yield Match(row["question"], contexts[row["context_id"]]["text"][start:end].strip(), f"{name}:{row['question']}", f"{name}:{row['title']}")
    pool = {row["id"]: row["text"] for row in read_rows(folder / "conditionalqa" / "evidence_pool.jsonl")}
    for row in read_rows(folder / "conditionalqa" / "train.jsonl"):
        for gold in rng.sample(row["gold"], min(2, len(row["gold"]))):
            yield Match(row["question"], pool[gold], f"conditionalqa:{row['id']}", f"conditionalqa:{row['url']}")
    rules = {row["id"]: row["text"] for row in read_rows(folder / "orsharc" / "snippets.jsonl")}
    for row in read_rows(folder / "orsharc" / "dev.jsonl"):
        yield Match(row["question"], rules[row["gold"]], f"orsharc:{row['gold']}", "orsharc")


def batches(kinds: list[list[Match]], size: int, rng: random.Random) -> Iterator[list[Match]]:
    """Batches of one kind each, so that short texts are not padded to long ones, in random order."""
    every = [batch for kind in kinds for batch in near_batches(kind, size, rng)]
    yield from rng.sample(every, len(every))


def near_batches(matches: list[Match], size: int, rng: random.Random) -> Iterator[list[Match]]:
    """Batches of `size` from few groups each, so that many of the wrong passages are near ones."""
    groups = defaultdict(list)
    for match in rng.sample(matches, len(matches)):
        groups[match.group].append(match)
    chunks = [members[i : i + size // 4] for members in groups.values() for i in range(0, len(members), size // 4)]
    rng.shuffle(chunks)
    ordered = [match for chunk in chunks for match in chunk]
    for i in range(0, len(ordered) - size + 1, size):
        yield ordered[i : i + size]


def embed(model, tokenizer, texts: list[str]) -> torch.Tensor:
    """Mean-pooled vectors of length 1; those of like length are made together, since most of a mixed batch is padding."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    made = []
    for start in range(0, len(texts), LIKE):
        encoded = tokenizer([texts[i] for i in order[start : start + LIKE]], truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
        hidden = model(**encoded).last_hidden_state.float()
        mask = encoded["attention_mask"][:, :, None].float()
        made.append(torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=1))
    return torch.cat(made)[torch.tensor(order).argsort()]


def contrast(model, tokenizer, batch: list[Match]) -> torch.Tensor:
    """The loss of a batch, both ways; passages that answer the same question are no wrong answers to it."""
    asked = embed(model, tokenizer, [m.question for m in batch])
    given = embed(model, tokenizer, [m.passage for m in batch])
    cosines = asked @ given.T / TEMPERATURE
    same = torch.tensor([[i != j and (a.asked == b.asked or a.passage == b.passage) for j, b in enumerate(batch)] for i, a in enumerate(batch)])
    cosines = cosines.masked_fill(same, -1e4)
    target = torch.arange(len(batch))
    return (torch.nn.functional.cross_entropy(cosines, target) + torch.nn.functional.cross_entropy(cosines.T, target)) / 2


def main() -> None:
    """Train for a given number of minutes and save the model as a sentence-transformers folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--data", "--policies", "--sections", "--thesaurus", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--start", required=True, help="folder of the packaged MiniLM")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=5e-5, help="highest learning rate")
    parser.add_argument("--size", type=int, default=64, help="matches in a batch")
    args = parser.parse_args()
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
    public = list(public_matches(args.data, rng))
    policies = list(policy_matches(read_written(args.policies, args.sections)))
    words = list(thesaurus_matches(args.thesaurus, rng))
    print(len(public), "public,", len(policies), "policies,", len(words), "thesaurus", flush=True)
    tokenizer = AutoTokenizer.from_pretrained(args.start)
    model = AutoModel.from_pretrained(args.start, attention_probs_dropout_prob=0.0)
    share_dropout(model, DROPOUT)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.01)
    started, budget, steps = time.monotonic(), args.minutes * 60, 0
    while time.monotonic() - started < budget:
        epoch = [policies, rng.sample(public, min(len(public), len(policies) // 2)), rng.sample(words, min(len(words), len(policies)))]
        for batch in batches(epoch, args.size, rng):
            done = (time.monotonic() - started) / budget
            if done >= 1:
                break
            optimizer.param_groups[0]["lr"] = args.rate * min(1, steps / 60) * max(0.02, 1 - done)
            model.train()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = contrast(model, tokenizer, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            steps += 1
            if steps % 25 == 0:
                print(f"{done:.2f} of the time, {steps} steps, loss {loss.item():.3f}", flush=True)
    shutil.copytree(args.start, args.out, ignore=shutil.ignore_patterns("*.safetensors"), dirs_exist_ok=True)  # pooling and limits stay
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)


if __name__ == "__main__":
    main()
