"""People for whom an identity provider vouches: which claims make which login, name, roles and offices."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.domain.errors import NotEntitledError
from pipeline.domain.people import Account, Role
from pipeline.people.accounts import login_of, name_of, offices_of
from pipeline.ports.people import People


@dataclass(frozen=True, slots=True)
class Rights:
    """Names of claims, and what their values mean; ``offices`` None: the values of that claim are agency codes themselves.

    ``second_factor``: of whom looks after accounts, the claim ``amr`` must hold one of these (RFC 8176); empty: not asked.
    """

    login_claim: str = "preferred_username"
    name_claim: str = "name"
    roles_claim: str = "roles"
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    offices_claim: str = "offices"
    offices: Mapping[str, frozenset[str]] | None = None
    second_factor: frozenset[str] = frozenset()


def load_rights(path: Path) -> Rights:
    """The rights of a TOML file; raises ``ValueError`` naming what makes no sense in it.

    ::

        login = "preferred_username"
        name = "name"
        second_factor = ["mfa", "otp", "hwk"]
        [roles]
        claim = "groups"
        values = { "Cán bộ một cửa" = ["operator"], "Phòng soát xét" = ["reviewer", "operator"] }
        [offices]
        claim = "department"
        values = { "Phòng Tư pháp" = ["000.00.16.H05"] }   # without it the claim holds the codes
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        roles, offices = raw["roles"], raw.get("offices", {})
        named = offices.get("values")
        return Rights(
            login_claim=raw.get("login", "preferred_username"),
            name_claim=raw.get("name", "name"),
            roles_claim=roles["claim"],
            roles={value: frozenset(Role(role) for role in listed) for value, listed in roles["values"].items()},
            second_factor=frozenset(raw.get("second_factor", ())),
            offices_claim=offices.get("claim", "offices"),
            offices=None if named is None else {value: offices_of(codes) for value, codes in named.items()},
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path}: {error!r} makes no rights") from error


def admit(issuer: str, claims: Mapping[str, Any], rights: Rights, people: People, now: datetime) -> Account:
    """The account of the person whom ``issuer`` speaks of, entered or brought up to date.

    Raises ``NotEntitledError`` for somebody without any role here, disabled, or with the login of another account.
    """
    subject = str(claims["sub"])
    roles = frozenset(role for value in _values(claims, rights.roles_claim) for role in rights.roles.get(value, ()))
    if rights.second_factor and not rights.second_factor & set(_values(claims, "amr")):
        roles -= {Role.ADMINISTRATOR}
    known = people.by_subject(issuer, subject)
    if not roles or (known is not None and known.disabled):
        raise _refused(f"{issuer} gives {subject} no role here, or the account is disabled")
    try:
        login = known.login if known else login_of(str(claims.get(rights.login_claim, "")))
        name = name_of(str(claims.get(rights.name_claim) or login))
        plain = known or Account(login, login, name, roles, frozenset(), now, issuer=issuer, subject=subject)
        account = replace(plain, name=name, roles=roles, offices=_offices(claims, rights))
        if known:
            people.keep(account)
        else:
            people.enter(account)
    except ValueError as error:
        raise _refused(str(error)) from error
    return account


def _offices(claims: Mapping[str, Any], rights: Rights) -> frozenset[str]:
    values = _values(claims, rights.offices_claim)
    if rights.offices is not None:
        return frozenset(code for value in values for code in rights.offices.get(value, ()))
    return offices_of(values)


def _values(claims: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The values of a claim that is a text or a list of texts."""
    found = claims.get(name, ())
    return tuple(str(one) for one in found) if isinstance(found, list) else (str(found),) if found else ()


def _refused(why: str) -> NotEntitledError:
    advice = "Tài khoản của bạn chưa được cấp quyền dùng Sohoa. Hãy hỏi quản trị viên."
    return NotEntitledError(why, code="no_rights", advice=advice)
