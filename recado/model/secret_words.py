"""Where in a text a secret follows a word for one: "password: …", "la contraseña es …", a table's column of passwords.

Pure, and linear. Places are pairs: where the secret begins, and where it has ended, in characters. A text that holds none of
`HINTS` (`secrets_in_text`) has nothing to find here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_EMPHASIS: Final = r"[*_`~\"'“”„«»‹›‘’]{0,3}"
_SEPARATOR: Final = r"(?:[:=：]>?|->|→|\|)"
_CALLED: Final = (
    r"pass[ -]?words?|passwd|passcode|pass[ -]?phrase|pwd|passw|psw"
    r"|contraseñas?|contrasenas?|contrasenyas?|claves?(?: de acceso| secreta)?"
    r"|senhas?|palavras?[ -]passe"
    r"|mots? de passe|mdp|code d['’]accès"
    r"|passw(?:ort|örter|oerter)|kennw(?:ort|örter)|zugangscode"
    r"|parola d['’]accesso|parola chiave|parola d['’]ordine"
    r"|wachtwoord(?:en)?|toegangscode"
    r"|api[ _-]?key|secret[ _-]?key|access[ _-]?token|auth[ _-]?token|client[ _-]?secret|clave (?:de )?api|chave (?:da )?api"
    r"|(?:wi-?fi|wlan|wpa2?)[ _-]?key"
)
# Words that mean other things too: what follows them is a secret only if nobody would write it as a word.
_WIDER: Final = r"tokens?|logins?|credentials?|credenciales|credenciais|credenziali|zugangsdaten|identifiants?|inloggegevens"
_WORD: Final = re.compile(
    rf"(?<!\w)(?P<word>(?:{_CALLED})\b|(?:pass|pw)(?=\s*[*_`]*\s*[:=])|(?P<wider>{_WIDER})(?=[*_`]*\s?{_SEPARATOR}))"
    rf"(?:(?P<direct>{_EMPHASIS}\s?{_EMPHASIS}(?:\([^()\n]{{1,40}}\)\s?)?{_SEPARATOR}{_EMPHASIS}[^\S\n]*"
    r"(?P<gap>(?:\\?\n[^\S\n]*){0,3}))"
    r"|(?P<distant>[^\n.:=!?|]{1,40}?(?:[:=：]>?|->|→)[^\S\n]*)"
    r"|(?P<says>[^\n.:=!?|]{0,40}?\s(?:is|es|é|è|est|ist|lautet|luidt|are|son|são|will be|será|sera|sarà|wird|wordt)\s{1,2}"
    r"(?:(?:now|ahora|agora|jetzt|nu|adesso|maintenant)\b)?:?\s{0,4})"
    rf"|(?P<loose>{_EMPHASIS}(?:\s{{1,2}}[-–—]{{1,2}}\s{{1,2}}|[^\S\n]{{2,8}}))"
    r"|(?P<above>(?:[^\S\n][^\n.:=!?|]{1,30})?[^\S\n]{0,4}(?:\\?\n[^\S\n]{0,8}){1,2}(?=[^\s|]{6,200}[^\S\n]{0,4}(?:\\?\n|\Z))))"
    rf"(?P<value>{_EMPHASIS}[^\s|]{{3,200}})(?P<second>[^\S\n]{{1,2}}[^\s|]{{4,200}})?",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"(?<!\w)(?:(?:c[oó]digo |code |código de |codice )?pin(?:[ -]?(?:code|nummer|number))?|cv[vcn]2?|csc"
    r"|security code|código de seguridad|código de segurança|code de sécurité|prüfnummer|kartenprüfnummer|codice di sicurezza"
    r"|beveiligingscode)\b"
    rf"{_EMPHASIS}\s?(?:[:=：]|\||\b(?:is|es|é|è|est|ist)\b|(?=\d)){_EMPHASIS}\s{{0,2}}{_EMPHASIS}(?P<value>\d{{3,8}})(?!\w|[.,]?\d)",
    re.IGNORECASE,
)
_TRAILING: Final = ".,;:)]}*_`~\"'“”«»‹›‘’"
_LEADING: Final = "([{*_`~\"'“”„«»‹›‘’"
_ENDS_HERE: Final = re.compile(r"[^\S\n]*\\?(?:\n|$|\||[.,;)](?:\s|$)|[/(]|(?:-|–|—|and|y|e|et|und|en|ed)\s)")
_ADDRESS: Final = re.compile(r"<?(?:https?://|mailto:|www\.)|[^@\s]+@[^@\s]+\.\w+>?$", re.IGNORECASE)
# The number of a task, a time, a size.
_REFERENCE: Final = re.compile(
    r"\W*(?:[A-Z]{2,12}-\d+|\d{1,2}[:.]\d{2}(?:am|pm|h)?|\d+(?:am|pm|st|nd|rd|th|h\d*|[KkMG]B|px|€|\$))\W*"
)
_TOKEN: Final = re.compile(r"[^\s|]+")
_SLASH: Final = re.compile(r"[^\S\n]{0,2}/[^\S\n]{0,2}([^\s|]{3,200})")
# What ends a mail, and may stand below "Password:" where the password was taken out.
_FAREWELLS: Final = frozenset(
    "thanks thank regards best cheers gracias saludos obrigado merci cordialement danke grüße grazie".split()
)
_KEEPERS: Final = frozenset({"1password", "lastpass", "keepass", "keepassxc", "bitwarden", "dashlane", "protonpass"})
_SHORTEST: Final = 3
_SHORTEST_MIXED: Final = 4
_SHORTEST_STRONG: Final = 6
_FAR: Final = 120  # characters

Place = tuple[int, int]


def after_words(text: str) -> Iterator[Place]:
    """Find what follows a word for a secret, and the columns of tables that are headed by one; in no order."""
    for code in _CODE.finditer(text):
        yield code.span("value")
    for found in _WORD.finditer(text):
        if not ((found["direct"] or "").rstrip().endswith("|") and _is_in_head(text, found.start())):
            yield from _meant(text, found)
    yield from _in_columns(text)


def _meant(text: str, found: re.Match[str]) -> Iterator[Place]:
    """Give what is secret of a word and what follows it."""
    start, end = _trimmed(text, *found.span("value"))
    value = text[start:end]
    if found["above"] is not None:
        if _looks_strong(value):
            yield start, end
        return
    if _is_secret(text, found, start, end):
        yield start, end
        other = _SLASH.match(text, end)
        if found["direct"] is not None and other and _is_whole(text, *_trimmed(text, *other.span(1))):
            yield _trimmed(text, *other.span(1))
        return
    if found["second"] and found["direct"]:
        second = _trimmed(text, *found.span("second"))
        word = text[slice(*second)]
        if _looks_secret(word) and not _ADDRESS.match(word) and not _REFERENCE.fullmatch(word):
            yield second
    if found["direct"] or found["distant"]:
        line_end = text.find("\n", start, start + _FAR)
        for token in _TOKEN.finditer(text, start, line_end if line_end >= 0 else start + _FAR):
            place = _trimmed(text, *token.span())
            if _looks_strong(text[slice(*place)]):
                yield place


def _is_secret(text: str, found: re.Match[str], start: int, end: int) -> bool:
    value = text[start:end]
    if _ADDRESS.match(value) or value.lower() in _KEEPERS:
        return False
    if found["wider"]:
        return _looks_strong(value)
    if _looks_secret(value):
        return True
    if found["loose"] is not None or (found["gap"] or "").count("\n") > 1:
        is_one_word = bool(re.match(r"[^\S\n]*\\?(?:\n|\Z)", text[end : end + 80]))
        return found["loose"] is None and is_one_word and len(value) >= _SHORTEST and value.lower() not in _FAREWELLS
    quoted = text[found.start("value") : start].strip("([{") != ""
    return len(value) >= _SHORTEST and (quoted or (found["direct"] is not None and _is_whole(text, start, end)))


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether the sentence or the cell ends with it: then it is what was announced."""
    return end - start >= _SHORTEST and not text.startswith("•", start) and bool(_ENDS_HERE.match(text, end))


