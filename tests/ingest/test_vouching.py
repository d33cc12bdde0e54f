"""Whose word on senders counts: proposed from what stands topmost in most mails, and never from what a sender could write."""

from __future__ import annotations

import pytest

from ingest.vouching import judge_trust, trust_written_by
from recado.model.check import Verdict
from recado.model.servers import Trust

OWN = "mx.marta.example; spf=pass smtp.mailfrom=acme.example"
GMAIL = "mx.google.com; dkim=pass header.i=@acme.example; dmarc=pass header.from=acme.example"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (OWN, "{authserv_id: mx.marta.example}"),
        (GMAIL, "{provider: gmail}"),
        ("mx4.messagingengine.com; dkim=pass header.d=acme.example", "{provider: fastmail}"),
        ("spf=pass smtp.mailfrom=acme.example; dmarc=pass action=none header.from=acme.example", "{provider: microsoft365}"),
        ("mx.marta.example; none", ""),
        ("", ""),
        ("\x1b[31mevil; spf=pass smtp.mailfrom=a.example", ""),
        ("ev{il; spf=pass smtp.mailfrom=a.example", ""),
        ("mx.marta.example 1; auth=pass smtp.auth=requests", ""),
    ],
)
def test_a_server_is_known_by_what_it_writes(value: str, written: str) -> None:
    assert trust_written_by(value) == written


@pytest.mark.parametrize(
    ("trust", "topmost", "verdict", "said", "advice"),
    [
        (None, [], Verdict.WARNING, "no mail yet", "Send a mail"),
        (None, [OWN, OWN, GMAIL], Verdict.WARNING, "is not set", "2 of 3 mails"),
        (None, [OWN, OWN, GMAIL], Verdict.WARNING, "is not set", "trust: {authserv_id: mx.marta.example}"),
        (None, [OWN, GMAIL], Verdict.WARNING, "is not set", "None of the newest mails"),
        (None, ["", ""], Verdict.WARNING, "is not set", "None of the newest mails"),
        (Trust(authserv_id="MX.Marta.example"), [OWN, ""], Verdict.GOOD, "on top of 1 of the newest 2 mails", ""),
        (Trust(provider="gmail"), [GMAIL], Verdict.GOOD, "{provider: gmail}", ""),
        (Trust(provider="gmail"), [OWN], Verdict.WARNING, "on top of none", "trust: {authserv_id: mx.marta.example}"),
        (Trust(authserv_id="mx.marta.example"), [""], Verdict.WARNING, "on top of none", "Ask your provider"),
    ],
)
def test_trust_is_judged_by_the_mail_that_came(
    *, trust: Trust | None, topmost: list[str], verdict: Verdict, said: str, advice: str
) -> None:
    check = judge_trust(trust, [(value, "mx.evil.example; dmarc=pass") if value else () for value in topmost])
    assert check.verdict is verdict
    assert said in check.said
    assert advice in check.advice


OURS = Trust(authserv_id="mx.marta.example")
DKIM = "mx.marta.example; dkim=pass header.d=acme.example"


@pytest.mark.parametrize(
    ("mails", "verdict"),
    [
        ([(OWN, DKIM)], Verdict.WARNING),
        ([(DKIM, OWN), (DKIM, OWN), (DKIM,)], Verdict.WARNING),
        ([(DKIM, OWN), (DKIM,)], Verdict.GOOD),
        ([(OWN, OWN)], Verdict.GOOD),  # the second may be of an earlier hand, or the sender's own
        ([(OWN, GMAIL)], Verdict.GOOD),
        ([("mx.marta.example; dmarc=pass header.from=acme.example", DKIM)], Verdict.GOOD),
        ([(f"{OWN}; dkim=none; dmarc=none", DKIM)], Verdict.GOOD),
    ],
)
def test_a_server_that_writes_several_results_is_told_how_to_write_one(mails: list[tuple[str, ...]], verdict: Verdict) -> None:
    check = judge_trust(OURS, mails)
    assert check.verdict is verdict
    assert ("several such headers" in check.said) is (verdict is Verdict.WARNING)
    assert ("smtpd_milters" in check.advice) is (verdict is Verdict.WARNING)


def test_a_provider_that_writes_several_results_is_known_and_one_that_is_not_trusted_is_told_as_such() -> None:
    fastmail = ("mx4.messagingengine.com; spf=pass smtp.mailfrom=a.example", "mx4.messagingengine.com; dkim=none")
    assert judge_trust(Trust(provider="gmail"), [(OWN, DKIM)]).said.startswith("{provider: gmail} stands on top of none")
    assert judge_trust(Trust(provider="fastmail"), [fastmail]).verdict is Verdict.GOOD
