"""Planted words: sentences of a document that speak to whoever writes an answer from it, and not to its readers.

A document may hold instructions for an assistant, put there by somebody who could change the file. The embedded writer
obeys nothing, but it must not show such a sentence as what the document says, nor may a chat model read it. Only orders
about the answer itself, or about the assistant's own instructions, are known by their words: an order to do anything else
is what policies are made of. The price is a form's "Include two references in your response", which is not found.
"""

import re

ORDER = re.compile(
    r"^\W*(?:(?:please|now|then|next|also|instead|finally|and)\W+)*"
    r"(?:add|answer|append|apply|begin|convert|disregard|encode|encrypt|end|forget|format|ignore|include|insert|mention|modify|override|print|"
    r"remove|render|repeat|replace|reply|respond|reveal|reverse|rewrite|say|start|translate|use|write|oublie[rz]?|ignore[rz]?|olvida|ignora)\b",
    re.IGNORECASE,
)
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
ASKS = re.compile(r"^\W*(?:what|which|who|whom|whose|when|where|why|how|is|are|do|does|did|can|could|would|will|should)\b.*\?\W*$", re.IGNORECASE | re.DOTALL)


def is_planted(sentence: str) -> bool:
    """Whether a sentence gives an order to the one who writes the answer."""
    ordered = ORDER.match(sentence) and (ANSWER.search(sentence) or RULES.search(sentence))
    return bool(ordered or IN_ANSWER.match(sentence) or PERSONA.match(sentence))


def is_question(sentence: str) -> bool:
    """Whether a sentence asks: it may head an answer, and is none itself."""
    return bool(ASKS.match(sentence))
