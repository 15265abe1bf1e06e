"""Repeat: the command and everything else that the same run needs."""

import shlex
from dataclasses import dataclass
from typing import Any

from assistant.settings import Settings

VARIABLES = {"model": "GUIDANCE_MODEL", "embedding_model": "GUIDANCE_EMBEDDING_MODEL", "reranker": "GUIDANCE_RERANKER", "audience": "GUIDANCE_AUDIENCE"}


@dataclass(frozen=True, slots=True)
class Repeat:
    """The commands in order, and what has to be the same, by name."""

    commands: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def repeat(run: dict[str, Any], folder: str) -> Repeat:
    """How to repeat a run, and how to judge and show the answers of this one again."""
    return Repeat((_command(run), f"guidance eval score {shlex.quote(folder)}", f"guidance eval report {shlex.quote(folder)}"), _facts(run))


def _command(run: dict[str, Any]) -> str:
    settings, cases, standard = run["settings"], run["cases"], Settings()
    changed = {name: settings.get(name) for name in VARIABLES if settings.get(name) not in (None, getattr(standard, name))}
    variables = [f"{VARIABLES[name]}={shlex.quote(str(value))}" for name, value in changed.items()]
    arguments = ["guidance", "eval", "--cases", cases["folder"], "--corpus", settings["corpus"], "--data", settings["data"]]
    kinds = [part for kind in cases["kinds"] for part in ("--kind", kind)]
    return " ".join([*variables, shlex.join(map(str, [*arguments, *kinds]))])


def _usage(usage: dict[str, Any]) -> str | None:
    """Tokens and their cost, or None where no chat model was asked."""
    if not usage.get("input_tokens"):
        return None
    cost = "" if usage.get("cost") is None else f", {usage['cost']:.4f} at these prices"
    return f"{usage['input_tokens']:,} and {usage['output_tokens']:,}{cost}"


def _facts(run: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    catalogue = run["catalogue"]
    prices = run.get("prices")
    facts = {
        "Commit": run["commit"] or "unknown (no git repository)",
        "Machine": f"{run['machine']}, Python {run['python']}",
        "Seed": run["seed"],
        "Asked at the same time": run.get("workers"),
        "Prices of a million tokens, in and out": " and ".join(map(str, prices)) if prices else None,
        "Tokens read and written by a chat model": _usage(run.get("usage") or {}),
        "Cases": f"{run['cases']['asked']} from {run['cases']['folder']}, SHA-256 {run['cases']['sha256']}",
        "Catalogue": f"{catalogue['fingerprint']}, generation {catalogue['generation']}",
        "Chunking": catalogue.get("chunking"),
        "Model": run["model"],
        "Embedding model": run["embedding_model"],
        "Prompts": run.get("prompts"),
        **{f"Weights {name}": digest for name, digest in (run.get("weights") or {}).items()},
        "Packages": ", ".join(f"{name} {version}" for name, version in run["packages"].items() if version),
    }
    return tuple((name, str(value)) for name, value in facts.items() if value not in (None, ""))
