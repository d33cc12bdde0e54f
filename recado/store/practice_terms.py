"""The rules between the fields of clients.yml that are about what is offered, to whom, when, and where it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recado.model.instant import parse_day
from recado.speech import _
from recado.store.checked import written_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recado.store.strict_yaml import Value, ValuePath

Found = tuple["ValuePath", str]

_NEEDED_BY_PLACES = {"directory": "path", "git": "remote", "rsync": "to", "command": "run"}
_LAST_DAYS = {"weekly": 7, "monthly": 28}


def mapping(value: Value | object) -> Mapping[str, Value]:
    """Give a mapping as it is, and an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Value | object) -> list[Value]:
    """Give a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []


def clients_in(tree: Mapping[str, Value]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    """Go through the clients, however wrong they are."""
    for key, client in mapping(tree.get("clients")).items():
        yield key, mapping(client)


def _packages(tree: Mapping[str, Value]) -> Iterator[Found]:
    services = mapping(tree.get("services"))
    for key, package in mapping(tree.get("packages")).items():
        service = mapping(package).get("service")
        if isinstance(service, str) and service not in services:
            known = ", ".join(services) or _("there are none yet")
            said = _("`packages.{key}.service` is {service!r}; expected one of the keys of `services` ({known})")
            yield ("packages", key, "service"), said.format(key=key, service=service, known=known)


def _retainers(tree: Mapping[str, Value]) -> Iterator[Found]:
    for key, client in clients_in(tree):
        retainer = mapping(client.get("retainer"))
        day, last = retainer.get("day"), _LAST_DAYS.get(str(retainer.get("renews", "monthly")))
        if last is not None and isinstance(day, str) and day.isdigit() and not 1 <= int(day) <= last:
            said = _("`{name}` is {day}; expected a day from 1 to 28 (monthly), or from 1 to 7 (weekly, Monday is 1)")
            path: ValuePath = ("clients", key, "retainer", "day")
            yield path, said.format(name=written_path(path), day=repr(day))


def _days_in_order(tree: Mapping[str, Value]) -> Iterator[Found]:
    for number, absence in enumerate(items(mapping(tree.get("practice")).get("absences"))):
        yield from _in_order(mapping(absence), ("practice", "absences", number), "from", "to")
    for key, client in clients_in(tree):
        yield from _in_order(client, ("clients", key), "since", "ended")


def _in_order(part: Mapping[str, Value], path: ValuePath, first: str, last: str) -> Iterator[Found]:
    try:
        start, end = parse_day(str(part[first])), parse_day(str(part[last]))
    except (KeyError, ValueError):  # refused already, or left out
        return
    if end < start:
        name = written_path((*path, last))
        said = _("`{name}` is {end}, before `{first}` ({start}); expected that day or a later one")
        yield (*path, last), said.format(name=name, end=end, first=first, start=start)


def _places(tree: Mapping[str, Value]) -> Iterator[Found]:
    for key, place in mapping(tree.get("places")).items():
        kind = mapping(place).get("kind")
        needed = _NEEDED_BY_PLACES.get(kind) if isinstance(kind, str) else None
        if needed and not mapping(place).get(needed):
            said = _("`places.{key}.{needed}` is missing; expected it, since a place of kind {kind} has one")
            yield ("places", key, needed), said.format(key=key, needed=needed, kind=kind)
        run = mapping(place).get("run")
        if kind == "command" and isinstance(run, list) and run and not any("{folder}" in str(part) for part in run):
            said = _('`places.{key}.run` does not say "{{folder}}"; expected it where your command takes the folder to publish')
            yield ("places", key, "run"), said.format(key=key)


def _countries(tree: Mapping[str, Value]) -> Iterator[Found]:
    """Find countries that do not exist. Babel knows them all, and is asked only here."""
    from babel.core import get_global  # noqa: PLC0415 (late: a build with nothing to do does not read this again)

    known = get_global("territory_currencies")
    written: list[tuple[ValuePath, Value]] = [(("practice", "country"), mapping(tree.get("practice")).get("country"))]
    written += [(("clients", key, "country"), client.get("country")) for key, client in clients_in(tree)]
    for path, code in written:
        if _is_code(code, 2) and code not in known:
            said = _("`{name}` is {code!r}, which is no country's code; expected a code of ISO 3166 such as ES or GB")
            yield path, said.format(name=written_path(path), code=code)


def _currencies(tree: Mapping[str, Value]) -> Iterator[Found]:
    from babel.core import get_global  # noqa: PLC0415 (late, as above)

    known = {currency for currencies in get_global("territory_currencies").values() for currency, *_rest in currencies}
    written: list[tuple[ValuePath, Value]] = [(("practice", "currency"), mapping(tree.get("practice")).get("currency"))]
    written += [(("clients", key, "currency"), client.get("currency")) for key, client in clients_in(tree)]
    for section, field in (("services", "rate"), ("packages", "price")):
        for key, item in mapping(tree.get(section)).items():
            written += [((section, key, field, code), code) for code in mapping(mapping(item).get(field))]
    for path, code in written:
        if _is_code(code, 3) and code not in known:
            said = _("`{name}`: no currency is called {code}; expected a code of ISO 4217 such as EUR")
            yield path, said.format(name=written_path(path), code=code)


def _is_code(value: Value, length: int) -> bool:
    """Tell whether a value has the form of a code; one that has not is refused for that already."""
    return isinstance(value, str) and len(value) == length and value.isascii() and value.isalpha() and value.isupper()


CHECKS_OF_TERMS = (_packages, _retainers, _days_in_order, _places, _countries, _currencies)
