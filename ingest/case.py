"""One mail with all that a decision about it may look at, and the flags it brings with it whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.decision import FORWARDED, OTHER_CLIENT_COPIED, REUSED_MESSAGE_ID
from ingest.whose import recipients
from recado.model.ref import Ref

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.filed import Known, ThreadKey
    from ingest.mail import Mail
    from ingest.whose import Directory
    from recado.model.practice import Practice


@dataclass(frozen=True, slots=True)
class Case:
    """A mail to decide about. `received` is UTC: when it came, never the clock."""

    mail: Mail
    practice: Practice
    directory: Directory
    known: Known
    received: datetime

    @property
    def is_passed_on(self) -> bool:
        """Tell whether the mail passes on what someone else wrote."""
        return self.mail.is_forward or self.mail.forwarded is not None

    @property
    def addressed(self) -> tuple[str, ...]:
        """List the addresses a mail was written to, but for the practice's own."""
        return tuple(each.email for each in recipients(self.mail) if not self.directory.is_own(each.email))

    def flags(self, client: str, *more: str) -> tuple[str, ...]:
        """Give the flags of what is filed with a client: the mail's own, what is seen now, and `more`."""
        seen = {
            REUSED_MESSAGE_ID: self.known.has_message_id(self.mail.message_id),
            FORWARDED: self.is_passed_on,
            OTHER_CLIENT_COPIED: self._is_to_another_client(client),
        }
        return tuple(dict.fromkeys((*self.mail.flags, *(flag for flag, applies in seen.items() if applies), *more)))

    def goes_to(self, client: str) -> bool:
        """Tell whether the mail was written to someone of a client."""
        return any(client in self.directory.clients_of(address) for address in self.addressed)

    def ref_of(self, thread: ThreadKey) -> str:
        """Give the ref of a thread, such as ACME-42."""
        client = self.practice.clients.get(thread.client)
        return str(Ref(client.code if client else thread.client, thread.number))

    def _is_to_another_client(self, client: str) -> bool:
        theirs = (self.directory.clients_of(address) for address in self.addressed)
        return any(keys and client not in keys for keys in theirs)
