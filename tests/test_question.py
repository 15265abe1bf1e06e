"""Reading a message: what it leaves to the turns before, what it asks for, whom it means, where it happens."""

import datetime

import pytest
from conftest import ROOT

from assistant.notices import countries_in, urgent_help, whom_to_ask
from assistant.question import Question, understand
from assistant.screen import language_of
from ingest.contacts import Contact, load_contacts
from ingest.manifest import Audience

BEFORE = "Which principles guide partnerships?"
HOME = "Example House"
TODAY = datetime.datetime.now(datetime.UTC).date()


def after(message: str, *earlier: str) -> str:
    """The standalone form of a message that follows others."""
    return understand(message, earlier or (BEFORE,), "staff").standalone


# Follow-ups and topic switches


@pytest.mark.parametrize(
    "message",
    [
        "And for research partners?",
        "What about the costs?",
        "How about small organisations?",
        "why?",
        "Do they have to report on it?",
        "Which of these is the most important?",
        "How much is it?",
        "Even small organisations?",
        "such as?",
        "anything else?",
        "Who decides?",
        "thanks, and in research?",
    ],
)
def test_a_follow_up_takes_the_question_before_along(message: str) -> None:
    assert BEFORE in after(message)


@pytest.mark.parametrize(
    "message",
    [
        "What is the vision of Anti-Slavery International?",
        "What does the Modern Slavery PEC say about transparency?",
        "Ok thanks. How do I submit a research idea to the Policy and Evidence Centre?",
        "Which criteria do new partner organisations have to meet?",
        "Does the organisation fund the core costs of a partner?",
        "Thanks! What does the strategy say about child marriage?",
        "Why does Anti-Slavery International work in partnership with local organisations?",
        "When does the period of the strategy on slavery eradication end?",
    ],
)
def test_a_question_that_stands_alone_takes_nothing_along(message: str) -> None:
    assert BEFORE not in after(message)


def test_a_first_message_takes_nothing_along() -> None:
    assert understand("Why?", (), "staff").standalone == "Why?"


def test_a_chain_of_follow_ups_reaches_back_to_its_subject() -> None:
    assert BEFORE in after("And the second one?", BEFORE, "And why?")


def test_a_follow_up_leans_on_the_new_topic_and_not_on_the_one_before() -> None:
    switched = "Which criteria do new partner organisations have to meet?"
    found = after("And why?", BEFORE, switched)
    assert switched in found and BEFORE not in found


def test_the_words_of_a_follow_up_are_kept() -> None:
    assert "research partners" in after("And for research partners?")


# Forms


def forms(message: str) -> frozenset[str]:
    """What a message asks for."""
    return understand(message, (), "staff").forms


@pytest.mark.parametrize(
    ("message", "form"),
    [
        ("How much money can a partner get?", "amount"),
        ("What percentage of core costs is covered?", "amount"),
        ("What is the maximum grant?", "amount"),
        ("How many principles are there?", "number"),
        ("How often does a partner report?", "number"),
        ("When was the approach published?", "date"),
        ("What is the deadline for reports?", "date"),
        ("Who is the partnerships manager?", "person"),
        ("What is the email of the partnerships manager?", "reach"),
        ("Can partners get support with fundraising?", "yes_no"),
        ("is it true that core costs are covered", "yes_no"),
        ("hi, do you pay rent?", "yes_no"),
        ("Which criteria do partners have to meet?", "list"),
        ("List the priorities", "list"),
        ("What are the values?", "list"),
        ("What benefits does partnership bring?", "list"),
        ("How does the policy differ from the strategy?", "compare"),
        ("Compare the two sets of principles", "compare"),
        ("Why do you work in partnership?", "why"),
    ],
)
def test_the_form_of_a_question_is_seen(message: str, form: str) -> None:
    assert form in forms(message)


@pytest.mark.parametrize(
    ("message", "form"),
    [
        ("How much say do partners have?", "amount"),
        ("What is mutual accountability?", "list"),
        ("What does complementarity mean?", "yes_no"),
        ("What is the vision?", "date"),
        ("Describe the project partnerships", "amount"),
        ("What is the mission?", "person"),
    ],
)
def test_a_form_that_is_not_asked_for_is_not_seen(message: str, form: str) -> None:
    assert form not in forms(message)


@pytest.mark.parametrize(("message", "years"), [("What was planned for 2016 and 2018?", {2016, 2018}), ("What holds today?", set()), ("Are 20000 pounds paid?", set())])
def test_the_years_of_a_question_are_read(message: str, years: set[int]) -> None:
    assert understand(message, (), "staff").years == years


@pytest.mark.parametrize("message", ["What held from 2015 to 2020?", "the 2015-2020 strategy", "the strategy 2015–2020"])
def test_a_span_of_years_is_read_as_a_period(message: str) -> None:
    assert understand(message, (), "staff").periods == {(2015, 2020)}


# Who "we" and "you" are


def asked(message: str, audience: Audience) -> Question:
    """A first message of an audience."""
    return understand(message, (), audience)


