"""The terms of payment and of the retainer, in sentences: each from what clients.yml says, none from anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.money import Money

if TYPE_CHECKING:
    from recado.model.practice import Retainer
    from recado.portal.pages.view import View


def terms(view: View) -> tuple[str, ...]:
    """Say the terms of payment; nothing where the client has none."""
    written, reader = view.record.client.terms, view.reader
    sentences = list(_billing(view))
    if written is None:
        return tuple(sentences)
    if written.net == 0:
        sentences.append(reader.gettext("Invoices are to be paid as they arrive."))
    elif written.net is not None:
        sentences.append(reader.ngettext("You have {number} day to pay.", "You have {number} days to pay.", written.net))
    if written.deposit:
        share = reader.percent(written.deposit)
        sentences.append(reader.gettext("For larger work {share} is paid ahead.").format(share=share))
    if written.late_fee and written.late_fee != "none":
        sentences.append(reader.gettext("The fee for paying late is {fee}.").format(fee=written.late_fee))
    return tuple(sentences)


def carry_over(retainer: Retainer, view: View) -> str:
    """Say what becomes of hours that were not used; '' where nothing is kept."""
    rule, reader = retainer.carry_over, view.reader
    if rule is None or not rule.limit:
        return ""
    limit = reader.duration(rule.limit)
    if rule.expires is None:
        return reader.gettext("Of what you do not use, up to {limit} is kept.").format(limit=limit)
    return reader.ngettext(
        "Of what you do not use, up to {limit} is kept for {number} day.",
        "Of what you do not use, up to {limit} is kept for {number} days.",
        rule.expires,
        limit=limit,
    )


def overage(retainer: Retainer, view: View) -> str:
    """Give the price of an hour beyond the retainer; '' where none was agreed."""
    return view.reader.money(Money(retainer.overage, view.record.currency)) if retainer.overage is not None else ""


def _billing(view: View) -> tuple[str, ...]:
    retainer, gettext = view.record.client.retainer, view.reader.gettext
    if retainer is None or not retainer.says_billing:
        return ()
    if retainer.renews == "when_used":
        before, after = gettext("Hours are billed before they are worked."), gettext("Hours are billed once they are used up.")
    elif retainer.renews == "weekly":
        before, after = gettext("Each week’s hours are billed before it."), gettext("Each week’s hours are billed after it.")
    else:
        before, after = gettext("Each month’s hours are billed before it."), gettext("Each month’s hours are billed after it.")
    return (before if retainer.bill == "before" else after,)
