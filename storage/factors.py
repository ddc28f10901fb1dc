"""Second factors and notices in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from pipeline.domain.people import Factor, News, Notice
from storage.database import Database
from storage.factor_tables import notices, recovery_codes, second_factors


class SqlFactors:
    """``Factors`` beside the accounts, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def factor(self, account_id: str) -> Factor | None:
        """The second factor of an account."""
        with self._database.read() as connection:
            row = connection.execute(select(second_factors).where(second_factors.c.account == account_id)).one_or_none()
        return None if row is None else Factor(row.account, row.secret, row.since, row.step)

    def all(self) -> tuple[Factor, ...]:
        """All of them."""
        with self._database.read() as connection:
            rows = connection.execute(select(second_factors).order_by(second_factors.c.account))
            return tuple(Factor(row.account, row.secret, row.since, row.step) for row in rows)

    def set(self, factor: Factor, codes: Sequence[str]) -> None:
        """Hold a factor with its codes in the place of what there was."""
        values = {"account": factor.account, "secret": factor.secret, "since": factor.since, "step": factor.step}
        with self._database.write() as connection:
            for table in (second_factors, recovery_codes):
                connection.execute(delete(table).where(table.c.account == factor.account))
            connection.execute(insert(second_factors).values(values))
            if codes:
                connection.execute(insert(recovery_codes), [{"account": factor.account, "kept": kept} for kept in codes])

    def reseal(self, account_id: str, before: str, secret: str) -> bool:
        """Hold the same secret otherwise encrypted; False where it is no longer the one that was ``before``."""
        same = (second_factors.c.account == account_id) & (second_factors.c.secret == before)
        with self._database.write() as connection:
            return bool(connection.execute(update(second_factors).where(same).values(secret=secret)).rowcount)

    def drop(self, account_id: str) -> bool:
        """Forget the factor and its codes; whether there was one."""
        with self._database.write() as connection:
            connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account_id))
            return bool(connection.execute(delete(second_factors).where(second_factors.c.account == account_id)).rowcount)

    def use_step(self, account_id: str, step: int) -> bool:
        """Have the code of this time step used up; False where it, or one of a later step, was used already."""
        earlier = (second_factors.c.account == account_id) & (second_factors.c.step < step)
        with self._database.write() as connection:
            return bool(connection.execute(update(second_factors).where(earlier).values(step=step)).rowcount)

    def codes(self, account_id: str) -> tuple[str, ...]:
        """The hashes of the codes of recovery that are left."""
        asked = select(recovery_codes.c.kept).where(recovery_codes.c.account == account_id).order_by(recovery_codes.c.kept)
        with self._database.read() as connection:
            return tuple(connection.execute(asked).scalars())

    def use_code(self, account_id: str, kept: str) -> bool:
        """Forget the code of this hash; False where there is none: of two at once one alone is right."""
        code = (recovery_codes.c.account == account_id) & (recovery_codes.c.kept == kept)
        with self._database.write() as connection:
            return bool(connection.execute(delete(recovery_codes).where(code)).rowcount)


class SqlNotices:
    """``Notices`` beside the accounts, in the same database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, notice: Notice) -> None:
        """Hold a notice."""
        values = {
            "id": notice.id,
            "account": notice.account,
            "at": notice.at,
            "news": notice.news.value,
            "by": notice.by,
            "address": notice.address,
            "read": int(notice.read),
        }
        with self._database.write() as connection:
            connection.execute(insert(notices).values(values))

    def of(self, account_id: str, *, limit: int = 50) -> tuple[Notice, ...]:
        """The notices of an account, the newest first."""
        asked = select(notices).where(notices.c.account == account_id).order_by(notices.c.at.desc(), notices.c.id).limit(limit)
        with self._database.read() as connection:
            return tuple(
                Notice(row.id, row.account, row.at, News(row.news), row.by, row.address, bool(row.read))
                for row in connection.execute(asked)
            )

    def mark_read(self, account_id: str) -> None:
        """Note that all of them were seen."""
        with self._database.write() as connection:
            connection.execute(update(notices).where(notices.c.account == account_id).values(read=1))
