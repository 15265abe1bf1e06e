"""The second process of the trial: asks over and over while ingestions are killed, and checks each answer.

Two threads share one library, as the sessions of the chat do: one searches, one asks the whole chain. The journal has
a row for each state of the trial: the versions that may answer from then on.
"""

import json
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.chain import Guidance, build
from assistant.retrieve import Turn
from assistant.query import query_for
from assistant.settings import Settings
from evals.ingestion.growing import NAMES, Seen, Version, numbers_in, question, wrong
from ingest.manifest import Audience

Ask = Callable[[Guidance, str, Audience], Seen | None]
SEARCH_PAUSE, CHAIN_PAUSE = 0.05, 0.3
AUDIENCES: tuple[Audience, ...] = ("staff", "partner")


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions one thread asked, how many of them the assistant declined to answer, and what was wrong."""

    questions: int
    declined: int
    wrong: tuple[str, ...]


def journal_rows(journal: Path) -> list[list[Version]]:
    """The versions that may answer, state by state; a row that is being written is left out."""
    return [json.loads(line) for line in journal.read_text(encoding="utf-8").split("\n")[:-1]]


def search(guidance: Guidance, name: str, audience: Audience) -> Seen:
    """The question through the search alone."""
    searcher = guidance.library.searcher(audience)
    text = question(name)
    hits = searcher.search(query_for(text, (), (), guidance.library.vector_of))
    return Seen(name, audience, numbers_in([(hit.source.id, hit.text) for hit in hits]), frozenset(searcher.entries))


def answer(guidance: Guidance, name: str, audience: Audience) -> Seen | None:
    """The question through the whole chain, as a chat asks it; None where the assistant declines to answer."""
    given = guidance.chain.invoke(Turn(question(name), (), audience))
    if given.status == "error":
        raise RuntimeError(given.text)
    if given.abstained:
        return None
    return Seen(name, audience, numbers_in([(citation.source, citation.quote) for citation in given.citations]))


def keep_asking(ask: Ask, guidance: Guidance, journal: Path, stopped: threading.Event, pause: float) -> Asked:
    """Ask until `stopped`; an answer has to be of a version that was allowed at some time while it was made."""
    chance, questions, declined, faults = random.Random(pause), 0, 0, []
    while not stopped.wait(pause):
        name, audience, before = chance.choice(NAMES), chance.choice(AUDIENCES), len(journal_rows(journal))
        questions += 1
        try:
            seen = ask(guidance, name, audience)
        except Exception as exc:  # every error is a finding, whatever raised it
            frame = traceback.extract_tb(exc.__traceback__)
            places = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frame[-6:]))
            faults.append(f"{time.strftime('%H:%M:%S')} {ask.__name__}: {type(exc).__name__}: {exc} at {places}")
            continue
        allowed = [version for row in journal_rows(journal)[before - 1 :] for version in row]
        declined += seen is None
        if seen and (reason := wrong(seen, allowed)):
            faults.append(f"{time.strftime('%H:%M:%S')} {ask.__name__}: {reason}")
    return Asked(questions, declined, tuple(faults))


def main(data: Path, journal: Path) -> None:
    """Say "ready", ask until standard input ends, and print one JSON line for each thread."""
    guidance = build(Settings(data=data))
    stopped, found = threading.Event(), {}

    def work(ask: Ask, pause: float) -> None:
        found[ask.__name__] = keep_asking(ask, guidance, journal, stopped, pause)

    threads = [threading.Thread(target=work, args=pair) for pair in ((search, SEARCH_PAUSE), (answer, CHAIN_PAUSE))]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.read()
    stopped.set()
    for thread in threads:
        thread.join()
    print(json.dumps({name: asdict(asked) for name, asked in found.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