@pytest.mark.parametrize(
    ("message", "audience", "meant"),
    [
        ("What do we offer?", "staff", True),
        ("What are our principles?", "staff", True),
        ("What do partners give us?", "staff", True),
        ("Can you list the principles?", "staff", False),
        ("What do you offer?", "partner", True),
        ("what r ur values", "partner", True),
        ("What do we have to report?", "partner", False),
        ("Which principles are there?", "partner", False),
    ],
)
def test_the_home_organisation_is_meant_by_we_from_staff_and_by_you_from_a_partner(message: str, audience: Audience, meant: bool) -> None:
    assert asked(message, audience).addresses_home is meant


# Countries


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("She is held in Kenya", ("KE",)),
        ("in the UK", ("GB",)),
        ("in the U.K.", ("GB",)),
        ("a flat in England", ("GB",)),
        ("Ivory Coast", ("CI",)),
        ("He went from France to Spain", ("ES", "FR")),
        ("Elle est au Royaume-Uni", ("GB",)),
        ("une fille enfermée en Allemagne", ("DE",)),
        ("aux États-Unis", ("US",)),
        ("aux Pays-Bas", ("NL",)),
        ("au Sénégal", ("SN",)),
        ("en Côte d’Ivoire", ("CI",)),
        ("está en España", ("ES",)),
        ("en el Reino Unido", ("GB",)),
        ("en los Estados Unidos", ("US",)),
        ("en México", ("MX",)),
        ("en Bangladés", ("BD",)),
        ("He told us that she can not leave", ()),
        ("a woman in Nigeria", ("NG",)),
        ("a woman in Niger", ("NE",)),
        ("no country at all", ()),
    ],
)
def test_the_countries_that_a_message_names_are_found(message: str, codes: tuple[str, ...]) -> None:
    assert countries_in(message) == codes


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("in Northern Ireland", "GB"),
        ("in South Sudan", "SS"),
        ("in Guinea-Bissau", "GW"),
        ("in Equatorial Guinea", "GQ"),
        ("in Papua New Guinea", "PG"),
        ("en République démocratique du Congo", "CD"),
        ("en la República Democrática del Congo", "CD"),
    ],
)
def test_a_country_is_not_taken_for_another_whose_name_is_a_part_of_its_own(message: str, code: str) -> None:
    assert countries_in(message) == (code,)


@pytest.mark.parametrize(("message", "code"), [("in Turkey", "TR"), ("in the DR Congo", "CD"), ("in the US", "US"), ("en Holanda", "NL")])
def test_a_country_is_found_by_its_everyday_name(message: str, code: str) -> None:
    assert countries_in(message) == (code,)


# Contact lines


def contact(role: str, country: str, reach: str, **more: str | None) -> Contact:
    """A contact confirmed today unless `more` says otherwise."""
    return Contact(**{"role": role, "name": f"{role} of {country}", "country": country, "reach": reach, "confirmed": TODAY.isoformat(), **more})


EMERGENCY = tuple(contact("emergency", country, f"{country}-number") for country in ("GB", "IE", "KE", "FR", "ES"))
HELPLINE = contact("helpline", "GB", "GB-helpline")


def help_for(message: str, contacts: tuple[Contact, ...], language: str = "en") -> str:
    """The lines for an urgent message."""
    return "\n".join(claim.text for claim in urgent_help(message, language, HOME, contacts))


def test_the_emergency_number_of_the_country_named_is_given() -> None:
    assert "Emergency number in Kenya: KE-number." in help_for("in Kenya", EMERGENCY)


@pytest.mark.parametrize("message", ["in Kenya", "in Senegal", "au Sénégal", "in Northern Ireland", "nowhere"])
def test_no_emergency_number_of_another_country_is_given(message: str) -> None:
    right = countries_in(message) if message == "in Kenya" else ("GB",) if "Ireland" in message else ()
    lines = help_for(message, EMERGENCY)
    assert [c.country for c in EMERGENCY if c.reach in lines and c.country not in right] == []


def test_each_country_named_gets_its_own_number() -> None:
    lines = help_for("taken from France to Spain", EMERGENCY)
    assert "France: FR-number." in lines and "Spain: ES-number." in lines


def test_the_helpline_of_the_country_named_is_given_as_that_countrys_only() -> None:
    assert "helpline of GB (United Kingdom only): GB-helpline." in help_for("in London, UK", (*EMERGENCY, HELPLINE))


def test_no_helpline_of_another_country_is_given() -> None:
    lines = help_for("in Kenya", (*EMERGENCY, HELPLINE))
    assert "GB-helpline" not in lines and "No helpline for Kenya is entered" in lines


def test_without_a_country_no_helpline_is_given_that_may_not_serve() -> None:
    assert "GB-helpline" not in help_for("she is locked in a house", (*EMERGENCY, HELPLINE))


def test_a_helpline_is_given_with_its_country() -> None:
    assert "(United Kingdom only): GB-helpline." in help_for("she is locked in a house in Leeds, England", (*EMERGENCY, HELPLINE))


