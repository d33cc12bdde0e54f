"""The words by which mail programs announce history, forwards and signatures: es, en, pt, fr, de, it, nl and more.

A new language is one more row in `_LANGUAGES`; what needs no language (times, addresses, quote marks) is a pattern of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class _Phrases:
    """One language's words, each a pattern. `wrote` ends "On … wrote:", `begins` begins it; labels as Outlook writes them."""

    begins: str
    wrote: str
    from_: str
    sent: str
    to: str
    subject: str
    original: str
    forwarded: str
    mobile: str


_LANGUAGES: Final = (
    _Phrases(
        begins="on",
        wrote="wrote|writes|said",
        from_="from",
        sent="sent|date",
        to="to",
        subject="subject",
        original=r"original (?:message|appointment|e-?mail)|reply message",
        forwarded=r"(?:begin )?forwarded (?:message|e-?mail|by.{0,80})",
        mobile="sent (?:from|with|via|by|using)|get (?:outlook|bluemail)|download outlook",
    ),
    _Phrases(
        begins=r"el|a las|lun\w*|mar\w*|mié\w*|jue\w*|vie\w*|sáb\w*|dom\w*",
        wrote="escribió|escribio|escribía",
        from_="de|desde|remitente",
        sent=r"enviado(?: el| em| a las)?|fecha(?: de envío)?",
        to="para|a|destinatario",
        subject="asunto",
        original=r"mensaje (?:de correo )?original",
        forwarded=r"(?:inicio del )?mensaje reenviado|mensaje enviado anteriormente",
        mobile=r"enviado (?:desde|con|a través|mediante)|(?:obtener|descargar|obtén|consigue) outlook",
    ),
    _Phrases(
        begins=r"em|no dia|a|seg\w*|ter\w*|qua\w*|qui\w*|sex\w*",
        wrote="escreveu",
        from_="de",
        sent="enviad[ao](?: em)?|data",
        to="para",
        subject="assunto",
        original="mensagem original",
        forwarded=r"(?:início da )?mensagem (?:re)?encaminhada",
        mobile=r"enviado (?:do|da|de|pelo|pela|com|através|a partir)|(?:obter|baixar) o outlook",
    ),
    _Phrases(
        begins="le",
        wrote=r"a\s+écrit|a\s+ecrit|écrivait|écrivit",
        from_="de",
        sent="envoyé|date|date d['’]envoi",
        to="à|a|pour",
        subject="objet|sujet",
        original="message (?:d['’]origine|original)",
        forwarded=r"(?:début du )?(?:message|mail|e-?mail|courriel) (?:transféré|réexpédié|transmis)",
        mobile=r"envoyé (?:de|depuis|à partir|avec|par|via)|(?:obtenir|télécharge[rz]|obtenez) outlook",
    ),
    _Phrases(
        begins="am",
        wrote=r"schrieb(?: .{1,80})?|folgendes geschrieben",
        from_="von",
        sent="gesendet|datum",
        to="an",
        subject="betreff",
        original="(?:ursprüngliche|urspruengliche|original)[ -]?(?:nachricht|e-?mail|mail)",
        forwarded=r"(?:anfang der |beginn der )?weitergeleiteten? (?:nachricht|e-?mail|mail|message)",
        mobile=r"(?:diese \w+ wurde )?(?:von|mit) .{1,60} gesendet|gesendet (?:von|mit)|(?:holen sie sich )?outlook für",
    ),
    _Phrases(
        begins=r"il(?: giorno)?|in data",
        wrote="ha scritto",
        from_="da|mittente",
        sent="inviato|data",
        to="a",
        subject="oggetto",
        original="messaggio originale",
        forwarded=r"(?:inizio )?messaggio (?:inoltrato|inviato)",
        mobile="inviato (?:dal?|con|tramite)|(?:scarica|ottieni) outlook",
    ),
    _Phrases(
        begins="op",
        wrote=r"schreef(?: het volgende| op .{1,60}| .{1,60})?|het volgende geschreven",
        from_="van",
        sent="verzonden|datum",
        to="aan",
        subject="onderwerp",
        original="oorspronkelijke? bericht",
        forwarded=r"(?:begin )?doorgestuurde? bericht",
        mobile="(?:verzonden|verstuurd) (?:vanaf|met|vanuit|via)|(?:download )?outlook voor",
    ),
)


def _any(attribute: str) -> str:
    """Join every language's pattern."""
    return "|".join(dict.fromkeys(getattr(language, attribute) for language in _LANGUAGES))


