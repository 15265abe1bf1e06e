"""Planted words: sentences of a document that speak to whoever writes an answer from it, and not to its readers.

A document may hold instructions for an assistant, put there by somebody who could change the file. The embedded writer
obeys nothing, but it must not show such a sentence as what the document says, nor may a chat model read it: no passage
is made of it, and `guidance ingest` says so. Only orders
about the answer itself, or about the assistant's own instructions, are known by their words: an order to do anything else
is what policies are made of. The price is a form's "Include two references in your response", which is not found.
"""

import re

GARBLE = "anagram|decode|encode|encrypt|invert|jumble|rearrange|reverse|scramble"
VERBS = (
    "add|alter|answer|append|apply|begin|combine|convert|disregard|embed|end|enhance|forget|format|ignore|include|incorporate|insert|integrate|"
    "mention|modify|override|print|remove|render|repeat|replace|reply|respond|reveal|rewrite|say|start|translate|use|write|"
    f"oublie[rz]?|ignore[rz]?|olvida|ignora|{GARBLE}"
)
ORDER = re.compile(rf"^\W*(?:(?:please|now|then|next|also|instead|finally|and|can you|could you)\W+)*(?:{VERBS})\b", re.IGNORECASE)
RUN_ON = re.compile(rf"\s({VERBS.title()})\b(?=[^.!?]*\byour (?:response|reply|answer)\b)")
"""An order put behind words that do not end as a sentence does; its capital tells."""
MESSAGE = re.compile(rf"(?:^|\b(?:can|could) you |[.!?:] )\W*(?:{GARBLE})\b[^.!?]*\byour message\b", re.IGNORECASE)
ANSWER = re.compile(
    r"\byour (?:next |own |final |entire |whole )?(?:answers?|responses?|repl(?:y|ies)|outputs?)\b|\b(?:votre|ta) (?:prochaine )?réponse\b|\b(?:tu|su) (?:próxima )?respuesta\b"
    r"|^\W*(?:reply|respond|answer) (?:only |all |everything )?(?:in|with|as)\b",
    re.IGNORECASE,
)
RULES = re.compile(
    r"\b(?:previous|prior|earlier|preceding|above|all(?: of)? (?:your|the|previous)) (?:instructions?|prompts?)\b|\b(?:your|the) (?:system )?prompt\b"
    r"|\b(?:instructions|consignes) (?:précédentes|ci-dessus)\b|\binstrucciones (?:anteriores|previas)\b",
    re.IGNORECASE,
)
IN_ANSWER = re.compile(r"^\W*in your (?:answer|response|reply|output)\b", re.IGNORECASE)
PERSONA = re.compile(r"^\W*you are (?:now )?an? (?:ai|assistant|chatbot|language model)\b", re.IGNORECASE)
def is_planted(sentence: str) -> bool:
    """Whether a sentence gives an order to the one who writes the answer."""
    ordered = ORDER.match(sentence) and (ANSWER.search(sentence) or RULES.search(sentence))
    return bool(ordered or RUN_ON.search(sentence) or MESSAGE.search(sentence) or IN_ANSWER.match(sentence) or PERSONA.match(sentence))
