"""Report: `report.md`, for a person: what was asked, what went right and wrong in words, the figures, each failing case."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.figures import BY_NAME, COLUMNS, FIGURES, LEGEND
from evals.folder import CASES, REPORT, RUN, SCORE, Answered, read_answers, read_json, read_lines
from evals.metrics import NAN
from evals.score import MARK, MISSING_FACT

Figures = dict[str, float]
VERDICTS = ("wrong", "wrongly refused", "wrong status", "incomplete")
WRONGS = {
    "missed_urgent": "urgent and not recognised",
    "wrong_answers": "answered where there should be no answer, or saying what must not be said",
    "wrong_party": "taking one organisation for another",
    "leaks": "leaking a staff document",
    "errors": "ending in an error",
}


def report(folder: Path) -> Path:
    """Write `report.md` from a scored run folder and return its path. Raises CasesError naming the step that is missing."""
    run, score = read_json(folder, RUN), read_json(folder, SCORE)
    overall, kinds = _numbers(score["overall"]), {kind: _numbers(f) for kind, f in score["kinds"].items()}
    answers = {row.id: row for row in read_answers(folder)}
    failing = [case for case in read_lines(folder, CASES) if case["verdict"] != "right"]
    parts = [
        f"# Evaluation of {run['started'][:10]} {run['started'][11:16]} UTC{': ' + run['name'] if run['name'] else ''}",
        summary(run, overall, score["passed"]),
        _notes(run),
        "## By kind of question",
        _table(list(COLUMNS.values()), [_row(kind, f) for kind, f in kinds.items()] + [_row("**all**", overall)], "Kind"),
        LEGEND,
        "## Thresholds",
        _table(["Wanted", "Reached", ""], [_threshold(t) for t in score["thresholds"]], "Figure"),
        "## All figures",
        _table(["Value", "Name in `score.json`"], [[f.title, f.show(overall[f.name], digits=3), f"`{f.name}`"] for f in FIGURES], "Figure"),
        *(part for verdict in VERDICTS for part in _failing(verdict, failing, answers)),
        "## To repeat this run",
        _repeat(run),
    ]
    path = folder / REPORT
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    return path


def summary(run: dict[str, Any], overall: Figures, passed: bool) -> str:
    """The run in one paragraph of plain words, with counts."""
    n = {name: int(value) for name, value in overall.items() if BY_NAME[name].unit == "count" and value == value}
    sentences = [
        f"{_many(n['asked'], 'question was', 'questions were')} asked.",
        f"{n['right']} got the right answer, the right refusal or the right help, complete and rightly cited.",
        f"{n['incomplete']} got an answer in which a fact or a document is missing, or one cited that was not expected.",
        f"{n['wrong']} went wrong{_listed({words: n.get(name, 0) for name, words in WRONGS.items()})}.",
        f"{_many(n['wrong_refusals'], 'question', 'questions')} that the documents answer {'was' if n['wrong_refusals'] == 1 else 'were'} wrongly refused.",
        f"{n['wrong_status']} got another kind of refusal or help than expected{_listed({'taken for urgent': n['false_alarms']})}." if n["wrong_status"] else "",
        f"The model was {'the embedded default' if run['model'] == 'embedded' else run['model']}.",
        "Every threshold that decides is met." if passed else "**At least one threshold is missed.**",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _listed(counts: dict[str, int]) -> str:
    """The counts that are not 0, in words; one case may be in several."""
    found = [f"{count} {words}" for words, count in counts.items() if count]
    return f" ({'; '.join(found)})" if found else ""


def _notes(run: dict[str, Any]) -> str:
    """What a reader would otherwise take the figures to say."""
    notes = []
    if all(s["source"]["audience"] == "everyone" for s in run["sources"]):
        notes.append("No document of this corpus is for staff only, so that nothing could leak: the leak count says nothing here.")
    if run["settings"]["audience"] == "partner":
        notes.append("GUIDANCE_AUDIENCE=partner was set, so the questions of staff were asked as a partner's.")
    return " ".join(notes)


def _failing(verdict: str, failing: list[dict[str, Any]], answers: dict[str, Answered]) -> list[str]:
    cases = [case for case in failing if case["verdict"] == verdict]
    return [f"## {verdict.capitalize()} ({len(cases)})", *(_case(answers[case["id"]], case) for case in cases)] if cases else []


def _case(row: Answered, case: dict[str, Any]) -> str:
    earlier = [f"> *before:* {_inline(turn)}" for turn in row.turns[:-1]]
    text = MARK.sub("", row.actual_answer)
    facts = [f"  - {'told' if nugget.in_text(text) else '**missing**'}: {nugget.fact}" for nugget in row.expected_nuggets]
    wanted = f"- Expected: {' or '.join(row.expected_status)}" + (f", from {', '.join(row.expected_sources)}" if row.expected_sources else "")
    cited = dict.fromkeys(f"{c['source']}: {(c['section'] or 'no heading').split(' > ')[-1]}" for c in row.actual_citations)
    lines = [
        f"### {row.id}",
        "",
        *(line for turn in earlier for line in (turn, ">")),
        f"> {_inline(row.turns[-1])} *({row.audience})*",
        "",
        *(f"- **{reason[:1].upper()}{reason[1:]}**" for reason in case["reasons"] if not reason.startswith(MISSING_FACT)),
        wanted,
        *facts,
        f"- Answer ({row.actual_status}):",
        "",
        *(f"  > {_inline(line)}  " for line in row.actual_answer.splitlines()),
        "",
        f"- Cited: {'; '.join(cited)}" if cited else "- Cited: nothing",
        f"- Why this case: {row.note}" if row.note else "",
    ]
    return "\n".join(line for i, line in enumerate(lines) if line or (i and lines[i - 1])).rstrip()


def _repeat(run: dict[str, Any]) -> str:
    settings, cases = run["settings"], run["cases"]
    kinds = "".join(f" --kind {kind}" for kind in cases["kinds"])
    packages = ", ".join(f"{name} {version}" for name, version in run["packages"].items() if version)
    command = f"guidance eval --cases {cases['folder']} --corpus {settings['corpus']} --data {settings['data']}{kinds}"
    facts = [
        f"- commit {run['commit'] or 'unknown (no git repository)'}, Python {run['python']}, {run['machine']}, seed {run['seed']}",
        f"- cases {cases['sha256'][:16]}, catalogue {run['catalogue']['fingerprint'][:16]}, generation {run['catalogue']['generation']}",
        f"- embedding model {run['embedding_model']}",
        f"- {packages}",
    ]
    return f"    {command}\n\n" + "\n".join(facts)


def _threshold(t: dict[str, Any]) -> list[str]:
    figure = BY_NAME[t["figure"]]
    value = _number(t["value"])
    state = "not measured by these cases" if value != value else "met" if _met(t, value) else "**missed**"
    decides = ", shown only: it depends on the machine" if figure.name.startswith("latency") else ""
    return [figure.title, f"{t['direction'].replace('_', ' ')} {figure.show(t['limit'], digits=3)}", figure.show(value, digits=3), state + decides]


def _met(t: dict[str, Any], value: float) -> bool:
    return value >= t["limit"] if t["direction"] == "at_least" else value <= t["limit"]


def _row(kind: str, figures: Figures) -> list[str]:
    return [kind, *(BY_NAME[name].show(figures[name]) for name in COLUMNS)]


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]], first: str) -> str:
    lines = [f"| {' | '.join([first, *headings])} |", f"|---|{'---:|' * len(headings)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def _inline(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return text.replace("<", "&lt;").replace("|", "\\|")


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _numbers(values: dict[str, Any]) -> Figures:
    return {name: _number(value) for name, value in values.items()}


def _number(value: Any) -> float:
    return NAN if value is None else float(value)
