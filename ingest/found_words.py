"""What was found in a quarantined mail, in the reader's words. The quarantine keeps it as data, in English. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.decision import Reason

if TYPE_CHECKING:
    from recado.speech import Catalogue

_ANSWERING = re.compile(r"(?P<rest>.*), answering (?P<ref>[A-Z][A-Z0-9]{1,7}-[1-9]\d{0,8})", re.ASCII | re.DOTALL)
_FORWARDED = re.compile(r"(?:(?P<who>.*), )?forwarded by (?P<by>\S+)", re.DOTALL)
_ELSEWHERE = re.compile(r"(?P<who>\S+) answering (?P<refs>[A-Z0-9, -]+?), to (?P<to>.*)", re.DOTALL)
_SEVERAL = re.compile(r"(?P<who>\S+) answering (?P<refs>[A-Z0-9, -]+)")
_FIGURES = re.compile(r"(?P<number>\d+) [a-z ]+, at most (?P<most>\d+) are read", re.ASCII)
_MORE = re.compile(r"more than (?P<most>.+?)(?P<files> files)?", re.ASCII)


def found_in_words(reason: str, detail: str, words: Catalogue) -> str:
    """Say what was found: `ann@x.example, answering ACME-1` in their language. What has no words is given as it stands."""
    _ = words.gettext
    if reason in {Reason.UNKNOWN_SENDER, Reason.FORWARD_UNKNOWN, Reason.TWO_CLIENTS}:
        if found := _ANSWERING.fullmatch(detail):
            who = _forwarded(found["rest"], words)
            return _("{who}, answering {ref}").format(who=who, ref=found["ref"])
        return _forwarded(detail, words)
    if reason == Reason.AUTOMATIC:
        return _automatic(detail, words)
    if reason == Reason.OWN_UNVERIFIED:
        return _unverified(detail, words)
    if found := _ELSEWHERE.fullmatch(detail) if reason == Reason.OWN_ELSEWHERE else None:
        return _("{who}, answering {ref}, to {to}").format(who=found["who"], ref=found["refs"], to=found["to"])
    if found := _SEVERAL.fullmatch(detail) if reason == Reason.OWN_SEVERAL else None:
        return _("{who}, answering {ref}").format(who=found["who"], ref=found["refs"])
    if reason in {Reason.UNREADABLE, Reason.NO_SENDER}:  # the code in front is what the reason says in words
        return _figures(detail.partition(":")[2].strip() or detail, words)
    return detail


def answered_ref(reason: str, detail: str) -> str:
    """Give the ref of the task that a stranger's mail answers; '' where it answers none."""
    if reason not in {Reason.UNKNOWN_SENDER, Reason.FORWARD_UNKNOWN}:
        return ""
    found = _ANSWERING.fullmatch(detail)
    return found["ref"] if found else ""


def _forwarded(shown: str, words: Catalogue) -> str:
    who, colon, keys = shown.partition(": ")
    found = _FORWARDED.fullmatch(who if colon and "forwarded by" in who else shown)
    if found is None:
        return shown
    rest = f": {keys}" if colon and "forwarded by" in who else ""
    if found["who"] is None:
        return words.gettext("forwarded by {by}").format(by=found["by"]) + rest
    return words.gettext("{who}, forwarded by {by}").format(who=found["who"], by=found["by"]) + rest


def _automatic(code: str, words: Catalogue) -> str:
    """Say the mark by which a mail is known to be automatic (`ingest.automatic`)."""
    _ = words.gettext
    return {
        "auto-submitted": _("its header says that a program wrote it (Auto-Submitted)"),
        "report": _("a report of a mail server (a bounce or a receipt)"),
        "null-return-path": _("it can be sent back to nobody, as mail of programs (empty Return-Path)"),
        "precedence": _("bulk mail (Precedence)"),
        "list": _("a mailing list or newsletter"),
        "autoresponder": _("its header names an autoresponder"),
        "failed-recipients": _("a mail that could not be delivered came back"),
        "out-of-office": _("its subject begins as an out-of-office does"),
        "postmaster": _("a mail server wrote it (postmaster)"),
    }.get(code, code)


def _unverified(detail: str, words: Catalogue) -> str:
    _ = words.gettext
    who, _colon, verified = detail.rpartition(": ")
    said = {"none": _("nobody vouches for the sender"), "fail": _("the mail server's check failed")}.get(verified)
    return f"{who}: {said}" if said else detail


def _figures(said: str, words: Catalogue) -> str:
    _ = words.gettext
    if found := _FIGURES.fullmatch(said):
        return _("{number}; at most {most} are read").format(number=found["number"], most=found["most"])
    if found := _MORE.fullmatch(said):
        text = _("more than {most} files") if found["files"] else _("more than {most}")
        return text.format(most=found["most"])
    return said
