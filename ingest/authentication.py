"""Authentication-Results (RFC 8601) read as values: whose they are, and what each method said of which property.

Comments, quoted strings, versions and several results of one method are read; what does not follow the grammar is
passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|([;=/])|([^\s;="/()]+)|[^\S\n]+')
_LONGEST: Final = 16_384
_VERSION: Final = re.compile(r"\d{1,4}")
_PTYPE: Final = re.compile(r"[A-Za-z0-9-]+\.[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What one method said: `spf`, `pass`, and its properties by lower-case name (`smtp.mailfrom`), the first of each."""

    method: str
    result: str
    properties: tuple[tuple[str, str], ...]

    def property(self, name: str) -> str:
        """Give a property's value, or ''."""
        return next((value for key, value in self.properties if key == name), "")


@dataclass(frozen=True, slots=True)
class AuthenticationResults:
    """One header. `authserv_id` is in lower case, '' where a server writes none (Microsoft 365)."""

    authserv_id: str
    results: tuple[MethodResult, ...]

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """Give the results of one method, in their order."""
        return tuple(result for result in self.results if result.method == method)


def read_authentication_results(value: str) -> AuthenticationResults:
    """Read the unfolded value of one Authentication-Results header. Never raises; nonsense has no results."""
    tokens = _tokens(_without_comments(value[:_LONGEST]))
    segments: list[list[tuple[str, bool]]] = [[]]
    for text, is_quoted in tokens:
        if text == ";" and not is_quoted:
            segments.append([])
        else:
            segments[-1].append((text, is_quoted))
    first = segments[0]
    has_id = bool(first) and ("=", False) not in first
    authserv_id = first[0][0].lower() if has_id and _is_id(first) else ""
    read = [_method_result(segment) for segment in (segments[1:] if has_id else segments)]
    return AuthenticationResults(authserv_id, tuple(result for result in read if result is not None))


def _is_id(segment: list[tuple[str, bool]]) -> bool:
    """Tell whether the first segment is an authserv-id, alone or with a version."""
    rest = segment[1:]
    return not rest or (len(rest) == 1 and bool(_VERSION.fullmatch(rest[0][0])))


def _method_result(segment: list[tuple[str, bool]]) -> MethodResult | None:
    """Read `method[/version]=result [reason=…] [ptype.property=value]…`."""
    words = list(segment)
    if len(words) > 2 and words[1] == ("/", False):  # noqa: PLR2004 (method, slash, version)
        del words[1:3]
    if len(words) < 3 or words[1] != ("=", False):  # noqa: PLR2004 (method, equals sign, result)
        return None
    method, result = words[0][0].lower(), words[2][0].lower()
    properties: dict[str, str] = {}
    for place in range(3, len(words) - 2):
        name, (sign, is_quoted), (value, _) = words[place][0], words[place + 1], words[place + 2]
        if sign == "=" and not is_quoted and not words[place][1] and (_PTYPE.fullmatch(name) or name.lower() == "reason"):
            # A value may hold "=" and "/" (selectors, signatures); the pieces up to the next space belong together.
            properties.setdefault(name.lower(), value)
    return MethodResult(method, result, tuple(properties.items()))


def _tokens(text: str) -> list[tuple[str, bool]]:
    tokens: list[tuple[str, bool]] = []
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            tokens.append((re.sub(r"\\(.)", r"\1", match[1]), True))
        elif match[2] or match[3]:
            tokens.append((match[2] or match[3], False))
    return tokens


def _without_comments(text: str) -> str:
    """Take comments out, nested ones too, but not what stands in quotes."""
    kept: list[str] = []
    depth = 0
    is_quoted = is_escaped = False
    for char in text:
        if is_escaped:
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == '"' and not depth:
            is_quoted = not is_quoted
        elif char == "(" and not is_quoted:
            depth += 1
        elif char == ")" and depth and not is_quoted:
            depth -= 1
            kept.append(" ")
            continue
        if not depth:
            kept.append(char)
    return "".join(kept)
