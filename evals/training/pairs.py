"""Pairs: a question and a sentence that answers it or does not, from public sets and from what was written for training."""

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.training.written import Written

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
