"""The assistant's fixed sentences, by language, read once from `messages.toml`."""

import functools
import tomllib
from pathlib import Path


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "messages.toml").read_text(encoding="utf-8"))


def say(name: str, language: str = "en", /, **values: str) -> str:
    """The sentence called `name` in a language, or in English where that language has none."""
    table = _table()
    sentence = table.get(language, {}).get(name) or table["en"][name]
    return sentence.format(**values)


def listing(parts: list[str], language: str = "en") -> str:
    """Parts of a denial in a row: "an amount, a deadline or who decides"."""
    return f" {say('or', language)} ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def speaks(name: str, language: str) -> bool:
    """Whether the sentence exists in the language."""
    return name in _table().get(language, {})
