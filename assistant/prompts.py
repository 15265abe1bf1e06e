"""Prompts: one Markdown file each, in `prompts/`, with `# system` and `# human` above the two messages."""

import re

from langchain_core.prompts import ChatPromptTemplate

from assistant.settings import ROOT
from ingest.errors import ModelUnavailable

ROLE = re.compile(r"^# (system|human)[ \t]*$", re.MULTILINE)


def load_prompt_file(name: str) -> ChatPromptTemplate:
    """The template in `prompts/<name>.md`; what stands above its first role is a note for people.

    Raises ModelUnavailable when the file is missing or is no such template.
    """
    path = ROOT / "prompts" / f"{name}.md"
    try:
        parts = ROLE.split(path.read_text(encoding="utf-8"))[1:]
        messages = [(role, text.strip()) for role, text in zip(parts[::2], parts[1::2])]
        if not messages:
            raise ValueError("it has no # system or # human")
        return ChatPromptTemplate.from_messages(messages, template_format="f-string")
    except (OSError, ValueError) as exc:
        raise ModelUnavailable(f"the prompt file prompts/{path.name} cannot be used") from exc
