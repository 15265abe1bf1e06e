"""Questions in French and Spanish: read in English words, answered with the documents' own, framed in the asker's language."""

import json
import re
import string
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.chain import Guidance, build
from assistant.check import CitedAnswer
from assistant.question import understand
from assistant.rerank import Readers
from assistant.retrieve import Turn
from assistant.screen import language_after, language_of
from assistant.search import Library
from assistant.settings import Settings
from assistant.thesaurus import packaged
from assistant.translate import LANGUAGES, WORDS, in_english
from conftest import ROOT
from fakes import EvenScorer, WordTriage
from ingest.embed import DEFAULT_MODEL
from ingest.manifest import Audience
from ingest.pipeline import ingest

MESSAGES = tomllib.loads((ROOT / "assistant" / "messages.toml").read_text(encoding="utf-8"))
Ask = Callable[..., CitedAnswer]


@pytest.fixture(scope="module")
def ask(guidance: Guidance) -> Ask:
    """Asks messages one after the other and gives the last answer."""

    def asked(*messages: str, audience: Audience = "partner") -> CitedAnswer:
        told: tuple[str, ...] = ()
        for position, message in enumerate(messages):
            answer = guidance.chain.invoke(Turn(message, messages[:position], audience, told))
            told = (*told, answer.told)
        return answer

    return asked


def english(message: str, language: str) -> str:
    """A message in English words, without an index at hand."""
    return in_english(message, language, packaged(), lambda word: "")


# In English words


@pytest.mark.parametrize(
    ("language", "message", "wanted"),
    [
        ("fr", "Quels sont vos principes de partenariat ?", "what are your partnership principles?"),
        ("fr", "quels sont vos principes de partenariat", "what are your partnership principles"),
        ("fr", "Est-ce que vous payez nos frais de fonctionnement ?", "do you pay our core costs?"),
        ("fr", "est ce que vous payez nos frais generaux", "do you pay our core costs"),
        ("fr", "Vous payez le loyer ?", "do you pay the rent?"),
        ("fr", "Quel soutien pouvons-nous attendre de vous ?", "what support can we expect of you?"),
        ("fr", "Que cherchez-vous chez un partenaire ?", "what do you look for from a partner?"),
        ("fr", "Que peuvent offrir les partenaires ?", "what can partners offer?"),
        ("fr", "Que peuvent nous apporter les organisations partenaires ?", "what can partner organisations offer us?"),
        ("fr", "Qu’attendez-vous de nous ?", "what do you expect of us?"),
        ("fr", "Combien d'argent donnez-vous ?", "how much money do you give?"),
        ("fr", "c koi un partenariat strategique", "what is a strategic partnership"),
        ("fr", "Quelles sont les valeurs d'Anti-Slavery International ?", "what are the values of Anti-Slavery International?"),
        ("fr", "Pouvez-vous parler à notre place quand c'est trop risqué ?", "can you speak out for us when it is too dangerous?"),
        ("es", "¿Pueden hablar por nosotros cuando en nuestro país es peligroso?", "can you speak out for us when in our country it is dangerous?"),
        ("es", "¿Qué apoyo pueden esperar de ustedes las organizaciones socias?", "what support can partner organisations expect from you?"),
        ("es", "¿Pagan los gastos de oficina?", "do you pay the core costs?"),
        ("es", "que ofrecen a los socios", "what do you offer to the partners"),
        ("es", "¿Qué ofrecemos a nuestros socios?", "what do we offer to our partners?"),
        ("es", "¿Qué pueden aportar los socios?", "what can partners offer?"),
        ("es", "¿Qué pueden ofrecernos los socios?", "what can partners offer us?"),
        ("es", "¿Nos ayudan?", "do you help us?"),
        ("es", "¿Cuánto dinero reciben las organizaciones socias?", "how much money do partner organisations get?"),
        ("es", "cuales son sus prioridades estrategicas", "what are your strategic priorities"),
    ],
)
def test_a_question_is_put_into_english_words(language: str, message: str, wanted: str) -> None:
    assert english(message, language) == wanted


@pytest.mark.parametrize(
    ("language", "message", "word"),
    [
        ("fr", "la complémentarité", "complementarity"),
        ("fr", "la viabilité", "viability"),
        ("fr", "les partenarires", "partner"),
        ("es", "la transformación", "transformation"),
        ("es", "democrático", "democratic"),
    ],
)
def test_a_word_of_neither_list_is_read_through_its_likeness(language: str, message: str, word: str) -> None:
    assert word in english(message, language)


