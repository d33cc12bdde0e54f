"""The demo practice itself: what a newcomer opens first has to be right, down to the sums and the questions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from recado.demo.dates import ANCHOR
from recado.model.history import unnoticed
from recado.model.invoice import disagreements
from recado.model.invoice_standing import Standing, standing
from recado.model.message import Kind
from recado.model.status import Status
from recado.resources import demo_practice
from recado.store.client_work import load_client_work
from recado.store.numbers import highest
from recado.store.practice_file import load_practice
from recado.store.workspace import Workspace

if TYPE_CHECKING:
    from recado.model.client_work import ClientWork

WORKSPACE = Workspace(demo_practice())
PRACTICE = load_practice(WORKSPACE)
WORK = {key: load_client_work(WORKSPACE.client(key), PRACTICE.record(key)) for key in PRACTICE.clients}
every_client = pytest.mark.parametrize("work", WORK.values(), ids=WORK)


@every_client
def test_each_client_has_tasks_in_every_status_that_shows_on_a_home_page(work: ClientWork) -> None:
    statuses = [thread.task.status for thread in work.threads]
    assert 8 <= len(statuses) <= 14
    assert {*Status} - set(statuses) <= {Status.CANCELLED}
    assert statuses.count(Status.DONE) >= 4


@every_client
def test_the_history_is_complete_so_that_a_build_adds_nothing(work: ClientWork) -> None:
    tasks = [thread.task for thread in work.threads]
    assert unnoticed(tasks, work.changes, ANCHOR) == ()
    assert [change.at for change in work.changes] == sorted(change.at for change in work.changes)
    assert all(change.at <= ANCHOR for change in work.changes)
    firsts = {change.ref: change for change in reversed(work.changes)}
    for task in tasks:
        assert task.received is not None
        assert timedelta(0) <= firsts[task.ref].at - task.received < timedelta(seconds=5)


@every_client
def test_each_row_of_the_history_starts_where_the_one_before_ended(work: ClientWork) -> None:
    where: dict[str, Status | None] = {}
    for change in work.changes:
        assert change.before == where.get(str(change.ref))
        where[str(change.ref)] = change.after


@every_client
def test_what_waits_for_the_client_ends_with_a_question_or_an_offer_of_the_practice(work: ClientWork) -> None:
    for thread in work.threads:
        if thread.task.status in {Status.WAITING, Status.APPROVAL}:
            last = max(thread.messages, key=lambda message: message.received)
            assert last.kind is Kind.OUTGOING
            if thread.task.status is Status.WAITING:
                assert "?" in last.text


@every_client
def test_messages_are_named_after_their_instant_and_digest(work: ClientWork) -> None:
    for thread in work.threads:
        for message in thread.messages:
            assert re.fullmatch(r"sha256:[0-9a-f]{64}", message.digest)
            assert message.name == f"{message.received:%Y%m%dT%H%M%SZ}-{message.digest[7:15]}"
            assert message.received <= ANCHOR
        assert min(message.kind for message in thread.messages[:1]) is Kind.REQUEST
        assert thread.task.message == thread.messages[0].message_id


@every_client
def test_attachments_and_deliveries_are_real_files(work: ClientWork) -> None:
    beginnings = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".csv": b""}
    for thread in work.threads:
        folder = WORKSPACE.client(work.record.key).thread(thread.task.name) / "files"
        names = {file.name for file in thread.files}
        assert {name for message in thread.messages for name in message.attachments} <= names
        for name in names:
            content = (folder / name).read_bytes()
            assert content.startswith(beginnings[f".{name.rpartition('.')[2]}"])
            assert len(content) > 50


def test_there_are_deliveries_attachments_and_private_notes() -> None:
    files = [file for work in WORK.values() for thread in work.threads for file in thread.files]
    assert sum(file.message is None for file in files) >= 8
    assert sum(file.message is not None for file in files) >= 3
    assert len(list(WORKSPACE.sources.glob("*/tasks/*/private.md"))) >= 3


@every_client
def test_invoices_add_up_and_stand_as_a_practice_has_them(work: ClientWork) -> None:
    assert 2 <= len(work.invoices) <= 4
    for invoice in work.invoices:
        assert list(disagreements(invoice)) == []
        assert invoice.currency == work.record.currency
    standings = [standing(invoice, ANCHOR.date()) for invoice in work.invoices]
    assert Standing.PAID in standings
    assert set(standings) - {Standing.PAID}


def test_among_the_invoices_are_an_overdue_and_a_part_paid_one_and_their_numbers_have_no_gap() -> None:
    invoices = [invoice for work in WORK.values() for invoice in work.invoices]
    standings = {standing(invoice, ANCHOR.date()) for invoice in invoices}
    assert {Standing.OVERDUE, Standing.PART_PAID, Standing.OPEN, Standing.PAID} <= standings
    by_number = sorted(invoices, key=lambda invoice: str(invoice.number))
    numbers = [int(str(invoice.number)[5:]) for invoice in by_number]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    issued = [invoice.issued for invoice in by_number if invoice.issued is not None]
    assert issued == sorted(issued)


def test_the_spanish_client_pays_vat_and_keeps_tax_back() -> None:
    (latest,) = (invoice for invoice in WORK["tomillo"].invoices if invoice.number == "2026-0029")
    assert [
        str(figure) for figure in (latest.totals.net, latest.totals.tax, latest.totals.withheld, latest.totals.payable)
    ] == [
        "420.00",
        "88.20",
        "63.00",
        "445.20",
    ]


@every_client
def test_this_months_time_is_within_the_hours_that_were_bought(work: ClientWork) -> None:
    this_month = [entry for entry in work.time if entry.is_billable and entry.start.strftime("%Y-%m") == "2026-11"]
    retainer = work.record.client.retainer
    assert retainer is not None
    assert 0.5 <= sum(entry.minutes for entry in this_month) / 60 / float(retainer.hours) <= 1
    refs = {thread.task.ref for thread in work.threads}
    assert {entry.task for entry in work.time} - {None} <= refs


@every_client
def test_the_highest_number_is_that_of_the_newest_task(work: ClientWork) -> None:
    assert highest(WORKSPACE.client(work.record.key)) == max(thread.task.ref.number for thread in work.threads)


@every_client
def test_there_are_words_of_welcome_and_pages_of_the_practices_own(work: ClientWork) -> None:
    assert len(work.welcome) > 200
    assert work.pages


def test_every_service_a_task_names_is_in_the_catalogue() -> None:
    for work in WORK.values():
        for thread in work.threads:
            assert thread.task.service in PRACTICE.services
