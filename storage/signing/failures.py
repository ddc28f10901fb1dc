"""Why a signature could not be put, in the words of those who must do something about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from pkcs11.exceptions import PKCS11Error
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)

from pipeline.domain.errors import SigningError, SohoaError, UnavailableError
from pipeline.domain.signatures import SignatureRole

#: What pyHanko raises on its way to a signature.
SIGNING_FAILURES = (
    PyhankoSigningError,
    SignatureValidationError,
    TimestampRequestError,
    PathBuildingError,
    ValidationError,
    PdfError,
    PKCS11Error,
    OSError,
    ValueError,
)

_NAMES = {SignatureRole.DIGITISER: "digitiser's", SignatureRole.AGENCY: "agency's"}


def explain(error: BaseException, role: SignatureRole) -> SohoaError:
    """The error that says what ``error`` means, without its traceback: that may hold a pass phrase."""
    causes = tuple(_causes(error))
    for kind, make in _MEANINGS:
        for cause in causes:
            if isinstance(cause, kind):
                return make(_NAMES[role], cause)
    return SigningError(
        f"the {_NAMES[role]} signature could not be put ({type(error).__name__}: {error})",
        advice="Không ký được tài liệu này. Hãy thử lại; nếu vẫn lỗi, hãy báo quản trị viên kèm mã tài liệu.",
    )


def _no_time_stamp(whose: str, cause: BaseException) -> SohoaError:
    return UnavailableError(
        f"no time stamp for the {whose} signature: {cause}; nothing was signed, try again",
        code="time_stamp_unavailable",
        advice="Máy chủ cấp dấu thời gian không trả lời; tài liệu chưa được ký. Hãy kiểm tra mạng rồi ký lại.",
    )


def _no_revocation(whose: str, _: BaseException) -> SohoaError:
    return UnavailableError(
        f"whether the certificates of the {whose} signature are revoked cannot be learnt; nothing was signed, try again",
        code="revocation_unavailable",
        advice="Không hỏi được trạng thái thu hồi của chứng thư số; tài liệu chưa được ký. Hãy kiểm tra mạng rồi ký lại.",
    )


def _no_token(_: str, cause: BaseException) -> SohoaError:
    return UnavailableError(
        f"the token did not sign ({type(cause).__name__})",
        code="token_unavailable",
        advice="Thiết bị ký không thực hiện được. Hãy kiểm tra thiết bị đã cắm rồi ký lại.",
    )


def _refusal(what: str, code: str, advice: str) -> Callable[[str, BaseException], SohoaError]:
    def make(whose: str, _: BaseException) -> SohoaError:
        return SigningError(
            f"the certificate of the {whose} signature {what}; nothing was signed",
            code=code,
            advice=f"Chứng thư số {advice}; tài liệu chưa được ký.",
        )

    return make


#: What each kind of error means; the first that is found among the causes counts.
_MEANINGS: tuple[tuple[type[BaseException], Callable[[str, BaseException], SohoaError]], ...] = (
    (TimestampRequestError, _no_time_stamp),
    (RevokedError, _refusal("is revoked", "certificate_revoked", "đã bị thu hồi. Hãy xin cấp chứng thư số mới")),
    (ExpiredError, _refusal("has expired", "certificate_expired", "đã hết hạn. Hãy gia hạn hoặc thay chứng thư số")),
    (
        NotYetValidError,
        _refusal(
            "is not valid yet; look at the clock",
            "certificate_not_yet_valid",
            "chưa đến ngày có hiệu lực. Hãy kiểm tra đồng hồ của máy và chứng thư số",
        ),
    ),
    (InsufficientRevinfoError, _no_revocation),
    (
        PathBuildingError,
        _refusal(
            "or that of the time-stamp authority leads to no certificate that is trusted here (SOHOA_TRUST)",
            "certificate_untrusted",
            "không thuộc đơn vị chứng thực được tin cậy. Hãy thêm chứng thư gốc vào thư mục SOHOA_TRUST",
        ),
    ),
    (PKCS11Error, _no_token),
)


def out_of_order(name: str, role: SignatureRole, roles: Sequence[SignatureRole]) -> SigningError:
    """A signature that may not be put now, with ``roles`` standing in the file."""
    there = ", ".join(_NAMES[one] for one in roles) or "no"
    wanted = "no signature" if role is SignatureRole.DIGITISER else "the digitiser's signature and nothing else"
    if role in roles or SignatureRole.AGENCY in roles:
        advice = "Tài liệu đã được ký. Không ký lại; nếu cần ký bản mới, hãy số hóa lại tài liệu."
        code = "already_signed"
    else:
        advice = (
            "Chưa có chữ ký của cán bộ số hóa nên cơ quan chưa ký được. Hãy cấu hình khóa ký của cán bộ rồi đọc lại tài liệu."
        )
        code = "signature_order"
    return SigningError(
        f"{name}: the {_NAMES[role]} signature goes onto a file with {wanted}; it has {there} signature",
        code=code,
        advice=advice,
    )


def unfit(subject: str) -> SigningError:
    """A certificate that is not meant for signatures."""
    return SigningError(
        f"the certificate of {subject} is not meant for signatures (key usage)",
        code="certificate_unfit",
        advice="Chứng thư số này không dùng để ký được. Quản trị viên hãy chọn chứng thư số ký số.",
    )


def unproven(reasons: Iterable[str]) -> SigningError:
    """Signatures that do not hold when they are read anew."""
    return SigningError(
        f"the signatures of the file do not hold: {'; '.join(reason for reason in reasons if reason) or 'no reason given'}",
        code="signature_unproven",
        advice="Chữ ký trên tệp không kiểm tra được. Không dùng tệp này; hãy ký lại, nếu vẫn lỗi hãy báo quản trị viên.",
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
