"""The only reader of the environment: one frozen :class:`Settings`.

Every name starts with ``SOHOA_``. An embedded stack fills in addresses and keys itself (see ``bootstrap``).
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.domain.people import Role
from pipeline.domain.secret import Secret
from pipeline.engines import ENGINES
from pipeline.environment import choice_of, flag_of, number_of, path_of, socket_of, text_or_file
from pipeline.intake import Bounds
from pipeline.people.measures import Measures, measures_of

#: Who encrypts what the object store keeps: as is usual where it is (empty), nobody, the server by its own key, or by its KMS.
ENCRYPTIONS = ("", "none", "SSE-S3", "SSE-KMS")


@dataclass(frozen=True, slots=True)
class S3Settings:
    """How to reach the object store. ``endpoint`` is ``host:port``; ``secure``: by TLS, ``ca_file`` names who vouches for it.

    ``encryption`` is what the server is to encrypt objects with, one of :data:`ENCRYPTIONS` (``kms_key``: by that key of its).
    ``public`` is the endpoint that others fetch from, where it is another.
    ``agencies`` is a file with credentials of the agencies whose dossiers are not reached by ``access_key``.
    """

    endpoint: str = ""
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    bucket: str = "sohoa"
    secure: bool = False
    ca_file: Path | None = None
    encryption: str = ENCRYPTIONS[0]
    kms_key: str = ""
    public: str = ""
    agencies: Path | None = None


#: What stands for the location of a key where the trial keys of the installation are to sign.
TRIAL_KEY = "trial"


@dataclass(frozen=True, slots=True)
class KeySettings:
    """Where a signing key is (a PKCS#12 file, a ``pkcs11:`` URI, or :data:`TRIAL_KEY`), and what signatures of it show.

    ``name`` empty: as the certificate has it. The pass phrase is given, or stands in ``passphrase_file``.
    """

    location: str = ""
    passphrase: Secret = field(default_factory=Secret, repr=False)
    passphrase_file: Path | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Who signs, and by what it is proven. ``trust`` is a file or folder of certificates, ``tsa_url`` gives time stamps.

    ``incoming`` is the same of the authorities whose signatures on foreign files are accepted; without it ``trust`` is.
    ``copy_type`` is what the agency's signature calls the copy.
    """

    digitiser: KeySettings = field(default_factory=KeySettings)
    agency: KeySettings = field(default_factory=KeySettings)
    copy_type: str = "Bản số hóa"
    tsa_url: str = ""
    trust: Path | None = None
    incoming: Path | None = None

    @property
    def accepted(self) -> Path | None:
        """Where the certificates are that signatures on foreign files must lead to; None: nobody's are trusted."""
        return self.incoming or self.trust

    @property
    def trial(self) -> bool:
        """Whether trial keys sign."""
        return TRIAL_KEY in {self.digitiser.location, self.agency.location}


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """The identity provider that people sign in with (OpenID Connect); nobody does without an ``issuer``.

    ``rights`` is a TOML file that says which claims make which login, roles and offices.
    """

    issuer: str = ""
    client_id: str = ""
    client_secret: Secret = field(default_factory=Secret, repr=False)
    rights: Path | None = None


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How other systems call. ``rate`` is how many calls a minute one may make, ``keys`` the folder of the keys of tokens.

    ``certificate_header`` names the header in which a proxy hands on the certificate of a connection; empty: none does.
    ``layouts`` is a folder of TOML files: what is exported to which system, beside those that come with the product.
    """

    rate: int = 600
    keys: Path | None = None
    certificate_header: str = ""
    layouts: Path | None = None


#: Whose second factor is asked for where nothing else is set and the pages are served to other machines: of those who
#: look after accounts, and of those whose word binds the house.
NETWORKED = f"{Role.ADMINISTRATOR} {Role.REVIEWER}"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How browsers and other systems reach us. ``origin`` as they write it, empty: loopback without TLS.

    ``certificate`` and ``key`` are PEM files; with them the pages may be served to other machines. ``people_keys`` is the
    file of the keys that secrets of people are kept with, else the installation makes its own. Of people with one of the
    roles ``second_factor`` a second factor is wanted. ``measures`` is how much one person may do.
    """

    origin: str = ""
    certificate: Path | None = None
    key: Path | None = None
    openid: OpenIdSettings = field(default_factory=OpenIdSettings)
    api: ApiSettings = field(default_factory=ApiSettings)
    people_keys: Path | None = None
    second_factor: frozenset[str] = frozenset()
    measures: Measures = field(default_factory=Measures)


@dataclass(frozen=True, slots=True)
class ReuseSettings:
    """How papers in keeping are given to others.

    ``key`` (PEM, EC P-256) signs receipts, those in the folder ``former`` did; other secrets are derived from that in the file
    ``master``. Where none is set, the installation makes its own. ``issuer`` names it in receipts. Links live for
    ``link_seconds``, requests ``request_minutes``. ``fetch_by`` link: who asks for a PDF is led to the store by a link of
    ``redirect_seconds``. Events go to ``hosts`` alone. ``policies`` is a file of policies.
    """

    key: Path | None = None
    passphrase: Secret = field(default_factory=Secret, repr=False)
    former: Path | None = None
    master: Path | None = None
    issuer: str = ""
    link_seconds: int = 120
    fetch_by: str = "stream"
    redirect_seconds: int = 20
    request_minutes: int = 30
    hosts: tuple[str, ...] = ()
    ca_file: Path | None = None
    loopback: bool = False
    policies: Path | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between installations.

    ``page_seconds`` bounds the reading of one page, ``page_memory`` (bytes) the address space of its process.
    ``engine`` is one of :data:`ENGINES`. ``attempts`` is how often a step may kill its worker before it is set aside.
    ``language_model`` says whether misread marks are put right by what syllables usually stand beside each other, ``lines``
    whether names under signatures and seals are read by a net of our own; both Vietnamese only.
    ``ink`` says whether handwritten numbers and days are read, ``codes`` whether barcodes and QR codes are. ``procedures`` is
    the table of administrative procedures that ``sohoa digitise`` goes by; servers have the list that was imported. ``rules``
    is a folder of rule sets (TOML) beside those that come with the product, ``retention`` its own schedule of how long papers
    are kept, ``targets`` its own targets of digitising. ``signing`` says who signs, else nobody does. ``second_reader`` are
    the types that two people must review, ``review_minutes`` how long one may have a document untouched. ``scanner`` is the
    SANE device of the station, with its options (``scanimage -L``, ``-A``), ``scanner_folder`` where one lays files.
    ``clamd`` is the virus scanner that looks at every file that comes in, ``host:port`` or ``unix:/path``; empty: none does.
    ``web`` says how browsers reach the pages and who vouches for people, ``reuse`` how papers are given to others.
    """

    home: Path
    redis_url: str = ""
    s3: S3Settings = field(default_factory=S3Settings)
    catalogue_url: str = ""
    bounds: Bounds = field(default_factory=Bounds)
    jobs: int = 1
    page_seconds: float = 120.0
    page_memory: int = 6 * 1024**3
    attempts: int = 3
    profile: str = "nd30"
    language: str = "vie"
    engine: str = ENGINES[0]
    language_model: bool = True
    ink: bool = True
    lines: bool = True
    codes: bool = True
    procedures: Path | None = None
    rules: Path | None = None
    retention: Path | None = None
    targets: Path | None = None
    signing: SigningSettings = field(default_factory=SigningSettings)
    second_reader: frozenset[str] = frozenset()
    review_minutes: int = 15
    scanner: str = ""
    scanner_options: tuple[str, ...] = ()
    scanner_folder: Path | None = None
    clamd: str = ""
    web_host: str = "127.0.0.1"
    web_port: int = 8321
    web: WebSettings = field(default_factory=WebSettings)
    reuse: ReuseSettings = field(default_factory=ReuseSettings)
    scratch: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    @property
    def web_address(self) -> str:
        """Where the pages are, with a slash at the end."""
        return f"{self.web.origin or f'http://{self.web_host}:{self.web_port}'}/"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Settings from ``SOHOA_*``; raises ``ValueError`` naming the variable that makes no sense."""
        env = os.environ if environ is None else environ
        home = Path(env.get("SOHOA_HOME") or Path.home() / ".local" / "share" / "sohoa").expanduser().absolute()
        return cls(
            home=home,
            redis_url=env.get("SOHOA_REDIS_URL", ""),
            s3=_s3(env),
            catalogue_url=env.get("SOHOA_CATALOGUE_URL", f"sqlite:///{home}/catalogue.sqlite"),
            bounds=_bounds(env),
            jobs=number_of(env, "SOHOA_JOBS", _cores()),
            page_seconds=float(number_of(env, "SOHOA_PAGE_SECONDS", 120)),
            page_memory=number_of(env, "SOHOA_PAGE_MEMORY_MB", 6144) * 1024**2,
            attempts=number_of(env, "SOHOA_ATTEMPTS", 3),
            profile=env.get("SOHOA_PROFILE", "nd30"),
            language=env.get("SOHOA_LANGUAGE", "vie"),
            engine=choice_of(env, "SOHOA_ENGINE", ENGINES),
            language_model=flag_of(env, "SOHOA_LANGUAGE_MODEL", True),
            ink=flag_of(env, "SOHOA_INK", True),
            lines=flag_of(env, "SOHOA_LINES", True),
            codes=flag_of(env, "SOHOA_CODES", True),
            procedures=path_of(env, "SOHOA_PROCEDURES"),
            rules=path_of(env, "SOHOA_RULES"),
            retention=path_of(env, "SOHOA_RETENTION"),
            targets=path_of(env, "SOHOA_TARGETS"),
            signing=_signing(env),
            second_reader=frozenset(env.get("SOHOA_SECOND_READER", "").replace(",", " ").split()),
            scanner=env.get("SOHOA_SCANNER", ""),
            scanner_options=tuple(shlex.split(env.get("SOHOA_SCANNER_OPTIONS", ""))),
            scanner_folder=path_of(env, "SOHOA_SCANNER_FOLDER"),
            clamd=socket_of(env, "SOHOA_CLAMD"),
            review_minutes=number_of(env, "SOHOA_REVIEW_MINUTES", 15),
            web_host=env.get("SOHOA_WEB_HOST", "127.0.0.1"),
            web_port=number_of(env, "SOHOA_WEB_PORT", 8321),
            web=_web(env),
            reuse=_reuse(env),
            scratch=Path(env.get("SOHOA_SCRATCH") or tempfile.gettempdir()),
        )


def _s3(env: Mapping[str, str]) -> S3Settings:
    found = S3Settings(
        endpoint=env.get("SOHOA_S3_ENDPOINT", ""),
        access_key=env.get("SOHOA_S3_ACCESS_KEY", ""),
        secret_key=env.get("SOHOA_S3_SECRET_KEY", ""),
        bucket=env.get("SOHOA_S3_BUCKET", "sohoa"),
        secure=flag_of(env, "SOHOA_S3_SECURE", False),
        ca_file=path_of(env, "SOHOA_S3_CA_FILE"),
        encryption=choice_of(env, "SOHOA_S3_ENCRYPTION", ENCRYPTIONS),
        kms_key=env.get("SOHOA_S3_KMS_KEY", ""),
        agencies=path_of(env, "SOHOA_S3_AGENCIES"),
        public=env.get("SOHOA_S3_PUBLIC_ENDPOINT", ""),
    )
    if "/" in found.endpoint:
        raise ValueError("SOHOA_S3_ENDPOINT is host:port, without https:// or a path; SOHOA_S3_SECURE=1 asks for TLS")
    if found.ca_file and not found.secure:
        raise ValueError("SOHOA_S3_CA_FILE needs SOHOA_S3_SECURE=1")
    if found.kms_key and found.encryption != "SSE-KMS":
        raise ValueError("SOHOA_S3_KMS_KEY needs SOHOA_S3_ENCRYPTION=SSE-KMS")
    return found


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _signing(env: Mapping[str, str]) -> SigningSettings:
    found = SigningSettings(
        digitiser=_key(env, "SOHOA_SIGN_DIGITISER"),
        agency=_key(env, "SOHOA_SIGN_AGENCY"),
        copy_type=env.get("SOHOA_SIGN_COPY_TYPE") or SigningSettings().copy_type,
        tsa_url=env.get("SOHOA_TSA_URL", ""),
        trust=path_of(env, "SOHOA_TRUST"),
        incoming=path_of(env, "SOHOA_TRUST_INCOMING"),
    )
    keys = {one.location for one in (found.digitiser, found.agency) if one.location}
    if found.trial and keys != {TRIAL_KEY}:
        raise ValueError("SOHOA_SIGN_DIGITISER_KEY and SOHOA_SIGN_AGENCY_KEY must not mix trial keys with real ones")
    if keys and not found.trial and not (found.tsa_url and found.trust):
        raise ValueError("a signing key needs SOHOA_TSA_URL (time stamps) and SOHOA_TRUST (certificates of the authorities)")
    if found.tsa_url and not found.tsa_url.startswith(("http://", "https://")):
        raise ValueError("SOHOA_TSA_URL must begin with https:// or http://")
    return found


def _web(env: Mapping[str, str]) -> WebSettings:
    origin = env.get("SOHOA_WEB_ORIGIN", "").rstrip("/")
    certificate, key = path_of(env, "SOHOA_WEB_CERTIFICATE"), path_of(env, "SOHOA_WEB_KEY")
    if origin and not re.fullmatch(r"https://[^\s/?#@]+", origin):
        raise ValueError(f"SOHOA_WEB_ORIGIN must look like https://sohoa.example.vn, not {origin!r}")
    if (certificate is None) != (key is None) or (certificate and not origin):
        raise ValueError("SOHOA_WEB_CERTIFICATE, SOHOA_WEB_KEY and SOHOA_WEB_ORIGIN belong together")
    api = _api(env, proxied=bool(origin) and certificate is None)
    factor = _second_factor(env, NETWORKED if origin else "")
    measures = measures_of(lambda name, default: number_of(env, name, default))
    keys = path_of(env, "SOHOA_PEOPLE_KEYS")
    return WebSettings(origin, certificate, key, _openid(env), api, keys, factor, measures)


def _second_factor(env: Mapping[str, str], default: str) -> frozenset[str]:
    found = frozenset(env.get("SOHOA_SECOND_FACTOR", default).replace(",", " ").split())
    if found == {"none"}:
        return frozenset()
    if unknown := found - {role.value for role in Role}:
        raise ValueError(f"SOHOA_SECOND_FACTOR names roles, or none; there is no {', '.join(sorted(unknown))}")
    return found


def _api(env: Mapping[str, str], *, proxied: bool) -> ApiSettings:
    header = env.get("SOHOA_API_CERTIFICATE_HEADER", "")
    if header and (not re.fullmatch(r"[A-Za-z0-9-]{1,64}", header) or not proxied):
        raise ValueError(
            "SOHOA_API_CERTIFICATE_HEADER is the name of a header that a proxy sets: it needs SOHOA_WEB_ORIGIN, and no "
            "SOHOA_WEB_CERTIFICATE"
        )
    return ApiSettings(
        number_of(env, "SOHOA_API_RATE", 600), path_of(env, "SOHOA_API_KEYS"), header, path_of(env, "SOHOA_EXPORT_LAYOUTS")
    )


def _reuse(env: Mapping[str, str]) -> ReuseSettings:
    return ReuseSettings(
        key=path_of(env, "SOHOA_RECEIPT_KEY"),
        passphrase=Secret(text_or_file(env, "SOHOA_RECEIPT_PASSPHRASE")),
        former=path_of(env, "SOHOA_RECEIPT_FORMER"),
        master=path_of(env, "SOHOA_REUSE_SECRET_FILE"),
        issuer=env.get("SOHOA_RECEIPT_ISSUER", ""),
        link_seconds=number_of(env, "SOHOA_LINK_SECONDS", 120),
        fetch_by=choice_of(env, "SOHOA_FETCH_BY", ("stream", "link")),
        redirect_seconds=number_of(env, "SOHOA_REDIRECT_SECONDS", 20),
        request_minutes=number_of(env, "SOHOA_REQUEST_MINUTES", 30),
        hosts=tuple(env.get("SOHOA_WEBHOOK_HOSTS", "").replace(",", " ").split()),
        ca_file=path_of(env, "SOHOA_WEBHOOK_CA_FILE"),
        loopback=flag_of(env, "SOHOA_WEBHOOK_LOOPBACK", False),
        policies=path_of(env, "SOHOA_REUSE_POLICIES"),
    )


def _openid(env: Mapping[str, str]) -> OpenIdSettings:
    issuer = env.get("SOHOA_OPENID_ISSUER", "")
    found = OpenIdSettings(
        issuer=issuer,
        client_id=env.get("SOHOA_OPENID_CLIENT_ID", ""),
        client_secret=Secret(text_or_file(env, "SOHOA_OPENID_CLIENT_SECRET")),
        rights=path_of(env, "SOHOA_OPENID_RIGHTS"),
    )
    if issuer and not re.fullmatch(r"https://\S+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/\S*)?", issuer):
        raise ValueError("SOHOA_OPENID_ISSUER must begin with https://")
    if issuer and not (found.client_id and found.client_secret and found.rights):
        raise ValueError(
            "SOHOA_OPENID_ISSUER needs SOHOA_OPENID_CLIENT_ID, SOHOA_OPENID_CLIENT_SECRET (or _FILE) and SOHOA_OPENID_RIGHTS"
        )
    return found


def _key(env: Mapping[str, str], name: str) -> KeySettings:
    return KeySettings(
        location=env.get(f"{name}_KEY", ""),
        passphrase=Secret(env.get(f"{name}_PASSPHRASE", "")),
        passphrase_file=path_of(env, f"{name}_PASSPHRASE_FILE"),
        name=env.get(f"{name}_NAME", ""),
    )


def _bounds(env: Mapping[str, str]) -> Bounds:
    plain = Bounds()
    return Bounds(
        max_file_bytes=number_of(env, "SOHOA_MAX_FILE_MB", plain.max_file_bytes // 1_000_000) * 1_000_000,
        max_pages=number_of(env, "SOHOA_MAX_PAGES", plain.max_pages),
        max_page_pixels=number_of(env, "SOHOA_MAX_PAGE_MEGAPIXELS", plain.max_page_pixels // 1_000_000) * 1_000_000,
        max_zip_members=number_of(env, "SOHOA_MAX_ZIP_MEMBERS", plain.max_zip_members),
        max_unpacked_bytes=number_of(env, "SOHOA_MAX_UNPACKED_MB", plain.max_unpacked_bytes // 1_000_000) * 1_000_000,
        max_nesting=number_of(env, "SOHOA_MAX_NESTING", plain.max_nesting),
    )
