"""Write without a model: select passages, say them in their own words, and say what the documents leave open."""

import re
from dataclasses import dataclass, replace

from assistant.answerable import COMPARED, THRESHOLD, is_off_topic, is_small_talk, judge
from assistant.draft import Claim, Draft, introduced, remark
from assistant.messages import say
from assistant.notices import alert, complaint, on_quotes, refusal, urgent_help, whom_to_ask
from assistant.parties import Parties, names_stranger, short_name
from assistant.question import Question
from assistant.retrieve import Evidence, Scored
from assistant.search import Hit, Searcher
from assistant.select import BLOCK_WORDS, nearest, select
from assistant.silence import lacking, silences
from assistant.speaker import in_document, labels, says
from ingest.lexical import terms, words
from ingest.manifest import Source

ENDED_PENALTY = 0.1
PERIOD_BONUS = 0.15
SIDE_WORDS = 150
SURE = 0.5
LIKELY = 0.3
HOME_BONUS = 0.05
PREMISE_LIKE, PREMISE_SHARED = 0.42, 1 / 3
REACHED_BY = "email mail phone telephone call write contact reach address number"
SPOKEN_OF = re.compile(r"\b(?:principles?|values?|terms?|words?|means?|meant|called|phrase|says?|written|whose|stands? for|criteri\w+|priorit\w+|objectives?)\b", re.IGNORECASE)
"""What asks about quoted words themselves, and not about the thing."""
WHOSE = re.compile(r"\bwhose\b|\bor (?:is (?:it|that|this)|who|which|another|somebody|someone)\b", re.IGNORECASE)


Answer = tuple[Evidence, list[Claim], bool]
"""One question with the claims that answer it, and whether every side of it is answered."""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits that may answer together, best first; `speaker` is the line that names who speaks, where it has to.

    `compared` says that the group was asked for outright, as one side of a comparison.
    """

    hits: tuple[Scored, ...]
    speaker: str = ""
    compared: bool = False


def write(evidence: Evidence) -> Draft:
    """The embedded writer: an answer made of the documents' own sentences, or why there is none."""
    status = evidence.screening.status
    if status == "urgent":
        return Draft(evidence, status, urgent_help(evidence.screening.message, evidence.screening.language, evidence.home, evidence.contacts))
    if status is not None:
        return Draft(evidence, status, refusal(evidence.screening))
    if is_small_talk(evidence) or names_stranger(evidence.question, evidence.searcher):
        return abstention(evidence)
    answers = [(part, *_answer(part)) for part in evidence.parts or (evidence,)]
    if not any(claims for _, claims, _ in answers):
        return abstention(evidence)
    unanswered = _unanswered(answers)
    claims = _joined(answers, unanswered) if evidence.parts else answers[0][1]
    warning = alert(evidence.home, evidence.language) if evidence.screening.alert else ()
    complete = not unanswered and all(whole for _, claims, whole in answers if claims)
    return Draft(evidence, "answered" if complete else "partial", (*warning, *claims, *on_quotes(claims, evidence.language), *_where_to_complain(evidence)))


def _answer(evidence: Evidence) -> tuple[list[Claim], bool]:
    """The claims that answer one question, and whether every side of it is answered from where it should be."""
    parties = evidence.parties
    elsewhere = _from_others(_quoted_elsewhere(evidence), evidence)
    if elsewhere:
        return elsewhere, False
    sides = [_part(group, evidence.question, evidence.searcher) for group in _groups(evidence, parties)]
    claims = [claim for side in sides for claim in side]
    if not claims and parties.home_asked and not parties.named:
        sure = bool(WHOSE.search(evidence.question.text)) or any(s.hit.source.id not in parties.home and (s.answers or 0) >= SURE for s in evidence.hits[:3])
        others = tuple(s for s in evidence.hits if s.hit.source.id not in parties.home)
        return (_from_others(others, evidence) if sure else []), False
    return claims, bool(sides) and all(sides)


def _joined(answers: list[Answer], unanswered: list[Evidence]) -> list[Claim]:
    """The answers to several questions one after the other, nothing said twice, and which of them have none."""
    joined: dict[object, Claim] = {}
    for part, claims, _ in answers:
        missing = [remark(say("part_missing", part.language, part=part.question.written))]
        for claim in claims or (missing if part in unanswered else ()):
            joined.setdefault(tuple((hit.id, span) for hit, span in claim.rests_on) or claim.text, claim)
    return list(joined.values())