_WROTE: Final = rf"(?:{_any('wrote')}|написал\w*|skrev|napisał)\s*[:\uff1a]\s*"
# "On Mon, 2 Apr 2012 at 18:26, Megan <m@x> wrote:" and its kin, by its first and its last words.
ATTRIBUTION: Final = re.compile(
    rf"(?:(?:{_any('begins')})\b|\d{{1,4}}[./-]\d).{{3,300}}?(?<!\w){_WROTE}", re.IGNORECASE | re.DOTALL
)
# "Megan wrote:" means something only where a quotation follows.
SHORT_ATTRIBUTION: Final = re.compile(rf"\w.{{1,100}}?(?<!\w){_WROTE}", re.IGNORECASE | re.DOTALL)
# The same in any language: a time, a date or an address, and a colon at the end.
NEUTRAL_ATTRIBUTION: Final = re.compile(
    r"(?=.*(?:\d{1,2}[:.h]\d{2}|\S+@\S+|\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2})).{6,300}[:\uff1a]\s*", re.DOTALL
)
HEADER_LINES: Final = {
    label: re.compile(rf"(?:>\s*)*[*_\s]*(?:{words})[*_\s]*[:\uff1a][*_]*(?:\s+.*|$)", re.IGNORECASE | re.DOTALL)
    for label, words in (
        ("from", _any("from_")),
        ("sent", _any("sent")),
        ("to", _any("to")),
        ("subject", _any("subject")),
    )
}


def label_of(line: str) -> str:
    """Tell which label of a header block a line begins with: `from`, `sent`, `to`, `subject`; '' for none."""
    return next((label for label, pattern in HEADER_LINES.items() if pattern.fullmatch(line)), "")


# The second is Zoho's: ---- On Wed, 24 Feb 2021 14:02:50 +0530 john@gmail.com wrote ----
SEPARATOR: Final = re.compile(
    rf"\s*[-_\u2013\u2014=]{{2,}}\s*(?:{_any('original')})\s*[-_\u2013\u2014=]*\s*"
    rf"|\s*-{{2,}}\s*(?:{_any('begins')})\b.{{3,200}}?(?<!\w)(?:{_any('wrote')})\s*-{{2,}}\s*",
    re.IGNORECASE,
)
FORWARD: Final = re.compile(
    rf"\s*(?:[-_\u2013\u2014=]{{2,}}\s*(?:{_any('forwarded')})\s*[-_\u2013\u2014=]*|(?:{_any('forwarded')})\s*[:\uff1a])\s*",
    re.IGNORECASE,
)
# The same without dashes, anywhere in a text.
FORWARD_WITHIN: Final = re.compile(rf"(?:{_any('forwarded')})\s*[:\uff1a]", re.IGNORECASE)
FORWARD_SUBJECT: Final = re.compile(
    r"\s*(?:\[[^\]]{1,60}\]\s*)?"
    r"(?:fwd?|rv|reenv(?:iado)?|enc|wg|wtr|weitergeleitet|tr|transf\.?|i|rif|inoltr(?:ato)?|doorst)\s*(?:\[\d+\])?\s*[:\uff1a]",
    re.IGNORECASE,
)
REPLY_SUBJECT: Final = re.compile(
    r"\s*(?:\[[^\]]{1,60}\]\s*)?(?:re|aw|antw|res?p|sv|r|ref)\s*(?:\[\d+\])?\s*[:\uff1a]", re.IGNORECASE
)
# What such a last line names: without one of these, "Sent by courier today" is what someone wrote.
_DEVICES: Final = (
    r"i(?:phone|pad|pod|os)\b|android|galaxy|samsung|huawei|xiaomi|oneplus|motorola|pixel|nokia|blackberry|fairphone|windows"
    r"|outlook|yahoo|proton|gmail|gmx|web\.de|aol\b|thunderbird|tuta|sparrow|spark\b|airmail|bluemail|mailbird|mailspring|k-9"
    r"|mobile\b|m[óo]vil|celular|telem[óo]vel|cellulare|dispositiv|smartphone|tablet|handy\b|mobilger|mobiltel|mobiel"
    r"|t[ée]l[ée]phone|telefon|telefoon|appareil|portable|my phone|https?://"
)
MOBILE_SIGNATURE: Final = re.compile(
    rf"(?=\s*[*_]*(?:{_any('mobile')})\b)(?=[^,;]{{0,120}}?(?:{_DEVICES}))\s*[*_]*(?:{_any('mobile')})\b.{{0,120}}",
    re.IGNORECASE,
)
# RFC 3676 §4.3 writes "-- "; what trims line ends makes "--" of it.
SIGNATURE_MARK: Final = re.compile(r"--\s?|\u2014\s?|_{2,3}\s?")


def is_forward_subject(subject: str) -> bool:
    """Tell whether a subject says that the mail is passed on (Fwd:, RV:, WG:, TR:, Enc:, I:…), as its first word."""
    return bool(FORWARD_SUBJECT.match(subject))


def is_reply_subject(subject: str) -> bool:
    """Tell whether a subject says that the mail answers another (Re:, AW:, R:, RES:…), as its first word."""
    return bool(REPLY_SUBJECT.match(subject))
