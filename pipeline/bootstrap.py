"""Settings into services: with the workbench, the only place where adapters are chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from pipeline.custody.auditing import Notes
from pipeline.dispatch import DramatiqDispatcher, connect_broker
from pipeline.domain.errors import UnavailableError
from pipeline.flow import FlowPorts
from pipeline.isolation import PagePool
from pipeline.people.accounts import Accounts
from pipeline.people.vault import Vault
from pipeline.people.vouching import Rights, load_rights
from pipeline.ports import Catalogue, Clock, ObjectStore
from pipeline.ports.people import IdentityProvider
from pipeline.ports.screening import VirusScanner
from pipeline.reporting.targets import load_targets, shipped_targets
from pipeline.reports import Reports
from pipeline.reuse.policies import load_policies, shipped_policies
from pipeline.reuse.receipts import KIND
from pipeline.reuse_desk import ReusePorts, Terms
from pipeline.screening import screened_reader
from pipeline.settings import S3Settings, Settings
from pipeline.systems.desk import SystemDesk
from pipeline.workbench import build_pool, build_rule_sets, build_signers
from storage.agencies import AgencyStore, read_credentials
from storage.catalogue import SqlCatalogue
from storage.clamd import ClamdScanner
from storage.clocks import SystemClock
from storage.embedded import start_all, stop_all
from storage.objects import MinioStore
from storage.people_keys import PeopleKeys
from storage.receipt_keys import KeyedReceipts, read_master
from storage.seaweed_server import SeaweedServer
from storage.token_keys import FolderTokenKeys
from storage.valkey_server import ValkeyServer
from storage.webhooks import HttpWebhooks


@dataclass(frozen=True, slots=True)
class Services:
    """All that a surface may ask for. ``pool`` must be stopped when the process ends; see :meth:`close`."""

    settings: Settings
    flow: FlowPorts
    pool: PagePool

    @property
    def store(self) -> ObjectStore:
        """The bucket."""
        return self.flow.store

    @property
    def catalogue(self) -> Catalogue:
        """The index."""
        return self.flow.catalogue

    @property
    def clock(self) -> Clock:
        """The time."""
        return self.flow.clock

    def close(self) -> None:
        """Stop the children."""
        self.pool.stop()


def build_store(s3: S3Settings) -> ObjectStore:
    """The bucket; raises ``ValueError`` for a faulty file of the agencies' credentials."""

    def reach(access_key: str, secret_key: str) -> MinioStore:
        return MinioStore(
            s3.endpoint,
            access_key,
            secret_key,
            s3.bucket,
            secure=s3.secure,
            ca_file=s3.ca_file,
            encryption="" if s3.encryption == "none" else s3.encryption,
            kms_key=s3.kms_key,
            public=s3.public,
        )

    own = reach(s3.access_key, s3.secret_key)
    if s3.agencies is None:
        return own
    agencies = read_credentials(s3.agencies)
    return AgencyStore(own, {code: reach(one.access_key, one.secret_key) for code, one in agencies.items()})


def agencies_with_keys(s3: S3Settings) -> tuple[str, ...]:
    """The codes of the agencies whose dossiers are reached by keys of their own; raises ``ValueError`` for a faulty file."""
    return tuple(sorted(read_credentials(s3.agencies))) if s3.agencies else ()


def build_services(settings: Settings) -> Services:
    """All services of an installation; nothing is contacted before its first use.

    Raises ``UnavailableError`` where no addresses are set: then no embedded stack runs, and none is configured.
    """
    settings = find_embedded(settings)
    if not settings.redis_url or not settings.s3.endpoint:
        raise UnavailableError(
            "No broker and no object store are set. Start the embedded ones with `sohoa up`, "
            "or set SOHOA_REDIS_URL and SOHOA_S3_ENDPOINT.",
            code="not_running",
            advice="Hệ thống chưa chạy. Hãy khởi động bằng lệnh: sohoa up",
        )
    pool = build_pool(settings)
    scratch = settings.home / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    flow = FlowPorts(
        store=build_store(settings.s3),
        catalogue=SqlCatalogue(settings.catalogue_url),
        dispatcher=DramatiqDispatcher(connect_broker(settings.redis_url)),
        clock=SystemClock(),
        reader=screened_reader(pool, scanner) if (scanner := build_virus_scanner(settings)) else pool,
        scratch=scratch,
        profile=settings.profile,
        attempts=settings.attempts,
        rule_sets=build_rule_sets(settings),
        signers=build_signers(settings),
        policies=load_policies(settings.reuse.policies) if settings.reuse.policies else shipped_policies(),
    )
    return Services(settings, flow, pool)


def build_virus_scanner(settings: Settings) -> VirusScanner | None:
    """What looks at files that come in; None where none is set."""
    return ClamdScanner(settings.clamd) if settings.clamd else None


