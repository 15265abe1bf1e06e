"""Many documents at once: the memory of the whole process tree, and whether the rate holds to the end."""

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.ingestion.process import finish, ingest_command, members, rates, read_log, start, texts_embedded, written

WORDS, HALF_SECTION = 600, 60
MOST_MIB, LEAST_SHARE = 4096, 0.8
SAMPLE_SECONDS = 0.2
UNKNOWN = "too few documents to tell"
SUBJECTS = "Grant Travel Records Volunteers Reporting Suppliers Training Complaints Safety Equipment Visits Accounts Premises Research".split()
PLACES = "Arden Belmar Corvane Dunmere Eskdal Farrow Glenholt Harwick Islay Jarrow Kelmar Lorne Marden Norvik Orsett Penryn".split()
PEOPLE = "the regional office,a partner,each coordinator,the finance team,the board,a field worker,the duty manager,an applicant".split(",")
DUTIES = "keep file review confirm return sign record check approve renew publish translate".split()
THINGS = "the annual plan,a signed form,every receipt,the risk register,a short report,the visitor list,a budget line,the contact sheet".split(",")
REASONS = "the amount is small,the visit was cancelled,the law says otherwise,an emergency was declared,the term has ended".split(",")
SENTENCES = (
    "{Who} must {do} {what} within {n} days of the {place} meeting.",
    "Where {why}, {who} may {do} {what} and tells {other} by week {n}.",
    "In {place} {who} should {do} {what}, unless {why}.",
    "No more than {n} percent of the {place} budget goes to {what}.",
    "{Who} and {other} {do} {what} together once in {n} months.",
    "Since {year} {who} has had to {do} {what} before {other} is asked.",
    "If {why}, case {n} of the {place} register stays open until {who} can {do} {what}.",
)


@dataclass(frozen=True, slots=True)
class Scale:
    """One large ingestion. `peak_mib` adds up the most that each living process had held: shared pages count for each."""

    documents: int
    passages: int
    texts: int
    seconds: float
    peak_mib: float
    tenths: tuple[float, ...]
    fifths: tuple[float, ...]

    @property
    def last_share(self) -> float:
        """The rate of the last fifth of the passages over that of the first; NaN where too little was stored to tell."""
        return self.fifths[-1] / self.fifths[0] if self.fifths else float("nan")

    @property
    def passed(self) -> bool:
        """Whether memory and, where it is known, the rate are within their limits."""
        return self.peak_mib <= MOST_MIB and not self.last_share < LEAST_SHARE

    def as_json(self) -> str:
        """All figures as one JSON object."""
        return json.dumps({**asdict(self), "last_share": self.last_share, "passed": self.passed}, indent=1)


def policy(number: int, seed: int) -> str:
    """A made-up policy of about 600 words in Markdown; the same for the same numbers, and unlike any other."""
    chance = random.Random(f"{seed}-{number}")
    parts = [f"# {chance.choice(SUBJECTS)} policy {number} of {chance.choice(PLACES)}"]
    while sum(len(part.split()) for part in parts) < WORDS - HALF_SECTION:
        parts.append(f"## {sum(part.startswith('#') for part in parts)} {chance.choice(SUBJECTS)} in {chance.choice(PLACES)}")
        parts += [" ".join(_sentence(chance) for _ in range(chance.randint(3, 6))) for _ in range(chance.randint(1, 2))]
        parts += [make(chance) for make, odds in ((_list, 0.5), (_table, 0.2)) if chance.random() < odds]
    return "\n\n".join(parts) + "\n"


def questions(number: int, seed: int) -> list[str]:
    """Questions in the words of the made-up policies."""
    chance = random.Random(f"{seed}-questions")
    forms = ("When must {who} {do} {what}?", "Who may {do} {what} in {place}?", "What happens in {place} if {why}?", "How much of the {place} budget goes to {what}?")
    return [_filled(forms, chance) for _ in range(number)]


def write_corpus(folder: Path, documents: int, seed: int) -> None:
    """Write so many policies."""
    for number in range(1, documents + 1):
        (folder / f"policy-{number:05}.md").write_text(policy(number, seed), encoding="utf-8")


def measure(documents: int, seed: int, progress: Callable[[int, int], None] = lambda *_: None) -> Scale:
    """Ingest made-up documents in a process of its own and watch it; `progress` hears seconds gone by and MiB held."""
    with tempfile.TemporaryDirectory() as made:
        corpus, data, output = (Path(made) / name for name in ("corpus", "data", "said"))
        corpus.mkdir()
        write_corpus(corpus, documents, seed)
        began = time.time()
        process = start(ingest_command(corpus, data), output)
        peaks = [0.0]

        def sample() -> None:
            peaks.append(max(peaks.pop(), memory_mib(process)))
            progress(round(time.time() - began), round(peaks[0]))
            time.sleep(SAMPLE_SECONDS)

        seconds = finish(process, output, sample) - began
        lines = read_log(data)
        points = written(lines)
        return Scale(documents, points[-1][1] if points else 0, texts_embedded(lines), seconds, peaks[0], rates(points, 10), rates(points, 5))


def memory_mib(process: subprocess.Popen[bytes]) -> float:
    """The most that the processes which live now have held, added up."""
    return sum(member.peak_mib for member in members(process.pid))


def print_scale(scale: Scale) -> None:
    """The figures, the rate in each tenth, and whether they are within their limits."""
    from rich.console import Console
    from rich.table import Table

    table = Table("What", "Here")
    table.add_row("documents, passages, texts embedded", f"{scale.documents:,}, {scale.passages:,}, {scale.texts:,}")
    table.add_row("from start to end", f"{scale.seconds:,.0f} s")
    table.add_row("peak memory of all its processes", f"{scale.peak_mib:,.0f} MiB, limit {MOST_MIB:,}")
    table.add_row("passages a second in each tenth", " ".join(f"{rate:.0f}" for rate in scale.tenths) or UNKNOWN)
    table.add_row("last fifth over first fifth", f"{scale.last_share:.2f}, at least {LEAST_SHARE}" if scale.fifths else UNKNOWN)
    console = Console()
    console.print(table)
    console.print("Within the limits." if scale.passed else "Not within the limits.")


def _sentence(chance: random.Random) -> str:
    return _filled(SENTENCES, chance)


def _filled(forms: tuple[str, ...], chance: random.Random) -> str:
    who, other = chance.sample(PEOPLE, 2)
    return chance.choice(forms).format(
        who=who, Who=who[0].upper() + who[1:], other=other, do=chance.choice(DUTIES), what=chance.choice(THINGS), why=chance.choice(REASONS),
        place=chance.choice(PLACES), n=chance.randint(2, 99), year=chance.randint(1990, 2025),
    )


def _list(chance: random.Random) -> str:
    lead = f"For {chance.choice(PLACES)} {chance.choice(PEOPLE)} has to:"
    items = [f"- {chance.choice(DUTIES)} {chance.choice(THINGS)} by day {chance.randint(1, 28)};" for _ in range(chance.randint(3, 6))]
    return "\n".join([lead, "", *items])


def _table(chance: random.Random) -> str:
    rows = [f"| {chance.choice(THINGS)} | {chance.choice(PEOPLE)} | {chance.randint(1, 60)} days |" for _ in range(chance.randint(3, 5))]
    return "\n".join(["| Paper | Kept by | Time |", "|---|---|---|", *rows])