def test_help_begins_with_the_emergency_services() -> None:
    assert help_for("in Kenya", EMERGENCY).startswith("If someone is in danger now, contact the emergency services")


@pytest.mark.parametrize(("language", "words"), [("fr", "Numéro d'urgence (France) : FR-number."), ("es", "Número de emergencia (Francia): FR-number.")])
def test_help_is_given_in_the_language_of_the_message(language: str, words: str) -> None:
    assert words in help_for("France", EMERGENCY, language)


def test_the_bundled_contacts_help_somebody_in_the_united_kingdom() -> None:
    lines = help_for("in the UK", load_contacts(ROOT / "corpus"))
    assert "999" in lines and "08000 121 700" in lines


@pytest.mark.parametrize(
    ("confirmed", "note"),
    [
        (None, "KE-number (not confirmed)."),
        ("2020-01-31", "KE-number (last confirmed 2020-01-31, please check)."),
        ((TODAY - datetime.timedelta(days=181)).isoformat(), "please check)."),
        ((TODAY - datetime.timedelta(days=170)).isoformat(), "KE-number."),
    ],
    ids=["never", "years ago", "181 days ago", "170 days ago"],
)
def test_a_number_that_nobody_confirmed_lately_is_shown_as_such(confirmed: str | None, note: str) -> None:
    assert note in help_for("in Kenya", (contact("emergency", "KE", "KE-number", confirmed=confirmed),))


def test_a_contact_is_stale_after_180_days_and_not_before() -> None:
    row = contact("helpline", "GB", "1", confirmed="2024-01-01")
    first = datetime.date(2024, 1, 1)
    assert [row.stale(first + datetime.timedelta(days=days)) for days in (180, 181)] == [False, True]


def test_the_safeguarding_contact_of_the_home_organisation_is_given() -> None:
    own = contact("safeguarding", "everywhere", "safe@example.org", organisation=HOME, name="Ada")
    assert f"Tell the safeguarding contact of {HOME}: Ada, safe@example.org." in help_for("in Kenya", (own,))


def test_the_safeguarding_contact_of_another_body_is_not_given() -> None:
    other = contact("safeguarding", "everywhere", "safe@other.org", organisation="Other House")
    assert "safe@other.org" not in help_for("in Kenya", (other,))


def test_without_a_safeguarding_contact_the_help_says_so() -> None:
    assert "It is not entered in this assistant yet" in help_for("in Kenya", EMERGENCY)


def test_the_contact_for_a_matter_is_that_of_the_home_organisation() -> None:
    own = contact("partnerships", "everywhere", "ada@example.org", organisation=HOME, name="Ada")
    other = contact("partnerships", "everywhere", "bob@other.org", organisation="Other House")
    assert whom_to_ask("partnerships", HOME, (other, own)).text == "To ask about this: Ada, ada@example.org."


def test_the_contact_of_another_body_is_never_given_for_the_home_organisation() -> None:
    assert "@" not in whom_to_ask("partnerships", "Anti-Slavery International", load_contacts(ROOT / "corpus")).text


# Language


@pytest.mark.parametrize(
    "message",
    [
        "what r ur principels 4 partnrs plz",
        "can u tell me bout fundng",
        "wat do u offer partners",
        "hw do i report abuse",
        "MEL",
        "core costs???",
        "GDPR",
        "pls send me info abt core costs asap thx",
        "do u pay 4 overheads or nah",
        "Owain Johnstone email",
        "wht hapens if we cant report in time",
        "CAN PARTNERS GET MONEY FOR RENT",
        "partnership principals equity inclusion etc",
        "Complementarity",
        "safeguarding policy",
        "we are NGO in Dakar, we want be partner, what must we do",
        "please can be explaining the meaning of co-ownership?",
        "What does Voix des Enfants get from the partnership?",
    ],
)
def test_messy_english_is_english(message: str) -> None:
    assert language_of(message) == "en"


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Quels sont vos principes de partenariat ?", "fr"),
        ("Comment devenir partenaire de votre organisation ?", "fr"),
        ("¿Cuáles son sus principios?", "es"),
        ("cuales son los principios", "es"),
        ("Was sind die Grundsätze der Partnerschaft?", "de"),
        ("Quais são os princípios da parceria?", "pt"),
        ("ما هي مبادئ الشراكة؟", "ar"),
        ("साझेदारी के सिद्धांत क्या हैं?", "hi"),
        ("Какие принципы партнёрства?", "ru"),
        ("伙伴关系的原则是什么?", "zh"),
        ("অংশীদারিত্বের নীতিগুলো কী?", "bn"),
    ],
)
def test_another_language_is_told_from_english(message: str, language: str) -> None:
    assert language_of(message) == language


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("When is the deadline?", True), ("and when?", True), ("since when", True), ("Do you know when it starts?", True), ("When exactly?", True),
        ("Can you speak for us when it is dangerous at home?", False), ("When we disagree, who decides?", False), ("What happens when partners leave?", False),
    ],
)
def test_when_asks_for_a_time_or_names_a_condition(message: str, asks: bool) -> None:
    assert ("date" in understand(message, (), "partner").forms) is asks