def build_reuse(services: Services, origin: str = "") -> ReusePorts:
    """What gives papers to others; ``origin`` is how they reach us, as browsers do. Raises ``ValueError`` for faulty settings.

    Keys are made where none are set, and opened at their first use.
    """
    found, keys = services.settings.reuse, services.settings.home / "reuse-keys"
    former = sorted(found.former.glob("*.pem")) if found.former else []
    receipts = KeyedReceipts(
        found.key or keys / "receipts.pem",
        kind=KIND,
        passphrase=found.passphrase,
        former=former,
        made=found.key is None,
    )
    terms = Terms(
        issuer=found.issuer or origin or services.settings.web_address.rstrip("/"),
        link=timedelta(seconds=found.link_seconds),
        redirect=timedelta(seconds=found.redirect_seconds),
        leads=found.fetch_by == "link",
        request=timedelta(minutes=found.request_minutes),
        master=read_master(found.master or keys / "master", made=found.master is None),
    )
    sender = HttpWebhooks(found.hosts, ca_file=found.ca_file, loopback=found.loopback)
    ports = services.flow
    return ReusePorts(ports.store, ports.catalogue, ports.clock, receipts, sender, terms, ports.policies)


def build_reports(services: Services) -> Reports:
    """Who counts; raises ``ValueError`` for a faulty file of targets."""
    own = services.settings.targets
    targets = load_targets(own) if own else shipped_targets()
    return Reports(services.catalogue, services.store, services.clock, targets)


def build_accounts(settings: Settings) -> Accounts:
    """Who looks after the accounts; nothing but the catalogue's database is needed, whether or not anything runs."""
    catalogue, clock = SqlCatalogue(settings.catalogue_url), SystemClock()
    return Accounts(catalogue.people, Notes(catalogue.audit, clock), clock, build_vault(settings))


def build_vault(settings: Settings) -> Vault:
    """What keeps secrets of people; its keys are made where none are set, and read at their first use."""
    return Vault(_people_keys(settings))


def rotate_people_keys(settings: Settings, *, by: str) -> tuple[int, int]:
    """How many secrets are encrypted by a new key, and how many passwords still wait for their owner to sign in."""
    accounts = build_accounts(settings)
    done = accounts.rotate_keys(_people_keys(settings).add, by=by)
    return done, accounts.waiting_for_key()


def _people_keys(settings: Settings) -> PeopleKeys:
    own = settings.web.people_keys
    return PeopleKeys(own or settings.home / "people-keys" / "keys", made=own is None)


def build_systems(settings: Settings, origin: str = "") -> SystemDesk:
    """Where other systems are let in; as for :func:`build_accounts` nothing but the database is needed.

    ``origin`` is how they reach us, as browsers do.
    """
    catalogue, clock = SqlCatalogue(settings.catalogue_url), SystemClock()
    found = settings.web.api
    return SystemDesk(
        catalogue.clients,
        FolderTokenKeys(found.keys or settings.home / "api-keys"),
        Notes(catalogue.audit, clock),
        clock,
        origin or settings.web_address.rstrip("/"),
        rate=found.rate,
        certificate_header=found.certificate_header,
    )


def build_identity_provider(settings: Settings) -> tuple[IdentityProvider, Rights] | None:
    """Who vouches for people, and what that gives them here; None where nobody is set.

    Raises ``ValueError`` for a faulty file of rights. The provider is asked when the first person signs in.
    """
    openid = settings.web.openid
    if not openid.issuer or openid.rights is None:
        return None
    from storage.identity_provider import OpenIdProvider  # noqa: PLC0415  (only the pages need it)

    return OpenIdProvider(openid.issuer, openid.client_id, openid.client_secret), load_rights(openid.rights)


def find_embedded(settings: Settings) -> Settings:
    """The settings, with the addresses of the embedded servers of the data folder where none are set.

    They stay the same from start to start; whether the servers run is not looked at.
    """
    folder = settings.home / "servers"
    broker, store = ValkeyServer(folder / "valkey"), SeaweedServer(folder / "seaweed")
    if settings.redis_url or settings.s3.endpoint or not broker.url or not store.endpoint:
        return settings
    s3 = _embedded(settings.s3, store.endpoint, store.access_key, store.secret_key)
    return replace(settings, redis_url=broker.url, s3=s3)


def _embedded(s3: S3Settings, endpoint: str, access_key: str, secret_key: str) -> S3Settings:
    """How to reach the embedded store, which encrypts what it keeps unless that was set otherwise."""
    return S3Settings(endpoint, access_key, secret_key, s3.bucket, encryption=s3.encryption or "SSE-S3")


def embedded_pids(settings: Settings) -> dict[str, int]:
    """The pids of the embedded servers that run, by ``broker`` and ``store``."""
    folder = settings.home / "servers"
    servers = {"broker": ValkeyServer(folder / "valkey").pid, "store": SeaweedServer(folder / "seaweed").pid}
    return {name: pid for name, pid in servers.items() if pid is not None}


def start_embedded(settings: Settings) -> Settings:
    """The settings with the addresses of the embedded servers, which then run; raises ``UnavailableError``."""
    stack = start_all(settings.home / "servers")
    s3 = _embedded(settings.s3, stack.s3_endpoint, stack.s3_access_key, stack.s3_secret_key)
    return replace(settings, redis_url=stack.redis_url, s3=s3)


def stop_embedded(settings: Settings) -> None:
    """Stop the embedded servers; all data stays."""
    stop_all(settings.home / "servers")
