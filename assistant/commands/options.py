"""Options that several subcommands share, and the settings they lead to."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from assistant.settings import Settings
from ingest.catalogue import pointed_at
from ingest.errors import SettingsError

CORPUS = click.option("--corpus", type=click.Path(path_type=Path), help="Folder of documents. Default: what the index was made from, else the bundled corpus.")
DATA = click.option("--data", type=click.Path(path_type=Path), help="Folder of the index. Default: .guidance beside the code.")
AUDIENCE = click.option("--audience", type=click.Choice(["staff", "partner"]), help="Who asks. Default: partner, who may see less.")


def settings_for(corpus: Path | None = None, data: Path | None = None) -> Settings:
    """The settings of the environment, with the folders named on the command line instead.

    An index that is named alone stands for the corpus that it was made from.
    """
    settings = Settings.from_env()
    if data is not None and corpus is None and "GUIDANCE_CORPUS" not in os.environ and (made_from := pointed_at(data).get("corpus")):
        corpus = Path(made_from)
    chosen = {key: value for key, value in (("corpus", corpus), ("data", data)) if value is not None}
    return replace(settings, **chosen)


def staff_settings(corpus: Path | None = None, data: Path | None = None) -> Settings:
    """The same for commands that name every document. Raises SettingsError under the partners' ceiling."""
    settings = settings_for(corpus, data)
    if settings.audience == "partner":
        raise SettingsError("GUIDANCE_AUDIENCE=partner: this command names staff documents too. Unset the variable to use it.")
    return settings


def folders(function: Callable) -> Callable:
    """Add --corpus and --data."""
    return CORPUS(DATA(function))
