"""Judges: others behind the checker's protocol, each by one setting: a cross-encoder for inference, or a chat model."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import RunnableSequence
from langsmith import tracing_context

from assistant.chat_model import failure, load_chat_model, within
from assistant.cross_encoder import load_cross_encoder
from assistant.grounding import Origin, Verdict
from assistant.prompts import load_prompt_file
from assistant.settings import Settings
from assistant.support import Checker, Kind, load_checker
from ingest.errors import ModelFilesError, ModelUnavailable, SettingsError
from ingest.split import plain

PACKAGED_CHECKER, NLI, CHAT = "packaged", "nli:", "chat"
REMEDY = "Look at the name or the folder, fetch it where there is a network, or unset GUIDANCE_CHECKER."


class InferenceJudge:
    """A sentence-transformers CrossEncoder for natural-language inference, by hub name or folder. Imports torch."""

    def __init__(self, name: str) -> None:
        self._model = load_cross_encoder(name, "checker", REMEDY)
        self._entails = self._place(name)

    def _place(self, name: str) -> int:
        """Which of the model's outputs means that the passage entails the statement."""
        if self._model.num_labels == 1:
            return 0
        labels = {str(label).lower(): int(place) for place, label in self._model.config.id2label.items()}
        for label in ("entailment", "entail", "supported", "supports"):
            if label in labels:
                return labels[label]
        raise ModelFilesError(f"The checker {name!r} has the outputs {', '.join(labels)}, and none of them is entailment. {REMEDY}")

    def check(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> Verdict:
        """The probability of entailment by the passages together."""
        import torch

        several = self._model.num_labels > 1
        activation = torch.nn.Softmax(dim=-1) if several else torch.nn.Sigmoid()
        found = self._model.predict([(" ".join(map(plain, passages)), plain(statement))], activation_fn=activation, show_progress_bar=False)[0]
        probability = float(found[self._entails] if several else found)
        words = "the passage entails it" if probability >= 0.5 else "the passage does not entail it"
        return Verdict(probability >= 0.5, f"{words}, by the inference model", probability, () if probability >= 0.5 else ("words",))


@dataclass(frozen=True, slots=True)
class ChatJudge:
    """A chat model asked with `prompts/judge.md`; its reply is one JSON object with probability and reason."""

    chat_model: BaseChatModel
    name: str
    timeout: float = 60.0

    def check(self, statement: str, passages: Sequence[str], origin: Origin = Origin()) -> Verdict:
        """What the model says. Raises ModelUnavailable where it gives no answer that can be read."""
        steps = RunnableSequence(load_prompt_file("judge"), self.chat_model, StrOutputParser(), name="judge")
        asked = {"statement": json.dumps(plain(statement)), "passages": json.dumps([plain(p) for p in passages], ensure_ascii=False)}

        def call() -> str:
            with tracing_context(enabled=False):
                return steps.invoke(asked)

        try:
            reply = within(self.timeout, call)
        except Exception as exc:  # each provider's package raises errors of its own
            raise ModelUnavailable(f"{self.name} {failure(exc)}") from exc
        return self._read(reply)

    def _read(self, reply: str) -> Verdict:
        try:
            found = json.loads(reply[reply.index("{") : reply.rindex("}") + 1])
            probability = min(1.0, max(0.0, float(found["probability"])))
        except (ValueError, KeyError, TypeError) as exc:
            raise ModelUnavailable(f"{self.name} sent a verdict that could not be read; ask again, or unset GUIDANCE_CHECKER") from exc
        supported = probability >= 0.5
        return Verdict(supported, str(found.get("reason") or "no reason was given"), probability, () if supported else ("words",))


def judge_named(name: str, settings: Settings, kind: Kind) -> Checker:
    """The checker of this name; the packaged one is weighed for one kind of statements. Raises SettingsError for another name, and what its loading raises."""
    if name == PACKAGED_CHECKER:
        return load_checker(kind)
    if name.startswith(NLI) and len(name) > len(NLI):
        return InferenceJudge(name.removeprefix(NLI))
    if name == CHAT:
        if settings.model is None:
            raise SettingsError("The judge chat needs a chat model: set GUIDANCE_MODEL to provider:name, or choose packaged.")
        return ChatJudge(load_chat_model(settings), settings.model, settings.model_timeout)
    raise SettingsError(f"GUIDANCE_CHECKER={name!r} is not allowed. Set it to packaged, nli:NAME or chat, or leave it unset.")
