"""Grounding: prose that a passage carries, and prose that it does not, with the reason."""

import pytest

from assistant.grounding import Origin, supported_by

HOME = Origin("Anti-Slavery International", "Anti-Slavery International")
OTHER = Origin("Modern Slavery PEC", "Anti-Slavery International", foreign=True)
OFFERS = "Depending on agreed needs and priorities, Anti-Slavery International offers partner organisations these contributions:"
FUNDING = [OFFERS, "Access to donor funding for joint work/shared priorities."]
COSTS = [OFFERS, "Commitment to include the partner's relevant core organisational costs in any funding agreement."]
SPEAKS = ["Speaking out on issues when partners' own context constrains them from speaking out themselves."]
INVEST = ["Anti-Slavery International will invest in organisational capacity strengthening for its partner organisations."]
MAY = ["Partner organisations may offer Anti-Slavery International these contributions:", "Current data and evidence on slavery issues."]
JOINT = ["International advocacy work by Anti-Slavery International will be informed by its partners and, where possible, carried out jointly with them."]
TEN = ["Anti-Slavery International will by 2020 have obtained significant changes in at least 10 countries."]
NOT_ALWAYS = ["In this relationship Anti-Slavery International and its partner may not always have funded work together."]
LIMITS = ["Its role as a funding intermediary often limits how far its partnerships can be truly equitable."]
LIST = ["The Modern Slavery PEC hosts a mailing list, which is an open and free space for researchers."]
OWAIN = ["Please contact Owain Johnstone, Partnerships Manager at the Modern Slavery PEC (o.johnstone@modernslaverypec.org)."]


@pytest.mark.parametrize(("statement", "quotes", "origin"), [
    ("Access to donor funding for joint work/shared priorities", FUNDING, HOME),
    ("Depending on agreed needs, partners get access to donor funding for joint work.", FUNDING, HOME),
    ("Yes, depending on agreed needs: relevant core organisational costs are included in any funding agreement.", COSTS, HOME),
    ("Anti-Slavery International speaks out on issues when a partner's own context constrains it.", SPEAKS, HOME),
    ("Anti-Slavery International will invest in strengthening the capacity of its partner organisations.", INVEST, HOME),
    ("Partner organisations may offer current data and evidence on slavery.", MAY, HOME),
    ("Its advocacy will be carried out jointly with partners where possible.", JOINT, HOME),
    ("It will have obtained significant changes in at least ten countries by 2020.", TEN, HOME),
    ("The Modern Slavery PEC hosts a mailing list, a free and open space for researchers.", LIST, OTHER),
    ("The contact is Owain Johnstone, Partnerships Manager (o.johnstone@modernslaverypec.org).", OWAIN, OTHER),
])  # fmt: skip
def test_faithful_prose_is_supported(statement: str, quotes: list[str], origin: Origin) -> None:
    verdict = supported_by(statement, quotes, origin)
    assert verdict.supported, verdict.reason


@pytest.mark.parametrize(("statement", "quotes", "origin", "reason"), [
    ("Anti-Slavery International offers access to donor funding of £5,000.", FUNDING, HOME, "numbers or times"),
    ("It will have obtained significant changes in 10 countries by 2020.", TEN, HOME, "numbers or times"),
    ("It will have obtained significant changes in at least 10 years.", TEN, HOME, "numbers or times"),
    ("Depending on needs, access to donor funding is offered monthly.", FUNDING, HOME, "numbers or times"),
    ("Please contact Jane Smith, Partnerships Manager.", OWAIN, OTHER, "names"),
    ("Please contact Owain Johnstone (owain@example.org).", OWAIN, OTHER, "addresses"),
    ("Access to donor funding at www.example.org, depending on needs.", FUNDING, HOME, "addresses"),
    ("Anti-Slavery International does not offer access to donor funding.", FUNDING, HOME, "denies"),
    ("Anti-Slavery International and its partner may have funded work together.", NOT_ALWAYS, HOME, "one side only"),
    ("Anti-Slavery International guarantees access to donor funding.", FUNDING, HOME, "guarantees"),
    ("Partner organisations must offer current data and evidence on slavery.", MAY, HOME, "must"),
    ("Anti-Slavery International may invest in capacity strengthening for its partner organisations.", INVEST, HOME, "weakens"),
    ("All partner organisations have access to donor funding.", FUNDING, HOME, "All"),
    ("Anti-Slavery International funds joint work.", FUNDING, HOME, "funds"),
    ("Anti-Slavery International speaks out on issues for its partners.", SPEAKS, HOME, "leaves out"),
    ("Its advocacy will be carried out jointly with its partners.", JOINT, HOME, "leaves out"),
    ("Its role as a funding intermediary limits how far its partnerships can be equitable.", LIMITS, HOME, "leaves out"),
    ("Partner organisations offer Anti-Slavery International access to donor funding.", FUNDING, HOME, "another party"),
    ("We host a mailing list for researchers.", LIST, OTHER, "another body"),
    ("You can join the mailing list for researchers.", LIST, OTHER, "another body"),
    ("For Anti-Slavery, a mailing list is an open space for researchers.", LIST, Origin("Anti-slavery international network", OTHER.home, True), "is named"),
    ("Anti-Slavery International offers cars and houses.", FUNDING, HOME, "words not"),
    ("Depending on needs, it offers access to donor funding, free office space and joint work.", FUNDING, HOME, "words not"),
    ("Yes.", COSTS, HOME, "nothing in it"),
    ("Commitment to include the partner", [], HOME, "does not say"),
])  # fmt: skip
def test_unfaithful_prose_is_not(statement: str, quotes: list[str], origin: Origin, reason: str) -> None:
    verdict = supported_by(statement, quotes, origin)
    assert not verdict.supported and reason in verdict.reason, verdict.reason
