"""Sets: the public sets as frozen values, read from a folder under the file names that each set uses."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.retrieve import Turn
from assistant.screen import clean
from evals.bench.lines import FLAG, IDEAL, NUMBERS, SPANS, TEXT, TEXTS, TURNS, WORDS, Form, Line, read_lines
from ingest.errors import CasesError, QuestionError
from ingest.spans import Span

SEED = 20170
Row = TypeVar("Row")

PASSAGE = Form({"id": TEXT, "text": TEXT}, frozenset({"doc_id", "domain", "start", "end", "source", "url", "tag"}), {"title": TEXT})
TURN = Form(
    {"id": TEXT, "history": TURNS, "question": WORDS, "gold": TEXTS},
    frozenset({"dial_id", "turn", "domain", "doc_id", "answer", "answer_start", "spans"}),
    {"last_role": TEXT},
)
QUERY = Form({"id": TEXT, "lastturn": WORDS, "user_turns": TEXTS, "gold": TEXTS, "covered": FLAG}, frozenset({"domain", "turn", "rewrite"}))
RULE = Form({"id": TEXT, "question": WORDS, "scenario": TEXT, "gold": TEXT}, frozenset({"tree_id", "url", "history", "answer", "seen"}))
NEED = Form({"id": TEXT, "question": WORDS, "scenario": TEXT, "gold": TEXTS}, frozenset({"url", "answerable", "answers"}))
CHOICE = Form(
    {"id": TEXT, "question": WORDS, "answerable": FLAG, "gold_sentences": NUMBERS, "context_id": TEXT},
    frozenset({"title", "answers", "answer_starts"}),
)
PARAGRAPH = Form({"id": TEXT, "text": TEXT, "sentences": SPANS}, frozenset({"site"}))
CASE = Form(
    {"id": TEXT, "base": TEXT, "label": FLAG, "question": WORDS, "context": TEXT, "attack": TEXT, "ideal": IDEAL},
    frozenset({"task", "type", "position"}),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A passage of a set; those of one `group` make a document together, one without a group is a document of its own."""

    id: str
    text: str
    title: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, as the last turn of its conversation, with the ids of the passages that answer it."""

    id: str
    question: str
    turn: Turn
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Questions over passages. `same` leads from a passage to the first one with its words, where the set counts those as one."""

    texts: tuple[Text, ...]
    asked: tuple[Asked, ...]
    same: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A question about one paragraph; `gold` are the places, counted from 0, of the sentences that answer it."""

    id: str
    question: str
    paragraph: str
    gold: frozenset[int]
    answerable: bool


@dataclass(frozen=True, slots=True)
class SentenceSet:
    """Questions, and the paragraphs by id with the span of each sentence."""

    texts: Mapping[str, Text]
    sentences: Mapping[str, tuple[Span, ...]]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A question about a context; `attack` is what was hidden in it, "" in its clean twin, which has the same `base`."""

    id: str
    base: str
    question: str
    context: str
    attack: str
    ideals: tuple[str, ...]
    poisoned: bool


@dataclass(frozen=True, slots=True)
class InjectionSet:
    """Cases to be measured, and by base the clean twin of each."""

    cases: tuple[Case, ...]
    clean: Mapping[str, Case]


def load_doc2dial(folder: Path, limit: int | None = None) -> RetrievalSet:
    """Turns of guidance conversations that a user's message ends."""
    texts = _texts(folder / "passages.jsonl")
    rows = [row for row in read_lines(folder / "turns.jsonl", TURN) if row.fields.get("last_role", "user") == "user"]
    asked = (_asked(row, row["question"], *_spoken(row["history"])) for row in rows)
    return RetrievalSet(texts, _sample(asked, limit, folder), _same(texts))


def load_mtrag(folder: Path, limit: int | None = None) -> RetrievalSet:
    """The queries all of whose passages are there; distractors are searched too where the folder has them."""
    own, path = _texts(folder / "corpus.jsonl"), folder / "distractors.jsonl"
    texts = (*own, *_texts(path)) if path.is_file() else own
    rows = [row for row in read_lines(folder / "queries_human.jsonl", QUERY) if row["covered"]]
    asked = (_asked(row, row["lastturn"], tuple(row["user_turns"][:-1])) for row in rows)
    return RetrievalSet(_distinct(texts, path), _sample(asked, limit, folder), _same(own))


def load_orsharc(folder: Path, limit: int | None = None) -> RetrievalSet:
    """Questions with a scenario, each answered by one rule."""
    rows = read_lines(_either(folder, "dev.jsonl", "test.jsonl"), RULE)
    asked = (_asked(row, row["question"], told=row["scenario"]) for row in rows)
    return RetrievalSet(_texts(folder / "snippets.jsonl"), _sample(asked, limit, folder), {})


def load_conditionalqa(folder: Path, limit: int | None = None) -> RetrievalSet:
    """Questions with a scenario that some piece of evidence answers, over the evidence of all pages."""
    rows = [row for row in read_lines(_either(folder, "dev.jsonl", "train.jsonl"), NEED) if row["gold"]]
    asked = (_asked(row, row["question"], told=row["scenario"]) for row in rows)
    return RetrievalSet(_texts(folder / "evidence_pool.jsonl"), _sample(asked, limit, folder), {})


