"""Do two domains belong to one owner? DMARC's relaxed alignment (RFC 7489 §3.1.1), by the list of public suffixes.

The list is the one that comes with the library, of the day of its release; nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from recado.model.address import normalise_domain

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def is_aligned(domain: str, with_domain: str) -> bool:
    """Tell whether two domains are the same, or parts of one organisation's: `bounce.acme.example` and `mail.acme.example`.

    Below a public suffix each name has an owner of its own: `co.uk`, `github.io` and `uk.com` vouch for no one's mail, nor one
    of their customers for another. Without the list, a signer `evil.uk.com` would be aligned with `uk.com`.
    """
    one, other = normalise_domain(domain), normalise_domain(with_domain)
    if one.split(".")[-2:] != other.split(".")[-2:] or "." not in one or "." not in other:
        return False
    if one == other:
        return True
    organisation = _suffixes().privatesuffix(one)
    return organisation is not None and organisation == _suffixes().privatesuffix(other)


@cache
def _suffixes() -> PublicSuffixList:
    # 40 ms, and needed only where the server gives no verdict of DMARC and the domains differ.
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415

    return PublicSuffixList()
