"""The evaluation cases asked before and after a change of the corpus, and a table of what is answered otherwise."""

from dataclasses import dataclass
from pathlib import Path

from assistant.chain import Guidance, build
from assistant.settings import Settings
from evals.casebook.read import load_cases
from evals.casebook.schema import Case
from evals.changed import Said, answers, changes
from ingest.catalogue import Catalogue, current_generation
from ingest.errors import IndexMissing


@dataclass(frozen=True, slots=True)
class Asked:
    """The cases that this corpus can be asked, and what was answered before the change."""

    cases: tuple[Case, ...]
    guidance: Guidance
    settings: Settings
    old: dict[str, Said]

    @classmethod
    def before(cls, settings: Settings, folder: Path) -> "Asked | None":
        """Ask every case whose documents are in the index; None where there is no index yet."""
        try:
            known = {entry.source.id for entry in Catalogue.load(current_generation(settings.data)).entries}
        except IndexMissing:
            return None
        cases = tuple(case for case in load_cases(folder) if known.issuperset(case.expected_sources))
        guidance = build(settings)
        return cls(cases, guidance, settings, _asked("asking the cases as it is", cases, guidance, settings))

    def show_changes(self) -> None:
        """Ask again, and print old and new side by side."""
        from rich.console import Console
        from rich.table import Table

        new = _asked("asking the cases again", self.cases, self.guidance, self.settings)
        found = changes(self.cases, self.old, new)
        console = Console()
        table = Table(show_lines=True)
        for heading in ("Case", "Before", "Now"):
            table.add_column(heading, overflow="fold")
        for change in found:
            question = f"{change.case.id}\n{change.case.question}"
            table.add_row(question, *(f"{said.status}: {said.answer}".replace("[", "\\[") for said in (change.old, change.new)))
        if found:
            console.print(table)
        console.print(f"{len(found)} of {len(self.cases)} evaluation cases are answered otherwise.")


def _asked(stage: str, cases: tuple[Case, ...], guidance: Guidance, settings: Settings) -> dict[str, Said]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(stage, total=len(cases))
        return answers(cases, guidance, settings, lambda done: bar.update(task, completed=done))
