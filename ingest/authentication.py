"""Authentication-Results (RFC 8601) read as values: whose they are, and what each method said of which property.

Comments, quoted strings, versions and several results of one method are read; what does not follow the grammar is
passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

CHECKS: Final = frozenset({"spf", "dkim", "dmarc"})
_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([;=/])|([^\s;="/()]+|\S)')
_LONGEST: Final = 16_384
_VERSION: Final = re.compile(r"\d{1,4}")
_PTYPE: Final = re.compile(r"[A-Za-z0-9-]+\.[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What one method said: `spf`, `pass`, and its properties by lower-case name (`smtp.mailfrom`).

    A property that is told twice, and differently, is '': one of the two was smuggled in by the sender.
    """

    method: str
    result: str
    properties: tuple[tuple[str, str], ...]

    def property(self, name: str) -> str:
        """Give a property's value, or '' where it is told twice and differently, or not at all (`tells_of`)."""
        return next((value for key, value in self.properties if key == name), "")

    def tells_of(self, name: str) -> bool:
        """Tell whether a property is told, be it twice and differently."""
        return any(key == name for key, _ in self.properties)


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header. `authserv_id` is in lower case, '' where a server writes none (Microsoft 365).

    `is_ambiguous`: it can be read in two ways, so that what a sender chose may stand where the server's words should.
    """

    authserv_id: str
    results: tuple[MethodResult, ...]
    is_ambiguous: bool = False

    @property
    def tells_of_a_check(self) -> bool:
        """Tell whether it says anything of the sender: of SPF, DKIM or DMARC."""
        return bool(self.checks)

    @property
    def checks(self) -> tuple[MethodResult, ...]:
        """Give the results of SPF, DKIM and DMARC, in their order."""
        return tuple(result for result in self.results if result.method in CHECKS)

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """Give the results of one method, in their order."""
        return tuple(result for result in self.results if result.method == method)


def read_authentication_results(value: str) -> AuthenticationResults:
    """Read the unfolded value of one Authentication-Results header. Never raises; nonsense has no results.

    A quotation mark means nothing inside a comment (RFC 5322 §3.2.2). But servers repeat the envelope's sender there, and
    `"a); dkim=pass header.d=acme.example; ("@evil.example` would end the comment and add a result: what reads differently when
    quotes in comments do count is ambiguous. So is what a comment or a quotation never ends, and what is too long.
    """
    text = value[:_LONGEST]
    plain, is_whole = _without_comments(text, quotes_in_comments=False)
    guarded, _ = _without_comments(text, quotes_in_comments=True)
    read = _read(plain)
    is_ambiguous = not is_whole or len(value) > _LONGEST or (guarded != plain and _read(guarded) != read)
    return replace(read, is_ambiguous=is_ambiguous)


def _read(text: str) -> AuthenticationResults:
    """Read a value that has no comments left."""
    tokens = _tokens(text)
    segments: list[list[_Token]] = [[]]
    for token in tokens:
        if token.is_sign(";"):
            segments.append([])
        else:
            segments[-1].append(token)
    first = segments[0]
    has_id = bool(first) and not any(token.is_sign("=") for token in first)
    authserv_id = first[0].text.lower() if has_id and _is_id(first) else ""
    read = [_method_result(segment) for segment in (segments[1:] if has_id else segments)]
    return AuthenticationResults(authserv_id, tuple(result for result in read if result is not None))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a quoted string or a sign; `is_glued`: no white space stands before it."""

    text: str
    is_quoted: bool
    is_glued: bool

    def is_sign(self, sign: str) -> bool:
        return self.text == sign and not self.is_quoted


def _is_id(segment: list[_Token]) -> bool:
    """Tell whether the first segment is an authserv-id, alone or with a version."""
    rest = segment[1:]
    return not rest or (len(rest) == 1 and bool(_VERSION.fullmatch(rest[0].text)))


def _method_result(segment: list[_Token]) -> MethodResult | None:
    """Read `method[/version]=result [reason=…] [ptype.property=value]…`."""
    words = list(segment)
    if len(words) > 2 and words[1].is_sign("/"):  # noqa: PLR2004 (method, slash, version)
        del words[1:3]
    if len(words) < 3 or not words[1].is_sign("="):  # noqa: PLR2004 (method, equals sign, result)
        return None
    return MethodResult(words[0].text.lower(), words[2].text.lower(), tuple(_properties(words[3:]).items()))


def _properties(words: list[_Token]) -> dict[str, str]:
    """Read the properties, each value whole: it goes on to the next white space.

    An address may hold "=", "/" and quotes before its @, all chosen by the sender: `smtp.mailfrom=acme.example=x@evil.example`
    and `"acme.example"@evil.example` are of evil.example.
    """
    found: dict[str, str] = {}
    place = 0
    while place < len(words) - 2:
        name = words[place]
        is_named = not name.is_quoted and (_PTYPE.fullmatch(name.text) or name.text.lower() == "reason")
        if not is_named or not words[place + 1].is_sign("="):
            place += 1
            continue
        end = place + 3
        while end < len(words) and words[end].is_glued:
            end += 1
        value = "".join(word.text for word in words[place + 2 : end])
        key = name.text.lower()
        found[key] = value if found.get(key, value) == value else ""
        place = end
    return found


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        is_glued = match.start() == end
        if match[1] is not None:
            tokens.append(_Token(re.sub(r"\\(.)", r"\1", match[1]), is_quoted=True, is_glued=is_glued))
        else:
            tokens.append(_Token(match[2] or match[3], is_quoted=False, is_glued=is_glued))
        end = match.end()
    return tokens


def _without_comments(text: str, *, quotes_in_comments: bool) -> tuple[str, bool]:
    """Take comments out, nested ones too, but not what stands in quotes; tells too whether all of them end."""
    if not any(sign in text for sign in '()"\\'):
        return text, True
    kept: list[str] = []
    depth = 0
    is_quoted = is_escaped = False
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == '"' and (not depth or quotes_in_comments):
            is_quoted = not is_quoted
        elif char == "(" and not is_quoted:
            depth += 1
        elif char == ")" and depth and not is_quoted:
            depth -= 1
            kept.append(" ")
            continue
        if not depth:
            kept.append(char)
    return "".join(kept), not depth and not is_quoted
