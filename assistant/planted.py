"""Planted words: sentences of a document that speak to whoever writes an answer from it, and not to its readers.

A document may hold instructions for an assistant, put there by somebody who could change the file. The embedded writer
obeys nothing, but it must not show such a sentence as what the document says, nor may a chat model read it.
"""

import re

ORDER = re.compile(
    r"^\W*(?:(?:please|now|then|next|also|instead|finally|and)\W+)*(?:(?:can|could|would|will) you (?:please )?)?"
    r"(?:act|add|alternate|anagram|append|apply|begin|combine|compose|conclude|craft|end|enhance|finish|hide|render|sign|start|weave|convert|decode|disregard|draft|embed|encode|encrypt|forget|generate|help|ignore|include|incorporate|"
    r"insert|integrate|invert|jumble|mention|modify|obey|omit|paraphrase|pretend|print|promote|rearrange|recite|recommend|remove|repeat|replace|"
    r"reply|respond|reveal|reverse|rewrite|scramble|shift|shuffle|spell|substitute|suggest|swap|switch|translate|use|write|"
    r"calculate|compare|describe|explain|give|list|name|provide|show|solve|summari[sz]e|teach|tell)\b",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"\b(?:in|with|from|of|to|for|as)?\s*(?:your|the (?:final|entire|whole|next|following|above))\s*(?:next |own |final |entire |whole )?(?:answers?|responses?|repl(?:y|ies)|outputs?|messages?|completions?)\b"
    r"|^\W*(?:reply|respond|answer) (?:only |all |everything )?(?:in|with|by|using|as)\b"
    r"|\bvotre (?:prochaine )?réponse\b|\b(?:tu|su) (?:próxima )?respuesta\b",
    re.IGNORECASE,
)
RULES = re.compile(
    r"\b(?:ignore|disregard|forget|override|reveal|repeat|print)\b.{0,40}\b(?:instructions?|prompts?|rules)\b|\bsystem prompt\b|\bas an ai\b|\byou are (?:now )?an? (?:ai|assistant|language model)\b"
    r"|\b(?:ignore[rz]?|oublie[rz]?|ignora|olvida)\b.{0,30}\b(?:instructions|consignes|instrucciones)\b",
    re.IGNORECASE,
)
MADE = re.compile(
    r"\b(?:poems?|haiku|songs?|lyrics|stor(?:y|ies)|jokes?|recipes?|essays?|slogans?|headlines?|tweets?|riddles?|limericks?|synonyms?|antonyms?|"
    r"equivalent (?:for|of)|(?:in|into|to) (?:french|spanish|german|italian|chinese|japanese|russian|portuguese|arabic)|base ?(?:32|58|64)|cipher|emojis?|morse|"
    r"discounts?|promo(?:tion)?|coupons?|celebrit\w+|conspiracy|movies?|restaurants?|stock market|market share|equations?)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"^\W*(?:what|which|who|whom|whose|when|where|why|how|is|are|do|does|did|can|could|would|will|should)\b.*\?\W*$", re.IGNORECASE | re.DOTALL)


def is_planted(sentence: str) -> bool:
    """Whether a sentence gives an order to the one who writes the answer, or orders a text that has no place in a policy."""
    if RULES.search(sentence) or re.match(r"\W*in your (?:answer|response|reply|output)\b", sentence, re.IGNORECASE):
        return True
    return bool(ORDER.match(sentence)) and bool(ANSWER.search(sentence) or MADE.search(sentence))


def is_question(sentence: str) -> bool:
    """Whether a sentence asks: it may head an answer, and is none itself."""
    return bool(ASKS.match(sentence))