@pytest.mark.parametrize(
    ("language", "message", "form"),
    [
        ("fr", "Combien d'argent donnez-vous ?", "amount"),
        ("fr", "Quand faut-il envoyer les rapports ?", "date"),
        ("fr", "Qui est le responsable des partenariats ?", "person"),
        ("fr", "Pouvez-vous nous aider ?", "yes_no"),
        ("fr", "Quels sont vos critères ?", "list"),
        ("fr", "Quelle différence entre les deux ?", "compare"),
        ("fr", "Pourquoi travaillez-vous ainsi ?", "why"),
        ("es", "¿Cuánto dinero dan?", "amount"),
        ("es", "¿Cuántos principios hay?", "number"),
        ("es", "¿Cuál es el plazo?", "date"),
        ("es", "¿Pueden ayudarnos?", "yes_no"),
        ("es", "¿Cuáles son los criterios?", "list"),
        ("es", "¿Por qué trabajan en alianza?", "why"),
    ],
)
def test_the_form_of_a_question_is_seen_through_its_english(language: str, message: str, form: str) -> None:
    assert form in understand(english(message, language), (), "partner").forms


@pytest.mark.parametrize(
    ("language", "message", "audience", "home"),
    [
        ("fr", "Quels sont vos principes ?", "partner", True),
        ("fr", "Quels sont vos principes ?", "staff", False),
        ("fr", "Quels sont nos principes ?", "staff", True),
        ("es", "¿Qué ofrecen ustedes?", "partner", True),
        ("es", "¿Qué ofrecemos?", "staff", True),
        ("es", "¿Qué ofrece el PEC?", "partner", False),
    ],
)
def test_home_is_meant_in_every_language_as_in_english(language: str, message: str, audience: Audience, home: bool) -> None:
    assert understand(english(message, language), (), audience).addresses_home is home


def test_no_form_of_the_everyday_words_stands_for_two_english_words() -> None:
    for language, table in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        forms = [form for each in table.values() for form in each]
        assert (language, [form for form in set(forms) if forms.count(form) > 1]) == (language, [])


# Answers


@pytest.mark.parametrize(
    ("message", "audience", "language", "words"),
    [
        ("Est-ce que vous payez nos frais de fonctionnement ?", "partner", "fr", "coûts organisationnels de base pertinents"),
        ("Quelles sont nos priorités stratégiques ?", "staff", "fr", "Construction du mouvement"),
        ("Que peuvent nous apporter les organisations partenaires ?", "staff", "fr", "peuvent offrir à Anti-Slavery International"),
        ("Pouvez-vous parler à notre place quand c'est trop risqué pour nous ?", "partner", "fr", "Prise de parole"),
        ("Que recommande le Rights Lab au gouvernement national ?", "staff", "fr", "fund co-ordinators"),
        ("¿Pagan los gastos de oficina?", "partner", "es", "relevant core organisational costs"),
        ("¿Cuáles son nuestras prioridades estratégicas?", "staff", "es", "Movement Building"),
        ("¿Qué apoyo pueden esperar de ustedes las organizaciones socias?", "partner", "es", "Access to donor funding"),
        ("¿Pueden hablar por nosotros cuando en nuestro país es peligroso?", "partner", "es", "Speaking out on issues"),
        ("hola, ¿que significa mutual accountability en sus principios?", "partner", "es", "answerable to one another"),
    ],
)
def test_a_question_is_answered_with_the_passage(ask: Ask, message: str, audience: Audience, language: str, words: str) -> None:
    answer = ask(message, audience=audience)
    assert (answer.status, answer.language) == ("answered", language) and words in answer.text


@pytest.mark.parametrize(
    ("before", "message", "language", "words"),
    [
        ("Quels sont vos principes de partenariat ?", "Et la solidarité, ça veut dire quoi ?", "fr", "manifester publiquement"),
        ("¿Cuáles son sus principios de asociación?", "¿Y qué quiere decir complementariedad?", "es", "unique contribution"),
        ("What are your partnership principles?", "Et la solidarité, ça veut dire quoi ?", "fr", "manifester publiquement"),
    ],
)
def test_a_follow_up_takes_the_question_before_along(ask: Ask, before: str, message: str, language: str, words: str) -> None:
    answer = ask(before, message)
    assert (answer.status, answer.language) == ("answered", language) and words in answer.text