def load_sentences(folder: Path, limit: int | None = None, at_least: int = 1) -> SentenceSet:
    """Questions about paragraphs of `at_least` so many sentences."""
    path = _either(folder, "dev.jsonl", "test.jsonl")
    contexts = list(read_lines(_either(folder, "contexts.jsonl", f"{path.stem}_contexts.jsonl"), PARAGRAPH))
    sentences = {row["id"]: tuple(Span(*span) for span in row["sentences"]) for row in contexts}
    choices = (_choice(row, sentences) for row in read_lines(path, CHOICE))
    kept = (choice for choice in choices if len(sentences[choice.paragraph]) >= at_least)
    return SentenceSet({row["id"]: Text(row["id"], row["text"]) for row in contexts}, sentences, _sample(kept, limit, folder))


def load_injection(folder: Path, limit: int | None = None) -> InjectionSet:
    """Contexts with and without an instruction hidden in them."""
    path = folder / "cases.jsonl"
    rows = list(read_lines(path, CASE))
    cases = [_case(row) for row in rows]
    _distinct((Text(case.id, case.context) for case in cases), path)
    clean_twins = {case.base: case for case in cases if not case.poisoned}
    for row, case in zip(rows, cases):
        if case.base not in clean_twins:
            raise CasesError(f"{row.where}: no case with label 0 has the base {case.base!r}. Add the clean twin, or leave this case out.")
    return InjectionSet(_sample(cases, limit, folder), clean_twins)


def _case(row: Line) -> Case:
    ideals = row["ideal"] if isinstance(row["ideal"], list) else [row["ideal"]]
    _turn(row, row["question"])
    return Case(row["id"], row["base"], row["question"], row["context"], row["attack"], tuple(map(str, ideals)), bool(row["label"]))


def _texts(path: Path) -> tuple[Text, ...]:
    rows = read_lines(path, PASSAGE)
    return _distinct((Text(row["id"], row["text"], row.fields.get("title", ""), row.fields.get("doc_id") or row.fields.get("url") or "") for row in rows), path)


def _distinct(texts: Iterable[Text], path: Path) -> tuple[Text, ...]:
    once: dict[str, Text] = {}
    for text in texts:
        if once.setdefault(text.id, text) is not text:
            raise CasesError(f"{path}: two passages have the id {text.id!r}. Give each an id of its own.")
    return tuple(once.values())


def _asked(row: Line, question: str, earlier: tuple[str, ...] = (), answers: tuple[str, ...] = (), told: str = "") -> Asked:
    gold = (row["gold"],) if isinstance(row["gold"], str) else tuple(dict.fromkeys(row["gold"]))
    return Asked(row["id"], question, _turn(row, f"{told} {question}".strip(), earlier, answers), gold)


def _turn(row: Line, message: str, earlier: tuple[str, ...] = (), answers: tuple[str, ...] = ()) -> Turn:
    try:
        clean(message)
    except QuestionError as exc:
        raise CasesError(f"{row.where}: the assistant does not take this question. {exc}") from exc
    return Turn(message, earlier, "partner", answers)


def _spoken(history: Sequence[Mapping[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The user's messages and, in step with them, what was answered; "" where one side said nothing."""
    spoken: list[tuple[str, str]] = []
    for said in history:
        if said["role"] == "user":
            spoken.append((said["text"], ""))
        else:
            message, answer = spoken.pop() if spoken else ("", "")
            spoken.append((message, f"{answer} {said['text']}".strip()))
    return tuple(message for message, _ in spoken), tuple(answer for _, answer in spoken)


def _choice(row: Line, sentences: Mapping[str, tuple[Span, ...]]) -> Choice:
    if row["context_id"] not in sentences:
        raise CasesError(f"{row.where}: there is no paragraph {row['context_id']!r}. Add it to the file of contexts, or leave this question out.")
    _turn(row, row["question"])
    return Choice(row["id"], row["question"], row["context_id"], frozenset(row["gold_sentences"]), bool(row["answerable"]))


def _same(texts: Iterable[Text]) -> dict[str, str]:
    """From each passage to the first one with the same words, whatever its case and spacing."""
    first: dict[str, str] = {}
    return {text.id: first.setdefault(" ".join(text.text.split()).lower(), text.id) for text in texts}


def _either(folder: Path, *names: str) -> Path:
    """The first of some files that is there."""
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise CasesError(f"{folder} holds neither {' nor '.join(names)}. Put one of them there, or name another folder with --from.")
    return found


def _sample(rows: Iterable[Row], limit: int | None, folder: Path) -> tuple[Row, ...]:
    """All rows, or the same `limit` of them each time, in their order."""
    found = tuple(rows)
    if not found:
        raise CasesError(f"{folder} holds no question that can be measured. Name a folder with questions with --from.")
    if limit is None or limit >= len(found):
        return found
    return tuple(found[i] for i in sorted(random.Random(SEED).sample(range(len(found)), limit)))


LOADERS: dict[str, Callable[..., RetrievalSet]] = {"doc2dial": load_doc2dial, "mtrag": load_mtrag, "orsharc": load_orsharc, "conditionalqa": load_conditionalqa}
