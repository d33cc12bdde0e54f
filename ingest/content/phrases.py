"""The words by which mail programs announce history, forwards and signatures, in es, en, pt, fr, de, it, nl and as patterns of any language.

A new language is one more word in each table.
"""

from __future__ import annotations

import re
from typing import Final

_WROTE: Final = (
    r"wrote|writes|said|escribió|escribio|escribiste|escreveu|a écrit|a ecrit|écrivait|écrivit|schrieb(?: am .{1,60}| .{1,60})?|ha scritto|schreef"
    r"(?: het volgende| op .{1,60})?|написал|skrev|napisał|kirjoitti"
)
_BEGINS: Final = (
    r"on|el|em|le|am|il|op|no dia|dia|a|da|lun\w*|mar\w*|mié\w*|jue\w*|vie\w*|sáb\w*|dom\w*|seg\w*|ter\w*|qua\w*|qui\w*|sex\w*"
)
# "On Mon, 2 Apr 2012 at 18:26, Megan <m@x> wrote:" and its kin; the language-neutral form needs a time or an address before the colon.
ATTRIBUTION: Final = re.compile(
    rf"(?:>\s*)*(?:{_BEGINS}|\d{{1,4}}[./-]\d|\S+@|[\"<]).{{3,300}}?\b(?:{_WROTE})\s*[:：]\s*", re.IGNORECASE | re.DOTALL
)
NEUTRAL_ATTRIBUTION: Final = re.compile(r"(?=.*(?:\d{1,2}[:.h]\d{2}|<\S+@\S+>|\S+@\S+)).{6,300}[:：]\s*", re.DOTALL)

_LABELS: Final = {
    "from": "from|de|von|da|van|desde|remitente|expéditeur",
    "sent": "sent|date|enviado(?: el| em| a las)?|fecha|data|enviada(?: em)?|envoyé|date d'envoi|gesendet|datum|inviato|verzonden|fecha de envío",
    "to": "to|para|a|à|an|aan|pour|destinatario",
    "cc": r"cc|c\.c\.|cópia|kopie|copie",
    "subject": "subject|asunto|assunto|objet|betreff|oggetto|onderwerp|sujet",
}
HEADER_LINES: Final = {
    label: re.compile(rf"(?:>\s*)*[*_\s]*(?:{words})[*_\s]*[:：][*_]*(?:\s+.*|$)", re.IGNORECASE | re.DOTALL)
    for label, words in _LABELS.items()
}

_ORIGINAL: Final = (
    r"original (?:message|appointment|e-?mail)|mensaje (?:original|de correo original)|mensagem original|message (?:d['’]origine|original)"
    r"|(?:urspr(?:ü|ue?)ngliche|original)(?: ?-?)(?:nachricht|mail)|messaggio originale|oorspronkelijk(?:e)? bericht|reply message|reply above this line"
)
SEPARATOR: Final = re.compile(rf"\s*[-_–—=]{{2,}}\s*(?:{_ORIGINAL})\s*[-_–—=]*\s*", re.IGNORECASE)

_FORWARDED: Final = (
    r"(?:begin )?forwarded (?:message|e-?mail|by.{0,80})|(?:inicio del )?mensaje reenviado|(?:início da )?mensagem (?:encaminhada|reencaminhada)"
    r"|(?:début du )?message (?:transféré|réexpédié|transmis)|(?:anfang der )?weitergeleitete(?:n)? (?:nachricht|e-?mail|mail)"
    r"|(?:inizio )?messaggio (?:inoltrato|inviato)|(?:begin )?doorgestuurd(?:e)? bericht"
)
FORWARD: Final = re.compile(rf"\s*(?:[-_–—=]{{2,}}\s*(?:{_FORWARDED})\s*[-_–—=]*|(?:{_FORWARDED})\s*[:：])\s*", re.IGNORECASE)
FORWARD_SUBJECT: Final = re.compile(
    r"\s*(?:\[[^\]]{1,60}\]\s*)?(?:fwd?|fw|rv|reenv(?:iado)?|enc|wg|tr|transf|i|rif|doorst|vs)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)

_DEVICE: Final = r"(?:(?:my|mi|meu|mon|meinem|mijn|il mio|el|the)\s+)?(?:iphone|ipad|android|galaxy|samsung|blackberry|huawei|xiaomi|smartphone|mobile|móvil|handy|telefoon|phone|\S+)"
MOBILE_SIGNATURE: Final = re.compile(
    rf"\s*(?:sent (?:from|with|via|by|using)|enviado (?:desde|con|do|de|através|a través)|envoyé (?:de|depuis|à partir)|(?:von|mit) .{{1,40}} gesendet"
    rf"|gesendet (?:von|mit)|inviato da(?:l)?|verzonden (?:vanaf|met|vanuit)|verstuurd (?:vanaf|met)|get (?:outlook|bluemail)|obtener outlook|obter o outlook"
    rf"|obtenir outlook|téléchargez outlook|outlook für|scarica outlook|download outlook)\b.{{0,80}}",
    re.IGNORECASE,
)
SIGNATURE_MARK: Final = re.compile(r"--\s?|—\s?|__{1,2}\s?")


def is_forward_subject(subject: str) -> bool:
    """Tell whether a subject says that the mail is passed on (Fwd:, RV:, WG:, TR:, Enc:, I:…), as its first word."""
    return bool(FORWARD_SUBJECT.match(subject))