def _unanswered(answers: list[Answer]) -> list[Evidence]:
    """The parts that stay open; what was only taken for granted, or is said by another part, does not."""
    return [part for part, claims, _ in answers if not claims and not part.question.premise and not _said_already(part, answers)]


def _said_already(part: Evidence, answers: list[Answer]) -> bool:
    """Whether a part asks for no more than an address, and that stands in what answers the others ("who is it, and which email?")."""
    more = set(part.question.own_terms) - set(terms(REACHED_BY))
    others = " ".join(claim.text for _, claims, _ in answers for claim in claims)
    return "reach" in part.question.forms and not more and "reach" not in lacking(part.question, others)


def _groups(evidence: Evidence, parties: Parties) -> list[Group]:
    """Whose documents to answer from: the bodies named, home where it is meant, else whoever answers best."""
    hits = tuple(sorted((_in_time(s, evidence.question, parties) for s in evidence.hits), key=lambda s: -s.score))
    if "compare" in evidence.question.forms:
        sides = _sides(hits, parties, evidence.language)
        if len(sides) > 1:
            return sides
    others = parties.named - parties.home
    own = tuple(s for s in hits if s.hit.source.id in parties.home & (parties.named or parties.home))
    if others:
        groups = _by_publisher(tuple(s for s in hits if s.hit.source.id in others), evidence.language)[:1]
        return [Group(own), *groups] if parties.home_asked else groups
    if parties.home_asked:
        return [Group(own)]
    favoured = (replace(s, fused=s.fused + HOME_BONUS) if s.hit.source.id in parties.home else s for s in hits)
    best = max(favoured, key=lambda s: s.score, default=None)
    if best is None:
        return []
    same = tuple(s for s in hits if s.hit.source.publisher == best.hit.source.publisher)
    return [Group(same, "" if best.hit.source.id in parties.home else says(best.hit.source, evidence.language))]


def _sides(hits: tuple[Scored, ...], parties: Parties, language: str) -> list[Group]:
    """What a comparison sets side by side: bodies where several are meant, else documents."""
    meant = parties.named | parties.pointed_at | (parties.home if parties.home_asked and parties.named else frozenset())
    among = tuple(s for s in hits if s.hit.source.id in meant)
    groups = _by_publisher(among, language)
    if len(groups) > 1:
        return groups
    shown = {s.hit.source: s.hit.shown.source for s in reversed(among)}
    sources = dict.fromkeys(s.hit.source for s in among)
    return [Group(tuple(s for s in among if s.hit.source == source), in_document(shown[source], language), True) for source in sources]


def _by_publisher(hits: tuple[Scored, ...], language: str) -> list[Group]:
    """One group for each publisher, the one that answers best first."""
    first = {s.hit.source.publisher: s.hit.source for s in reversed(hits)}
    publishers = dict.fromkeys(s.hit.source.publisher for s in hits)
    several = len(publishers) > 1
    return [Group(tuple(s for s in hits if s.hit.source.publisher == p), says(first[p], language), several) for p in publishers]


def _in_time(scored: Scored, question: Question, parties: Parties) -> Scored:
    """A document of the year asked about comes forward; one whose period has ended stands back otherwise."""
    source = scored.hit.source
    if parties.pointed_at:
        return replace(scored, fused=scored.fused + (PERIOD_BONUS if source.id in parties.pointed_at else 0.0))
    if not source.ended:
        return scored
    named = {*question.years, *(year for period in question.periods for year in period)}
    asked_about = question.about_the_past or any(_covers(source, year) for year in named)
    return replace(scored, fused=scored.fused + (PERIOD_BONUS if asked_about else -ENDED_PENALTY))


def _covers(source: Source, year: int) -> bool:
    first = int((source.published or "9999")[:4])
    last = int((source.in_force_until or "0")[:4])
    return first <= year <= last


