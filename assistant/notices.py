"""What the assistant says of itself: refusals, urgent help, and who to ask; never a claim about a document."""

import datetime
import re
import unicodedata
from collections.abc import Iterable

from assistant.draft import Claim, remark
from assistant.messages import say
from assistant.search import Hit
from assistant.screen import Screening
from ingest.contacts import Contact
from ingest.lexical import words

COMPLAINT = re.compile(r"\b(?:complain\w*|grievances?|whistle-?blow\w*|report (?:\w+ ){0,3}(?:misconduct|abuse of power|wrongdoing))\b", re.IGNORECASE)


def refusal(screening: Screening) -> tuple[Claim, ...]:
    """The sentence for a message that is turned away, in its own language."""
    return (remark(say(screening.status or "error", screening.language)),)


def alert(home: str | None, language: str) -> tuple[Claim, ...]:
    """The line above a normal answer when a message may be about someone in danger."""
    return (remark(say("alert", language, home=home or say("organisation", language))),)


def on_quotes(claims: Iterable[Claim], language: str) -> tuple[Claim, ...]:
    """What a reader has to know of the quotes of an answer, once: other languages, unchecked translations, years that differ."""
    shown = [claim.rests_on[0][0] for claim in claims if claim.rests_on]
    foreign = dict.fromkeys(hit.source.language for hit in shown if hit.source.language != language)
    lines = [say("in_original", language, language=" / ".join(language_name(code, language) for code in foreign))] if foreign else []
    lines += [say("unchecked", language)] if any(_unchecked(hit) for hit in shown) else []
    dated = {hit.source.id: hit.source for hit in shown if hit.source.published}
    if len({source.published[:4] for source in dated.values() if source.published}) > 1:
        oldest_last = sorted(dated.values(), key=lambda source: source.published or "", reverse=True)
        lines.append(say("dates_differ", language, dates=" / ".join(f"{source.title or source.id}, {source.published}" for source in oldest_last)))
    return tuple(remark(line) for line in lines)


def without_models(missing: tuple[str, ...], language: str) -> tuple[Claim, ...]:
    """That an answer was made without a model that could not be loaded, and why."""
    return tuple(remark(say("without_model", language, why=why)) for why in missing)


def _unchecked(hit: Hit) -> bool:
    return bool(hit.source.translation_of) and not hit.source.checked


def urgent_help(message: str, language: str, home: str | None, contacts: tuple[Contact, ...]) -> tuple[Claim, ...]:
    """Emergency services first, then the contacts of the countries named, then the organisation's own."""
    countries = countries_in(message)
    lines = [say("urgent_first", language)]
    today = datetime.datetime.now(datetime.UTC).date()
    for code in countries:
        name = country_name(code, language)
        for contact in _of(contacts, "emergency", code):
            lines.append(_dated(say("urgent_emergency", language, country=name, reach=contact.reach), contact, today, language))
        helplines = _of(contacts, "helpline", code)
        lines += [_helpline(c, code, language, today) for c in helplines]
        if not helplines:
            lines.append(say("urgent_no_helpline", language, country=name))
    organisation = home or say("organisation", language)
    own = _own(contacts, "safeguarding", home)
    if own:
        lines.append(_dated(say("urgent_safeguarding", language, home=organisation, reach=_how(own)), own, today, language))
    else:
        lines.append(say("urgent_no_safeguarding", language, home=organisation))
    lines.append(say("urgent_limits", language))
    return tuple(remark(line) for line in lines)


def whom_to_ask(role: str, home: str | None, contacts: tuple[Contact, ...], language: str = "en") -> Claim:
    """The organisation's contact for a matter that the documents leave open, or who to ask for one; a complaint is never sent to whom it may be about."""
    organisation = home or say("organisation", language)
    own = _own(contacts, role, home)
    matter = "complaint" if role == "complaints" else "contact"
    if own is None:
        return remark(say(f"{matter}_missing", language, home=organisation, role=say(f"role_{role}", language)))
    today = datetime.datetime.now(datetime.UTC).date()
    return remark(_dated(say(f"{matter}_for", language, contact=_how(own)), own, today, language))


def complaint(asked: str, home: str | None, contacts: tuple[Contact, ...], language: str) -> tuple[Claim, ...]:
    """Where a question about complaining can be taken, whatever the documents say; nothing for another question."""
    return (whom_to_ask("complaints", home, contacts, language),) if COMPLAINT.search(asked) else ()


def countries_in(message: str) -> tuple[str, ...]:
    """ISO codes of the countries that a message names, in English, French or Spanish, in alphabetical order."""
    text = f" {' '.join(words(_plain(message)))} "
    found = {"US"} if re.search(r"\bUS\b|\bU\.S\.", message) else set()
    for name, code in sorted(_country_names().items(), key=lambda item: -len(item[0])):
        if f" {name} " in text:
            found.add(code)
            text = text.replace(f" {name} ", " , ")
    return tuple(sorted(found))


def country_name(code: str, language: str) -> str:
    """A country's name in a language."""
    return _locale(language).territories.get(code, code)


def language_name(code: str, language: str) -> str:
    """A language's name in a language."""
    return _locale(language).languages.get(code, code)


def _locale(language: str):
    from babel import Locale, UnknownLocaleError

    try:
        return Locale(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


_OTHER_NAMES = {
    "uk": "GB", "u k": "GB", "britain": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "angleterre": "GB", "grande bretagne": "GB", "ecosse": "GB", "inglaterra": "GB", "gran bretana": "GB", "escocia": "GB",
    "usa": "US", "u s a": "US", "america": "US", "etats unis": "US", "estados unidos": "US", "eeuu": "US", "ee uu": "US",
    "ivory coast": "CI", "drc": "CD", "rdc": "CD", "congo kinshasa": "CD", "holland": "NL", "burma": "MM", "republique democratique du congo": "CD", "republica democratica del congo": "CD", "democratic republic of the congo": "CD",
    "democratic republic of congo": "CD", "turkey": "TR", "dr congo": "CD", "rd congo": "CD", "holanda": "NL", "hollande": "NL", "emirates": "AE", "uae": "AE", "dubai": "AE",
}


def _country_names() -> dict[str, str]:
    from babel import Locale

    names = dict(_OTHER_NAMES)
    for language in ("en", "fr", "es"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "UN", "EZ", "XA", "XB", "ZZ", "QO"):
                names.setdefault(" ".join(words(_plain(name))), code)
    return names


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _of(contacts: tuple[Contact, ...], role: str, country: str) -> list[Contact]:
    return [c for c in contacts if c.role == role and c.country == country]


def _own(contacts: tuple[Contact, ...], role: str, home: str | None) -> Contact | None:
    return next((c for c in contacts if c.role == role and (c.organisation is None or c.organisation == home)), None)


def _how(contact: Contact) -> str:
    return f"{contact.name}, {contact.reach}" if contact.name else contact.reach


def _helpline(contact: Contact, code: str, language: str, today: datetime.date) -> str:
    line = say("urgent_helpline", language, name=contact.name, country=country_name(code, language), reach=contact.reach)
    return _dated(line, contact, today, language)


def _dated(line: str, contact: Contact, today: datetime.date, language: str) -> str:
    """A contact that nobody confirmed lately is shown as unconfirmed, with its date if it has one."""
    if not contact.stale(today):
        return line
    note = say("unconfirmed_since", language, date=contact.confirmed) if contact.confirmed else say("unconfirmed", language)
    return f"{line.rstrip('.')} ({note})."