def _trimmed(text: str, start: int, end: int) -> Place:
    """Leave out the marks around a value; the full stop after it may be part of it, and goes with it then too."""
    while start < end and (text[start] in _LEADING or text[start].isspace()):
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    return start, end


def _looks_secret(value: str) -> bool:
    """Tell whether nobody writes this as a word: letters with digits or signs in between, or a capital in the middle."""
    if len(value) < _SHORTEST_MIXED or set(value) <= {"•", "*", "x", "X", "…", "."}:
        return False
    letters = any(char.isalpha() for char in value)
    digits = any(char.isdigit() for char in value)
    signs = any(not char.isalnum() and char not in "-'’/.,()" for char in value[:-1])
    if letters and (digits or signs):
        return True
    middle = value[1:]
    return letters and value.isalpha() and middle != middle.lower() and middle != middle.upper()


def _looks_strong(value: str) -> bool:
    """Tell whether it is letters and digits together as in nothing else: no address, no number of a task, no time or size."""
    if len(value) < _SHORTEST_STRONG or value.lower() in _KEEPERS:
        return False
    if _ADDRESS.match(value) or _REFERENCE.fullmatch(value):
        return False
    return any(char.isalpha() for char in value) and any(char.isdigit() for char in value)


# --- columns ---

_HEAD: Final = re.compile(rf"[\w /-]{{0,30}}?(?<!\w)(?:{_CALLED}|pass|pw|pin|tokens?)\b[\w /()-]{{0,20}}", re.IGNORECASE)
_ROW: Final = re.compile(r"^[^\S\n]{0,3}\|[^\n]*", re.MULTILINE)
_RULE: Final = re.compile(r"[\s|:-]*-[\s|:-]*")
_RULE_BELOW: Final = re.compile(r"\n[ >]{0,8}\|[ \t|:-]{3,400}(?:\n|\Z)")
_LONGEST_ROW: Final = 400
_CELL: Final = re.compile(r"(?:[^|\\]|\\.)+")
_LONGEST_HEAD: Final = 60


