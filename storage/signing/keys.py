"""Signing keys: a PKCS#12 file, or a PKCS#11 token by its URI (RFC 7512). Pass phrases never leave the call that needs them.

No exception of a library goes on from here: their tracebacks hold the pass phrase among their locals.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, unquote_to_bytes

from asn1crypto import x509
from pkcs11.exceptions import PKCS11Error
from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
from pyhanko.sign import Signer, SimpleSigner
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.pkcs11 import PKCS11SigningContext

from pipeline.domain.errors import SigningError, SohoaError, UnavailableError
from pipeline.domain.secret import Secret

#: What the location of a key on a token begins with.
SCHEME = "pkcs11:"
_LARGEST_FILE = 10_000_000
#: Whoever is logged in to a token is so for the whole process: its threads take turns.
_TURNS = threading.Lock()


class Key(Protocol):
    """A private key with its certificate."""

    def open(self) -> AbstractContextManager[Signer]:
        """A block in which pyHanko's signer stands ready; raises ``SigningError`` or ``UnavailableError``."""


def read_passphrase(path: Path) -> Secret:
    """The first line of a file that nobody else may read; raises ``SigningError``."""
    try:
        if path.stat().st_mode & 0o077:
            raise SigningError(
                f"{path}: others may read the pass phrase; chmod 600 {path}",
                code="unsafe_passphrase_file",
                advice=f"Tệp mật khẩu {path.name} đang để người khác đọc được. Quản trị viên hãy đặt quyền 600 cho tệp.",
            )
        return Secret(path.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r"))
    except (OSError, UnicodeDecodeError) as error:
        raise SigningError(
            f"{path}: the pass phrase cannot be read ({type(error).__name__})",
            code="passphrase_missing",
            advice=f"Không đọc được tệp mật khẩu {path.name}. Quản trị viên hãy kiểm tra đường dẫn và quyền của tệp.",
        ) from None


def key_at(location: str, passphrase: Secret, chain: Sequence[x509.Certificate] = ()) -> Key:
    """The key at ``location``: a path, or a URI that begins with ``pkcs11:``; raises ``SigningError`` for a faulty URI."""
    if location.startswith(SCHEME):
        return TokenKey(parse_token_uri(location), passphrase, tuple(chain))
    return FileKey(Path(location), passphrase, tuple(chain))


class FileKey:
    """A key in a PKCS#12 file; it is opened once, and again when the file changes."""

    def __init__(self, path: Path, passphrase: Secret, chain: tuple[x509.Certificate, ...] = ()) -> None:
        self._path = path
        self._passphrase = passphrase
        self._chain = chain
        self._opened: tuple[int, Signer] | None = None

    @contextmanager
    def open(self) -> Iterator[Signer]:
        """PyHanko's signer."""
        data, changed = self._read()
        if self._opened is None or self._opened[0] != changed:
            self._opened = changed, self._load(data)
        yield self._opened[1]

    def _read(self) -> tuple[bytes, int]:
        try:
            found = self._path.stat()
            if found.st_size > _LARGEST_FILE or found.st_mode & 0o007:
                raise SigningError(
                    f"{self._path}: everybody may read the key; chmod 600 {self._path}",
                    code="unsafe_key_file",
                    advice="Tệp khóa ký đang để mọi người đọc được. Quản trị viên hãy đặt quyền 600 cho tệp.",
                )
            return self._path.read_bytes(), found.st_mtime_ns
        except OSError as error:
            raise SigningError(
                f"{self._path}: the signing key cannot be read ({type(error).__name__})",
                code="key_missing",
                advice="Không đọc được tệp khóa ký. Quản trị viên hãy kiểm tra đường dẫn và quyền của tệp PKCS#12.",
            ) from None

    def _load(self, data: bytes) -> Signer:
        try:
            phrase = self._passphrase
            chain = list(self._chain)
            signer: Signer = SimpleSigner.load_pkcs12_data(data, chain, phrase.reveal().encode() if phrase else None)
            return signer
        except (ValueError, AttributeError, TypeError):
            refused = SigningError(
                f"{self._path}: the signing key does not open: wrong pass phrase, or no PKCS#12 file with a key",
                code="wrong_passphrase",
                advice="Không mở được khóa ký: sai mật khẩu hoặc tệp không phải PKCS#12. Hãy kiểm tra mật khẩu rồi ký lại.",
            )
        raise refused


@dataclass(frozen=True, slots=True)
class TokenUri:
    """Which key of which token: by label or by id; ``module`` is the library that knows the token."""

    module: str
    token: str = ""
    label: str = ""
    id: bytes = b""


def parse_token_uri(uri: str) -> TokenUri:
    """The parts of ``pkcs11:token=NAME;object=LABEL;id=%01?module-path=/usr/lib/….so`` that name a key.

    Raises ``SigningError`` where the module or the key is not named, or where a pass phrase stands in the URI.
    """
    path, _, query = uri.removeprefix(SCHEME).partition("?")
    parts = dict(part.partition("=")[::2] for part in (*path.split(";"), *query.split("&")) if part)
    if "pin-value" in parts or "pin-source" in parts:
        raise _bad_uri("a pass phrase does not belong into the URI of a token; it has a setting of its own")
    if not parts.get("module-path"):
        raise _bad_uri("the URI of a token needs ?module-path=")
    if not parts.get("object") and not parts.get("id"):
        raise _bad_uri("the URI of a token needs object= or id=")
    return TokenUri(
        module=unquote(parts["module-path"]),
        token=unquote(parts.get("token", "")),
        label=unquote(parts.get("object", "")),
        id=unquote_to_bytes(parts.get("id", "")),
    )


def _bad_uri(message: str) -> SigningError:
    return SigningError(
        message,
        code="bad_key_location",
        advice="Địa chỉ khóa trên thiết bị ký chưa đúng. Hãy sửa theo mẫu pkcs11:token=…;object=…?module-path=….",
    )


class TokenKey:
    """A key on a PKCS#11 token, which it never leaves.

    A PIN that was refused is not tried again by this process: tokens lock themselves after a few wrong ones.
    """

    def __init__(self, uri: TokenUri, pin: Secret, chain: tuple[x509.Certificate, ...] = ()) -> None:
        self._uri = uri
        self._pin = pin
        self._chain = chain
        self._refused = False

    @contextmanager
    def open(self) -> Iterator[Signer]:
        """PyHanko's signer, in a session with the token that ends with the block."""
        with _TURNS:
            if self._refused:
                raise _wrong_pin(self._uri)
            context, signer = self._begin()
            try:
                yield signer
            finally:
                context.__exit__(None, None, None)

    def _begin(self) -> tuple[PKCS11SigningContext, Signer]:
        uri = self._uri
        config = PKCS11SignatureConfig(
            module_path=uri.module,
            token_criteria=TokenCriteria(label=uri.token) if uri.token else None,
            cert_label=uri.label or None,
            cert_id=uri.id or None,
            key_label=uri.label or None,
            key_id=uri.id or None,
            other_certs=list(self._chain),
        )
        failure: SohoaError
        context = PKCS11SigningContext(config, self._pin.reveal() or None)
        try:
            signer = context.__enter__()
            if signer.signing_cert is not None:
                return context, signer
            failure = _no_such_key(uri)
        except (PyhankoSigningError, PKCS11Error, OSError, RuntimeError, ValueError) as error:
            failure = self._explain(error)
        raise failure

    def _explain(self, error: BaseException) -> SohoaError:
        names = {type(cause).__name__ for cause in _causes(error)}
        if names & {"PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked", "PinExpired"}:
            self._refused = True
            return _wrong_pin(self._uri)
        if names & {"NoSuchKey", "MultipleObjectsReturned"} or "Could not find" in str(error):
            return _no_such_key(self._uri)
        return UnavailableError(
            f"the token {self._uri.token or '(any)'} does not answer by {self._uri.module} ({', '.join(sorted(names))})",
            code="token_unavailable",
            advice="Không kết nối được thiết bị ký. Hãy kiểm tra thiết bị đã cắm và trình điều khiển rồi ký lại.",
        )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _wrong_pin(uri: TokenUri) -> SigningError:
    return SigningError(
        f"the token {uri.token or '(any)'} refused the PIN; it is not tried again, so that the token does not lock itself",
        code="wrong_passphrase",
        advice="Thiết bị ký từ chối mã PIN. Hãy sửa mã PIN rồi khởi động lại; thử sai nhiều lần sẽ khóa thiết bị.",
    )


def _no_such_key(uri: TokenUri) -> SigningError:
    return SigningError(
        f"the token {uri.token or '(any)'} has no key with a certificate called {uri.label or uri.id.hex()}",
        code="key_missing",
        advice="Thiết bị ký không có khóa hoặc chứng thư số đã khai báo. Quản trị viên hãy kiểm tra nhãn của khóa.",
    )
