"""Configuration: one frozen object, read once from `GUIDANCE_*` variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.embed import DEFAULT_MODEL
from ingest.errors import SettingsError
from ingest.manifest import Audience

PACKAGED = "answer-scorer"
ROOT = Path(__file__).resolve().parent.parent
CORPUS, DATA = ROOT / "corpus", ROOT / ".guidance"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set. `audience` None means that nobody set a ceiling; `model` None means no chat model."""

    corpus: Path = CORPUS
    data: Path = DATA
    embedding_model: str = DEFAULT_MODEL
    reranker: str = PACKAGED
    checker: str = "packaged"
    model: str | None = None
    model_timeout: float = 60.0
    audience: Audience | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read the variables. Raises SettingsError naming the variable, its value and what is allowed."""
        audience = env.get("GUIDANCE_AUDIENCE") or None
        if audience not in (None, "staff", "partner"):
            raise SettingsError(f"GUIDANCE_AUDIENCE={audience!r} is not allowed. Set it to staff or partner, or leave it unset.")
        model = env.get("GUIDANCE_MODEL") or None
        if model and ":" not in model:
            raise SettingsError(f"GUIDANCE_MODEL={model!r} is not allowed. Write provider:name, for example openai:gpt-4.1-mini.")
        return cls(
            corpus=Path(env.get("GUIDANCE_CORPUS") or CORPUS),
            data=Path(env.get("GUIDANCE_DATA") or DATA),
            embedding_model=env.get("GUIDANCE_EMBEDDING_MODEL") or DEFAULT_MODEL,
            reranker=env.get("GUIDANCE_RERANKER") or PACKAGED,
            checker=env.get("GUIDANCE_CHECKER") or "packaged",
            model=model,
            model_timeout=_seconds(env.get("GUIDANCE_MODEL_TIMEOUT") or "60"),
            audience=audience,
        )

    def allow(self, wanted: Audience | None) -> Audience:
        """The audience to answer for: partner unless staff was asked for and the ceiling allows it."""
        return "staff" if wanted == "staff" and self.audience != "partner" else "partner"


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 600:
        raise SettingsError(f"GUIDANCE_MODEL_TIMEOUT={value!r} is not allowed. Set a number of seconds from 1 to 600.")
    return seconds
