"""Conversations on this machine's own disk: found by an unguessable id, gone after a day or at one word."""

import datetime
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.check import Citation, CitedAnswer, Statement, Verdict
from ingest.manifest import Audience
from ingest.spans import Span

KEPT_SECONDS = 24 * 60 * 60
NEVER_KEPT = ("urgent", "error")
VERDICTS = ("right", "wrong")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and its answer: all that the page needs to show them again. `asked_at` counts seconds since 1970."""

    id: str
    asked_at: float
    answer: CitedAnswer
    verdict: str | None = None

    @classmethod
    def from_dict(cls, data: dict) -> "Exchange":
        """The exchange that `dataclasses.asdict` took apart. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(**{**data, "answer": answer_from_dict(data["answer"]), "asked_at": float(data["asked_at"])})


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody thought of an answer. A later row about the same exchange takes the place of an earlier one."""

    time: str
    exchange: str
    verdict: str
    note: str
    question: str
    answer: str
    status: str
    audience: Audience

    @classmethod
    def on(cls, exchange: Exchange, note: str, audience: Audience) -> "Feedback":
        """The row about an exchange that was marked right or wrong."""
        now, answer = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), exchange.answer
        return cls(now, exchange.id, exchange.verdict or "", note, answer.question, answer.text, answer.status, audience)


class Conversations:
    """Exchanges under `folder/conversations`, feedback in `folder/feedback.jsonl`, readable by their owner alone.

    A file is named by the SHA-256 of its conversation's id, so that the folder gives no id away. Nothing is returned
    that is over 24 hours old; every call that reads or writes also removes what has grown too old.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._folder, self._feedback, self._now = folder / "conversations", folder / "feedback.jsonl", now

    def load(self, key: str, audience: Audience) -> tuple[Exchange, ...]:
        """The exchanges kept for this audience under this id, oldest first; none when unknown, expired or damaged."""
        self.sweep()
        return self._read(self._path(key), audience)

    def save(self, key: str, audience: Audience, exchange: Exchange) -> None:
        """Keep an exchange, or put it in the place of the one with its id. An urgent one or an error is never kept."""
        self.sweep()
        if exchange.answer.status in NEVER_KEPT:
            return
        known = {e.id: e for e in self._read(self._path(key), audience)} | {exchange.id: exchange}
        self._write(self._path(key), audience, known.values())

    def delete(self, key: str) -> None:
        """Remove a conversation at once."""
        self._path(key).unlink(missing_ok=True)

    def sweep(self) -> None:
        """Remove what is over 24 hours old, and files that cannot be read: nobody could see or delete them otherwise."""
        for path in self._folder.glob("*.json"):
            audience, kept = _parsed(path)
            fresh = self.fresh(kept)
            if not fresh:
                path.unlink(missing_ok=True)
            elif len(fresh) < len(kept):
                self._write(path, audience, fresh)
        for left_over in self._folder.glob("*.partial"):
            if left_over.stat().st_mtime < self._now() - KEPT_SECONDS:
                left_over.unlink(missing_ok=True)

    def fresh(self, exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
        """Those of the exchanges that are not over 24 hours old."""
        oldest = self._now() - KEPT_SECONDS
        return tuple(e for e in exchanges if e.asked_at > oldest)

    def record(self, feedback: Feedback) -> None:
        """Append one row of feedback; a row about an urgent message or an error is never kept."""
        if feedback.status in NEVER_KEPT:
            return
        self._feedback.parent.mkdir(parents=True, exist_ok=True)
        with open(self._feedback, "a", encoding="utf-8", opener=_private) as file:
            file.write(json.dumps(asdict(feedback), ensure_ascii=False) + "\n")

    def _path(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"

    def _read(self, path: Path, audience: Audience) -> tuple[Exchange, ...]:
        owner, kept = _parsed(path)
        return self.fresh(kept) if owner == audience else ()

    def _write(self, path: Path, audience: Audience, exchanges: Iterable[Exchange]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = path.with_suffix(f".{secrets.token_hex(4)}.partial")
        with open(partial, "w", encoding="utf-8", opener=_private) as file:
            json.dump({"audience": audience, "exchanges": [asdict(e) for e in exchanges]}, file, ensure_ascii=False)
        os.replace(partial, path)


def new_key() -> str:
    """An id that nobody can guess: 192 random bits."""
    return secrets.token_urlsafe(24)


def answer_from_dict(data: dict) -> CitedAnswer:
    """The answer that `dataclasses.asdict` took apart."""
    statements = tuple(_statement(s) for s in data["statements"])
    citations = tuple(Citation(**{**c, "section_span": Span(**c["section_span"])}) for c in data["citations"])
    return CitedAnswer(**{**data, "statements": statements, "citations": citations})


def _statement(data: dict) -> Statement:
    verdict = Verdict(**data["verdict"]) if data["verdict"] else None
    return Statement(**{**data, "marks": tuple(data["marks"]), "verdict": verdict})


def _parsed(path: Path) -> tuple[Audience, tuple[Exchange, ...]]:
    """Whose conversation a file holds, and its exchanges; none from a file that is missing or damaged."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return data["audience"], tuple(Exchange.from_dict(e) for e in data["exchanges"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "partner", ()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
