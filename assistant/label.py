"""Labels above a model's statements: whose words they are, whether their time has passed, and on what condition."""

from dataclasses import replace

from assistant.check import voice
from assistant.draft import Claim, lead_in, remark
from assistant.grounding import drops
from assistant.messages import say
from assistant.parties import is_home
from assistant.retrieve import Evidence
from assistant.search import Hit
from assistant.speaker import labels, says

Voice = tuple[str | None, str | None]


def labelled(claims: tuple[Claim, ...], evidence: Evidence) -> list[Claim]:
    """Claims by voice, home's own first and those of today before those of an ended time, each voice under its labels."""
    groups: dict[Voice, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(voice(_first(claim), evidence.home), []).append(claim)
    ordered = sorted(groups, key=lambda v: (v[0] is not None, v[1] is not None))
    lines = [remark(say("home_silent", evidence.language, home=evidence.home or ""))] if _home_is_silent(ordered, evidence) else []
    for group in (groups[v] for v in ordered):
        source = _first(group[0]).source
        lines += labels(_first(group[0]), "" if is_home(source, evidence.home) else says(source, evidence.language), evidence.language)
        lines += led(group)
    return lines


def led(claims: list[Claim]) -> list[Claim]:
    """Claims, each below the lead-in whose condition, "may" or "must" it does not repeat itself."""
    lines: list[Claim] = []
    above: set[tuple[str, int]] = set()
    for claim in claims:
        hits = list({hit.id: hit for hit, _ in claim.rests_on}.values())
        needed = [hit for hit in hits if hit.lead and drops(claim.text, hit.lead_text)]
        above = above if needed and all(_leads(hit) <= above for hit in needed) else set()
        for hit in needed:
            if not _leads(hit) <= above:
                lines.append(lead_in(hit))
                above |= _leads(hit)
        lines.append(replace(claim, item=True) if needed else claim)
        above |= {(hit.source.id, hit.span.start) for hit in hits if hit.kind == "lead" and not drops(claim.text, hit.plain_text)}
    return lines


def _leads(hit: Hit) -> set[tuple[str, int]]:
    return {(hit.source.id, span.start) for span in hit.lead}


def _first(claim: Claim) -> Hit:
    return claim.rests_on[0][0]


def _home_is_silent(voices: list[Voice], evidence: Evidence) -> bool:
    """Whether home was asked, and only others are heard."""
    parties = evidence.parties
    return parties.home_asked and not parties.named and all(publisher is not None for publisher, _ in voices)
