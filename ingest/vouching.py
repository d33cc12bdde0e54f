"""Which server vouches for senders, read from the mail that came; and whether it is the one that clients.yml trusts. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ingest.authentication import read_authentication_results
from recado.model.address import normalise_domain
from recado.model.check import Check, Verdict
from recado.speech import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recado.model.servers import Trust

# A server's name as it may be shown and written: what stands in a mail is anybody's.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,252}", re.ASCII)


def trust_written_by(value: str) -> str:
    """Give what `trust` would have to say for the server that wrote this Authentication-Results; '' where it tells of no check.

    `value` is the topmost header of a mail, unfolded; '' where it has none.
    """
    read = read_authentication_results(value)
    if not read.tells_of_a_check:
        return ""
    if read.authserv_id == "mx.google.com":
        return "{provider: gmail}"
    if read.authserv_id.endswith(".messagingengine.com"):
        return "{provider: fastmail}"
    if not read.authserv_id:
        return "{provider: microsoft365}"
    return f"{{authserv_id: {read.authserv_id}}}" if _NAME.fullmatch(read.authserv_id) else ""


def judge_trust(trust: Trust | None, mails: Sequence[Sequence[str]]) -> Check:
    """Judge `mailbox.trust` by the Authentication-Results of the newest mails, for each as they stand, top to bottom.

    What stands above all else was written last, by the server that took the mail in: any other may be the sender's own.
    """
    topmost = [next(iter(results), "") for results in mails]
    subject = _("trust")
    seen = Counter(written for value in topmost if (written := trust_written_by(value)))
    wanted = None if trust is None else _written(trust)
    likeliest, most = next(iter(seen.most_common(1)), ("", 0))
    proposed = ""
    if most * 2 > seen.total():
        said = ngettext(
            "{seen} of {number} mail has the results of one server on top. If that is your own mail server or provider, "
            "write under `mailbox:` in clients.yml:  trust: {trust}",
            "{seen} of {number} mails have the results of one server on top. If that is your own mail server or provider, "
            "write under `mailbox:` in clients.yml:  trust: {trust}",
            len(topmost),
        )
        proposed = said.format(seen=most, number=len(topmost), trust=likeliest)
    if not topmost:
        said = _("there is no mail yet to see whose word could be trusted")
        return Check(subject, Verdict.WARNING, said, _("Send a mail to the request address, and run this again."))
    ours = [results for results in mails if results and trust_written_by(results[0]) == wanted]
    if trust is not None and trust.provider is None and sum(map(_is_one_of_several, ours)) * 2 > len(ours):
        return _several(_written(trust), len(ours), len(mails))
    if wanted is not None and seen[wanted]:
        said = _("{trust} stands on top of {seen} of the newest {number} mails")
        return Check(subject, Verdict.GOOD, said.format(trust=wanted, seen=seen[wanted], number=len(topmost)))
    if wanted is not None:
        said = _("{trust} stands on top of none of the newest {number} mails: every sender counts as unverified")
        advice = proposed or _("Ask your provider what its Authentication-Results begin with.")
        return Check(subject, Verdict.WARNING, said.format(trust=wanted, number=len(topmost)), advice)
    said = _("`mailbox.trust` is not set: nobody vouches for senders, and anyone can write in a client's name")
    nobody = _("None of the newest mails says that their senders were checked. Ask your provider for Authentication-Results.")
    return Check(subject, Verdict.WARNING, said, proposed or nobody)


def _several(trusted: str, seen: int, number: int) -> Check:
    """Say that only a part of what the server finds is believed, and how all of it can be."""
    said = _(
        "{trust} stands on top of {seen} of the newest {number} mails, but your server writes several such headers on a mail "
        "(Authentication-Results), and only the topmost is believed: many senders count as unverified"
    )
    advice = _(
        "Let your server write one header with SPF, DKIM and DMARC in it, as Rspamd and authentication_milter do; or let "
        "OpenDMARC come last in `smtpd_milters` of Postfix, so that its word stands on top."
    )
    return Check(_("trust"), Verdict.WARNING, said.format(trust=trusted, seen=seen, number=number), advice)


def _is_one_of_several(results: Sequence[str]) -> bool:
    """Tell whether the same server says in a second header what the topmost leaves open. DMARC's word is about the whole."""
    first, *others = (read_authentication_results(value) for value in results[:2])
    if first.of("dmarc"):
        return False
    told = {result.method for result in first.checks}
    return any(
        other.authserv_id == first.authserv_id and any(result.method not in told for result in other.checks) for other in others
    )


def _written(trust: Trust) -> str:
    if trust.provider is not None:
        return f"{{provider: {trust.provider}}}"
    return f"{{authserv_id: {normalise_domain(trust.authserv_id or '')}}}"