def test_the_english_passage_stands_behind_the_french_one(ask: Ask) -> None:
    answer = ask("Est-ce que vous payez nos frais de fonctionnement ?")
    told = [s for s in answer.statements if s.marks]
    pairs = [tuple(answer.citations[m - 1] for m in statement.marks) for statement in told]
    assert all([c.source for c in pair] == ["asi-approach-2023-fr", "asi-approach-2023"] for pair in pairs)
    assert "core organisational costs" in pairs[1][1].quote and "core organisational costs" in answer.told
    assert [answer.language_of(s) for s in answer.statements[:2]] == ["fr", "fr"]


def test_an_english_and_a_spanish_question_never_meet_the_french(ask: Ask) -> None:
    for message in ("What are your partnership principles?", "¿Cuáles son sus principios de asociación?", "Dynamique Inclusive Transformatrice values"):
        assert {c.source for c in ask(message).citations} <= {"asi-approach-2023"}


# The frame


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("Est-ce que vous payez nos frais de fonctionnement ?", "Les documents ne précisent pas le montant, le délai ni qui décide."),
        ("Est-ce que vous payez nos frais de fonctionnement ?", MESSAGES["fr"]["unchecked"]),
        ("Quelle est la vision d'Anti-Slavery International ?", "Extrait d'un document dont la période est terminée (2020)"),
        ("Quelle est la vision d'Anti-Slavery International ?", "Les citations restent dans leur langue d'origine (anglais)."),
        ("¿Pagan los gastos de oficina?", "Los documentos no indican el importe, el plazo ni quién decide."),
        ("¿Pagan los gastos de oficina?", "Las citas se mantienen en su idioma original (inglés)."),
        ("¿Cuál es la fecha límite para enviar los informes?", "Los documentos compartidos con los socios no lo dicen."),
        ("¿Qué entiende el Modern Slavery PEC por transparencia?", "Modern Slavery PEC dice:"),
        ("Quel temps fera-t-il demain à Paris ?", MESSAGES["fr"]["out_of_scope"]),
    ],
)
def test_the_frame_is_in_the_language_of_the_asker(ask: Ask, message: str, line: str) -> None:
    assert ask(message).text.count(line) == 1


def test_an_english_answer_says_nothing_of_languages(ask: Ask) -> None:
    assert not any(MESSAGES["en"][name].split("(")[0] in ask("What support do you offer?").text for name in ("in_original", "unchecked"))


def test_a_part_that_is_missing_is_named_as_it_was_asked(ask: Ask) -> None:
    assert "Absent des documents : « Et qui est votre directeur ? »" in ask("Quels sont vos principes ? Et qui est votre directeur ?").text


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_sentence_of_the_frame_exists_with_the_same_places(language: str) -> None:
    def places(table: dict[str, str]) -> dict[str, set[str | None]]:
        return {name: {field for _, field, _, _ in string.Formatter().parse(sentence) if field} for name, sentence in table.items()}

    assert places(MESSAGES[language]) == places(MESSAGES["en"])


# Which language


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("solidarité", "fr"),
        ("nos valeurs", "fr"),
        ("frais de fonctionnement ?", "fr"),
        ("vos principes ?", "fr"),
        ("costes?", "es"),
        ("sus principios", "es"),
        ("gastos de oficina", "es"),
        ("core costs", "en"),
        ("our mission", "en"),
        ("support", "en"),
    ],
)
def test_a_few_words_are_told_apart_by_the_words_that_are_known(message: str, language: str) -> None:
    assert language_of(message) == language


@pytest.mark.parametrize(
    ("before", "message", "language"),
    [
        ("Quels sont vos principes ?", "MEL ?", "fr"),
        ("¿Cuáles son sus principios?", "2015-2020?", "es"),
        ("Quels sont vos principes ?", "and why?", "en"),
        ("What are your principles?", "MEL?", "en"),
    ],
)
def test_a_message_without_a_language_of_its_own_keeps_that_of_the_conversation(before: str, message: str, language: str) -> None:
    assert language_after((before,), message) == language


@pytest.mark.parametrize(("message", "language"), [("Welche Grundsätze gelten für Partner?", "de"), ("Vocês pagam os custos administrativos dos parceiros?", "pt"), ("Quali sono i vostri principi?", "it")])
def test_other_languages_are_told_which_ones_can_be_asked_in(ask: Ask, message: str, language: str) -> None:
    answer = ask(message)
    assert (answer.status, answer.language, answer.text) == ("unsupported_language", language, MESSAGES[language]["unsupported_language"])


def test_help_and_rules_come_before_the_language(index: Path) -> None:
    chain = build(Settings(data=index), triage=WordTriage(), readers=Readers(EvenScorer())).chain
    assert chain.invoke(Turn("Mon collègue est locked in, quels sont vos principes ?")).status == "urgent"


