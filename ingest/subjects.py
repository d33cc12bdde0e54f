"""What a subject is about, without what mail programs, gateways and we put around it."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# What mail programs put before a subject when they answer or pass on: Spanish, English, Portuguese, French, German, Italian and
# Dutch; then those whose programs clients' partners use (Scandinavian, Finnish, Polish, Turkish, Romanian, Greek, Chinese).
# `Re[2]:` and `Re(2):` count answers.
_ANSWERS: Final = (
    r"re|ré|rép|res|resp|rv|rif|r|aw|antw|antwoord|fwd?|wg|tr|transf|enc|i|inoltra|reenv|reenviado|rm|doorst|"
    r"sv|vs|vb|vl|odp|pd|ynt|ilt|i̇lt|răsp|σχετ|απ|πρθ|回复|回覆|答复|转发|轉寄"
)
_PREFIX: Final = rf"(?:{_ANSWERS})\.?\s*+(?:\[\d{{1,4}}\]|\(\d{{1,4}}\))?+\s*+[:\uff1a]"
# What gateways put before the subject of mail that comes from outside or looks bad. Without brackets only as they write it, in
# capitals: a client may well write "Spam: what can I do?".
_TAGS: Final = (
    r"ext(?:\.|ern(?:al|e|o|a)?)?|estern[oa]|external\s(?:e-?mail|mail|sender|message)|e-?mail\sextern[oae]?|correo\sexterno|"
    r"externe?\se?-?mail|(?:suspected|possible|posible|probable|likely)\s(?:spam|phishing)|spam\??|bulk|phishing|caution"
)
_TAG: Final = rf"(?:\[+|\(+|\{{+|\*+|<+)\s*+(?:{_TAGS})\s*+(?:\]+|\)+|\}}+|\*+|>+)\s*+:?"
_LOUD_TAG: Final = r"(?-i:EXT|EXTERNAL|EXTERN|EXTERNE|EXTERNO|EXTERNA|ESTERNO|SPAM)\s*+:"
_MARKS: Final = re.compile(rf"(?:\s*+(?:{_PREFIX}|{_TAG}|{_LOUD_TAG}))+", re.IGNORECASE)
_REF: Final = re.compile(r"\[\s*+[A-Z][A-Z0-9]{1,7}-\d{1,9}\s*+\]", re.ASCII | re.IGNORECASE)
# What programs write where there is none.
_NONE: Final = re.compile(
    r"\s*[(<\[]?(?:no subject|none|sin asunto|sem assunto|sans objet|aucun objet|(?:kein|ohne) betreff|nessun oggetto|"
    r"(?:geen|zonder) onderwerp)[)>\]]?\s*",
    re.IGNORECASE,
)
_LONGEST: Final = 2_000


def bare_subject(subject: str) -> str:
    """Give a subject as it was written, without prefixes (`Re:`), gateways' tags (`[EXTERNAL]`) and refs; '' for none."""
    text = _REF.sub(" ", subject[:_LONGEST])
    marks = _MARKS.match(text)
    bare = text[marks.end() :] if marks else text
    return "" if _NONE.fullmatch(bare) else bare.strip()


def is_new_subject(subject: str, subjects: Iterable[str]) -> bool:
    """Tell whether a subject is about something else than all of `subjects`. Where nothing is known of one side, it is not.

    Case, spaces, punctuation and diacritics do not count; one that contains another, or is contained in one, is the same: mail
    programs cut subjects, and mailing lists put their name before them.
    """
    new = _squeezed(subject)
    known = [squeezed for squeezed in map(_squeezed, subjects) if squeezed]
    return bool(new and known) and not any(new in old or old in new for old in known)


def _squeezed(subject: str) -> str:
    letters = unicodedata.normalize("NFKD", bare_subject(subject).casefold())
    return "".join(letter for letter in letters if letter.isalnum())