def _in_columns(text: str) -> Iterator[Place]:
    """Give the cells below a head that is a word for a secret, in Markdown's tables."""
    if "|" not in text:
        return
    columns: frozenset[int] = frozenset()
    above: list[Place] = []
    end = -1
    for row in _ROW.finditer(text):
        if row.start() != end + 1:
            columns, above = frozenset(), []
        end = row.end()
        if _RULE.fullmatch(row[0]):
            columns = frozenset(number for number, cell in enumerate(above) if _is_head(text[slice(*cell)]))
            continue
        inside = row.start() + row[0].index("|")  # what stands before the first bar is no cell
        above = [_stripped(text, *cell.span()) for cell in _CELL.finditer(text, inside, end)]
        for number, (start, stop) in enumerate(above):
            if number in columns and _is_filled(text[start:stop]):
                yield start, stop


def _is_filled(cell: str) -> bool:
    """Tell whether a cell of such a column holds one: not "see below", nor an address."""
    if len(cell) < _SHORTEST or cell.startswith("•") or _ADDRESS.match(cell) or cell.lower() in _KEEPERS:
        return False
    return " " not in cell or _looks_strong(cell)


def _is_in_head(text: str, place: int) -> bool:
    """Tell whether this is in the head of a table: beside it stands the head of another column, not what it announces."""
    line_end = text.find("\n", place, place + _LONGEST_ROW)
    return line_end >= 0 and _RULE_BELOW.match(text, line_end) is not None


def _is_head(cell: str) -> bool:
    return len(cell) <= _LONGEST_HEAD and bool(_HEAD.fullmatch(cell.strip("*_` ")))


def _stripped(text: str, start: int, end: int) -> Place:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
