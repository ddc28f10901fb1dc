"""What people are told about their own accounts: at the next sign-in, and on their own page for as long as they want."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import replace

from pipeline.domain.people import News, Notice, Role
from pipeline.ports import Clock
from pipeline.ports.people import People

#: How much of an address tells a place: the last part changes from day to day.
_NETWORKS = {4: 24, 6: 56}


def tell(people: People, clock: Clock, account: str, news: News, *, by: str = "", address: str = "") -> None:
    """Have somebody told."""
    people.notices.tell(Notice(secrets.token_hex(16), account, clock.now(), news, by, address))


def note_place(people: People, clock: Clock, account: str, address: str) -> None:
    """Have somebody told that they signed in from where they never did before; the first place is nothing new."""
    place = place_of(address)
    told = people.notices.of(account, limit=1000)
    known = {one.address for one in told if one.news is News.NEW_PLACE}
    if place and place not in known:
        notice = Notice(secrets.token_hex(16), account, clock.now(), News.NEW_PLACE, "", place)
        people.notices.tell(notice if known else replace(notice, read=True))


def alert(people: People, clock: Clock, news: News, about: str) -> None:
    """Have all administrators told of what somebody does."""
    for account in people.accounts():
        if Role.ADMINISTRATOR in account.roles and not account.disabled:
            tell(people, clock, account.id, news, by=about)


def unread(people: People, account: str) -> tuple[Notice, ...]:
    """What somebody was not told yet, the newest first."""
    return tuple(one for one in people.notices.of(account) if not one.read)


def place_of(address: str) -> str:
    """The network that an address belongs to; the address itself where it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/{_NETWORKS[found.version]}", strict=False))
