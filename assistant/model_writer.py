"""Write with a chat model, from the passages that were found; the embedded writer decides whether, and stands in."""

from dataclasses import dataclass, replace

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import RunnableSequence
from langsmith import tracing_context

from assistant.chat_model import RETRIES, failure, load_chat_model, within
from assistant.check import verdict_on
from assistant.draft import Claim, Draft, remark
from assistant.keyed import NOT_IN_DOCUMENTS, Reply, as_json_lines, keyed, parse
from assistant.label import labelled
from assistant.messages import say
from assistant.prompts import load_prompt_file
from assistant.retrieve import Evidence
from assistant.screen import clean, language_of
from assistant.search import Hit
from assistant.settings import Settings
from assistant.silence import silences
from assistant.triage import Triage
from assistant.write import abstention, write
from ingest.errors import ModelUnavailable, QuestionError

WRITTEN = ("answered", "partial")
PASSAGES = 24
GRACE = 2.0


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """A writer that asks a chat model.

    `triage` reads the earlier messages that a question leans on: without it such a question is not sent. `timeout` is
    the seconds for one attempt.
    """

    chat_model: BaseChatModel
    name: str
    triage: Triage | None = None
    timeout: float = 60.0

    def write(self, evidence: Evidence) -> Draft:
        """The model's statements, checked, or the embedded answer where it fails or where nothing may be sent.

        The check compares English words with English words, so a question in another language gets the embedded answer.
        """
        embedded = write(evidence)
        if embedded.status not in WRITTEN or evidence.question.original or not self._may_be_sent(evidence):
            return embedded
        hits = keyed(passages(evidence, embedded))
        try:
            reply = parse(self._ask(evidence, hits), hits)
        except ModelUnavailable as exc:
            return standing_in(embedded, str(exc))
        if reply.not_there and not reply.claims:
            return replace(abstention(evidence), writer=self._writer)
        return self._checked(reply, embedded)

    @property
    def _writer(self) -> str:
        return f"model {self.name}"

    def _may_be_sent(self, evidence: Evidence) -> bool:
        """Nothing that may be about someone in danger leaves this machine, nor an earlier message of that kind."""
        context = evidence.question.context
        leant_on = [m for m in evidence.turn.earlier if m.strip() and (m in context or context and language_of(m) != "en")]
        return not evidence.screening.alert and all(self._is_plain(m) for m in leant_on)

    def _is_plain(self, message: str) -> bool:
        """Whether an earlier message was a question like any other."""
        if self.triage is None:
            return False
        try:
            verdict = self.triage.judge(clean(message))
        except QuestionError:
            return False
        return not (verdict.urgent or verdict.perhaps_urgent or verdict.misuse)

    def _ask(self, evidence: Evidence, hits: dict[str, Hit]) -> str:
        """The model's reply. Raises ModelUnavailable with a plain phrase, whatever went wrong."""
        steps = RunnableSequence(load_prompt_file("answer"), self.chat_model, StrOutputParser(), name="model writer")
        asked = {
            "organisation": evidence.home or "the organisation",
            "asked_by": asked_by(evidence),
            "question": evidence.question.standalone,
            "passages": as_json_lines(hits),
            "not_in_documents": NOT_IN_DOCUMENTS,
        }

        def call() -> str:
            with tracing_context(enabled=False):
                return steps.invoke(asked)

        try:
            return within((RETRIES + 1) * self.timeout + GRACE, call)
        except ModelUnavailable:
            raise
        except Exception as exc:  # each provider's package raises errors of its own
            raise ModelUnavailable(f"{self.name} {failure(exc)}") from exc

    def _checked(self, reply: Reply, embedded: Draft) -> Draft:
        """The statements that hold, under their labels; those that do not go along, for the check to count."""
        evidence = embedded.evidence
        verdicts = [(claim, verdict_on(claim, evidence)) for claim in reply.claims]
        kept = tuple(claim for claim, verdict in verdicts if verdict and verdict.supported)
        failed = tuple(claim for claim, verdict in verdicts if not (verdict and verdict.supported))
        if not kept:
            return standing_in(embedded, f"{self.name} wrote nothing that the documents support", failed)
        text = " ".join(f"{hit.lead_text} {hit.plain_text}" for claim in kept for hit, _ in claim.rests_on)
        missing = say("silent_rest") if reply.not_there else silences(evidence.question, text)
        notes = (remark(say("silent", evidence.language, what=missing)),) if missing else ()
        status = "partial" if reply.not_there else embedded.status
        return Draft(evidence, status, (*labelled(kept, evidence), *failed, *notes), self._writer)


@dataclass(frozen=True, slots=True)
class StandIn:
    """The embedded writer in the place of a model that could not be set up; each answer says why."""

    reason: str

    def write(self, evidence: Evidence) -> Draft:
        """The embedded answer, with the reason where the model would have written."""
        embedded = write(evidence)
        return standing_in(embedded, self.reason) if embedded.status in WRITTEN else embedded


def writer_for(settings: Settings, triage: Triage, usage: BaseCallbackHandler | None = None) -> ModelWriter | StandIn:
    """The writer for the model that is set; it contacts nobody yet."""
    try:
        return ModelWriter(load_chat_model(settings, usage), settings.model or "", triage, settings.model_timeout)
    except ModelUnavailable as exc:
        return StandIn(str(exc))


def standing_in(embedded: Draft, reason: str, failed: tuple[Claim, ...] = ()) -> Draft:
    """The embedded answer and the word that the model could not be used; its failed statements are counted."""
    return replace(embedded, claims=(*embedded.claims, *failed, remark(say("model_failed", embedded.evidence.language, reason=reason))))


def passages(evidence: Evidence, embedded: Draft) -> list[Hit]:
    """What the model may read: what the embedded answer rests on and the best other hits of the bodies that are meant."""
    rests_on = [hit for claim in embedded.claims for hit, _ in claim.rests_on]
    parties = evidence.parties
    meant = parties.named | (parties.home if parties.home_asked else frozenset())
    others = [s.hit for s in evidence.all_hits if not meant or s.hit.source.id in meant]
    return list({hit.id: hit for hit in (*rests_on, *others[:PASSAGES])}.values())


def asked_by(evidence: Evidence) -> str:
    """Who asks, and whom "we" and "you" mean in the question."""
    home = evidence.home or "the organisation"
    if evidence.turn.audience == "staff":
        return f"a member of staff of {home}; “we”, “us” and “our” mean {home}"
    return f"somebody at a partner organisation of {home}; “you” and “your” mean {home}, “we” and “our” the partner organisation"
