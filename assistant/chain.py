"""The chain, put together once: retrieve, write, check."""

from collections.abc import Callable
from dataclasses import dataclass

from langchain_core.runnables import Runnable, RunnableSequence

from assistant.check import CitedAnswer, check
from assistant.draft import Draft
from assistant.retrieve import Evidence, Retriever, Turn
from assistant.score import AnswerScorer, CrossEncoderScorer
from assistant.search import Library, check_made_with
from assistant.settings import Settings
from assistant.triage import Triage, TriageModel
from assistant.thesaurus import packaged
from assistant.write import write
from ingest.catalogue import Catalogue, current_generation
from ingest.embed import load_embeddings


@dataclass(frozen=True, slots=True)
class Guidance:
    """The assistant: `chain` answers turns, `library` is the index that it reads."""

    chain: Runnable[Turn, CitedAnswer]
    library: Library


def build(settings: Settings, triage: Triage | None = None, scorer: AnswerScorer | None = None) -> Guidance:
    """The default parts for these settings; any part can be passed in instead."""
    check_made_with(settings.embedding_model, Catalogue.load(current_generation(settings.data)), settings.data)  # before anything is loaded or written
    embeddings = load_embeddings(settings.embedding_model, settings.data)
    library = Library(settings.data, embeddings, settings.embedding_model)
    triage = triage or TriageModel()
    retriever = Retriever(library, triage, scorer or CrossEncoderScorer(), packaged())
    return Guidance(RunnableSequence(retriever.retrieve, _writer(settings, triage), check, name="guidance"), library)


def _writer(settings: Settings, triage: Triage) -> Callable[[Evidence], Draft]:
    """The embedded writer, or one that asks the chat model that is set."""
    if settings.model is None:
        return write
    from assistant.model_writer import writer_for

    return writer_for(settings, triage).write