# Translations of a corpus of one's own


MANIFEST = """home = "Harbour House"
[[source]]
id = "plan"
path = "plan.md"
title = "Plan"
publisher = "Harbour House"
{plan}
[[source]]
id = "plan-fr"
path = "plan-fr.md"
title = "Plan en français"
publisher = "Harbour House"
language = "fr"
translation_of = "plan"
{french}
"""
PLAN = "# Support\n\nHarbour House offers its partners training in safeguarding.\n\nHarbour House pays the rent of small partners.\n"
FRENCH = "# Soutien\n\nHarbour House offre à ses partenaires une formation à la protection.\n\nHarbour House paie le loyer des petits partenaires.\n"
EVERYONE = 'audience = "everyone"'
Answers = Callable[..., CitedAnswer]


@pytest.fixture
def house(new_data: Callable[[], Path], new_corpus: Callable[..., Path], weights: None) -> Answers:
    """Answers of the assistant of a small house whose plan has a French translation."""

    def asked(message: str, audience: Audience, plan: str = EVERYONE, french: str = EVERYONE, text: str = FRENCH) -> CitedAnswer:
        corpus, data = new_corpus({"sources.toml": MANIFEST.format(plan=plan, french=french), "plan.md": PLAN, "plan-fr.md": text}), new_data()
        ingest(corpus, data, DEFAULT_MODEL)
        return build(Settings(data=data), triage=WordTriage()).chain.invoke(Turn(message, (), audience))

    return asked


RENT = "Est-ce que vous payez le loyer ?"


def cited(answer: CitedAnswer) -> set[str]:
    """The ids of the documents that an answer cites."""
    return {citation.source for citation in answer.citations}


def test_a_passage_is_shown_in_the_translation_and_its_original_beside_it(house: Answers) -> None:
    answer = house(RENT, "partner")
    quotes = [c.quote for c in answer.citations]
    place = quotes.index("Harbour House paie le loyer des petits partenaires.")
    assert quotes[place + 1] == "Harbour House pays the rent of small partners." and cited(answer) == {"plan", "plan-fr"}


def test_a_partner_learns_nothing_of_a_translation_for_staff(house: Answers) -> None:
    answer = house(RENT, "partner", french='audience = "staff"')
    assert cited(answer) == {"plan"} and "français" not in answer.text and "Les citations restent" in answer.text


def test_a_partner_learns_nothing_of_an_original_for_staff(house: Answers) -> None:
    answer = house(RENT, "partner", plan='audience = "staff"')
    assert "plan" not in cited(answer) and "pays the rent" not in answer.text


def test_staff_see_both(house: Answers) -> None:
    assert cited(house("Est-ce que nous payons le loyer ?", "staff", 'audience = "staff"', 'audience = "staff"')) == {"plan", "plan-fr"}


def test_a_translation_of_another_length_is_a_document_like_any_other(house: Answers) -> None:
    answer = house(RENT, "partner", text=FRENCH + "\nUne phrase de plus.\n")
    assert all(len(statement.marks) < 2 for statement in answer.statements)


def test_an_english_question_finds_no_translation_of_any_kind(house: Answers) -> None:
    assert cited(house("Do you pay the rent?", "partner", text=FRENCH + "\nUne phrase de plus.\n")) == {"plan"}


def test_a_translation_stands_under_the_label_of_its_original(house: Answers) -> None:
    ended = f'{EVERYONE}\nstatus = "ended"\nin_force_until = "2020"'
    answer = house(RENT, "partner", plan=ended)
    assert "période est terminée (2020) : Plan en français" in answer.text and {c.status for c in answer.citations} == {"ended"}


def test_a_checked_translation_is_not_called_unchecked(house: Answers) -> None:
    answer = house(RENT, "partner", french=f"{EVERYONE}\nchecked = true")
    assert "plan-fr" in cited(answer) and MESSAGES["fr"]["unchecked"] not in answer.text


def test_the_default_model_is_known_to_be_english_only(guidance: Guidance) -> None:
    assert isinstance(guidance.library, Library) and not guidance.library.multilingual


def test_ask_answers_in_french_from_end_to_end(cli: Callable, index: Path, weights: None) -> None:
    done = cli("ask", "Quels sont vos principes de partenariat ?", "--json", "--data", index)
    found = json.loads(done.stdout)
    assert (done.returncode, found["status"]) == (0, "answered") and re.search(r"Solidarité : .+ \[\d+\] \[\d+\]", found["answer"])