def _part(group: Group, question: Question, searcher: Searcher) -> list[Claim]:
    """The claims of one group, or none where it does not answer."""
    if not _meets(question, group.hits) and not judge(group.hits, question).holds(COMPARED if group.compared else THRESHOLD):
        return []
    selection = select(group.hits, question, searcher, SIDE_WORDS if group.compared else BLOCK_WORDS)
    best = selection.hits[0] if selection.whole or question.premise else group.hits[0].hit
    hits = tuple(h for h in selection.hits if h.source.ended == best.source.ended)
    if _misses(question, hits):
        hits = _holding(group.hits, question)
        if not hits:
            return []
        best = hits[0]
    claims = [*labels(best, group.speaker, question.language), *introduced(hits)]
    if question.premise:
        return claims
    open_points = silences(question, _text(hits), _text(_around(hits, searcher)) if "yes_no" in question.forms else "")
    return [*claims, remark(say("silent", question.language, what=open_points))] if open_points else claims


def _meets(question: Question, hits: tuple[Scored, ...]) -> bool:
    """Whether a passage speaks of what the question takes for granted: near it, with a third of its words."""
    if not question.premise or not hits:
        return False
    hit, said = nearest(hits), set(question.own_terms)
    return hit.dense >= PREMISE_LIKE and len(said & set(terms(f"{hit.lead_text} {hit.plain_text}"))) >= PREMISE_SHARED * len(said)


def _around(hits: tuple[Hit, ...], searcher: Searcher) -> tuple[Hit, ...]:
    """All that stands in the lists and paragraphs of the hits: what it says is not left open, though it is not said here."""
    return tuple(member for hit in {h.block: h for h in hits}.values() for member in searcher.siblings(hit))


def _text(hits: tuple[Hit, ...]) -> str:
    return " ".join(f"{h.lead_text} {h.plain_text}" for h in hits)


def _misses(question: Question, hits: tuple[Hit, ...]) -> bool:
    """Whether the question asks outright for an amount, a date, an address or a person's name that the hits do not hold."""
    text = _text(hits)
    for body in {name for h in hits for name in (h.source.publisher, h.source.title, short_name(h.source)) if name}:
        text = text.replace(body, "")  # the name of a body is no person's
    return "yes_no" not in question.forms and bool({"amount", "date", "reach", "name"} & set(lacking(question, text)))


def _holding(ranked: tuple[Scored, ...], question: Question) -> tuple[Hit, ...]:
    """The best passage that answers and does hold what the question asks for."""
    likely = (s.hit for s in ranked[:8] if (s.answers or 0.0) >= LIKELY)
    return next(((hit,) for hit in likely if not _misses(question, (hit,))), ())


def _quoted_elsewhere(evidence: Evidence) -> tuple[Scored, ...]:
    """The passages of other bodies that hold words which the question quotes as home's, where no document of home's holds them."""
    question, parties = evidence.question, evidence.parties
    if not parties.home_asked or parties.named or not SPOKEN_OF.search(question.text):
        return ()
    quoted = [" ".join(words(phrase)) for phrase in question.quoted if not evidence.searcher.at_home(phrase)]
    return tuple(s for s in evidence.hits if s.hit.source.id not in parties.home and any(phrase in " ".join(words(s.hit.plain_text)) for phrase in quoted))


def _from_others(hits: tuple[Scored, ...], evidence: Evidence) -> list[Claim]:
    """What another body says where home is silent: under its own name, behind the word that home is silent."""
    group = _by_publisher(hits, evidence.language)[:1]
    claims = _part(group[0], evidence.question, evidence.searcher) if group else []
    return [remark(say("home_silent", evidence.language, home=evidence.home or "")), *claims] if claims else []


def abstention(evidence: Evidence) -> Draft:
    """Not in the documents, or not a matter for them."""
    hits = evidence.all_hits
    if is_off_topic(evidence):
        return Draft(evidence, "out_of_scope", (remark(say("out_of_scope", evidence.language)),))
    sentence = say("not_covered_partner" if evidence.turn.audience == "partner" else "not_covered", evidence.language)
    shown = hits[0].hit.shown
    heading = shown.trail.split(" > ")[-1]
    title = shown.source.title or shown.source.id
    where = say("heading_in", evidence.language, heading=heading, title=title) if heading and heading != title else title
    ask = _where_to_complain(evidence) or (whom_to_ask("partnerships", evidence.home, evidence.contacts, evidence.language),)
    return Draft(evidence, "not_covered", (remark(sentence), remark(say("nearest", evidence.language, nearest=where)), *ask))


def _where_to_complain(evidence: Evidence) -> tuple[Claim, ...]:
    return complaint(evidence.question.text, evidence.home, evidence.contacts, evidence.language)
