"""What is asked and answered of reuse, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipeline.domain.documents import Owner
from pipeline.domain.holdings import ReasonCode, State
from pipeline.domain.outbox import EventKind
from pipeline.domain.releases import Held, Release, ReleaseForm, RequestState
from pipeline.web.api.admitting import PURPOSE
from pipeline.web.api.shapes import Day, Strict, Whole

PurposeCode = Annotated[str, Field(pattern=PURPOSE, examples=["giai_quyet_tthc"])]
TypeCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$", examples=["giay_khai_sinh"])]
ProcedureCode = Annotated[str, Field(pattern=r"^[0-9]\.[0-9]{6}$", examples=["1.001193"])]
DocumentCode = Annotated[str, Field(pattern=r"^[0-9]{8}-[0-9a-f]{12}$", examples=["20260105-0123456789ab"])]


class _Told(BaseModel):
    """Made of what the services answer."""

    model_config = ConfigDict(from_attributes=True)


class OwnerById(Strict):
    """An owner by the personal id."""

    id12: str = Field(pattern=r"^[0-9]{12}$", examples=["001190000018"])

    @property
    def owner(self) -> Owner:
        """Who is meant."""
        return Owner(id12=self.id12)


class OwnerByName(Strict):
    """An owner by name and birth date, where there is no personal id."""

    name: str = Field(min_length=2, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["Nguyễn Văn An"])
    birth_date: Day

    @property
    def owner(self) -> Owner:
        """Who is meant."""
        return Owner(name=self.name, birth_date=self.birth_date.isoformat())


AnyOwner = OwnerById | OwnerByName


class Question(Strict):
    """What is asked: the papers of ``procedure``, or those of ``types``."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"anyOf": [{"required": ["procedure"]}, {"required": ["types"]}]}
    )

    owner: AnyOwner
    purpose: PurposeCode
    procedure: ProcedureCode = ""
    types: list[TypeCode] = Field(default=[], min_length=1, max_length=100)
    on: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _names_something(cls, raw: Any) -> Any:  # noqa: ANN401 - whatever came
        if isinstance(raw, dict) and not {"procedure", "types"} & raw.keys():
            raise ValueError("procedure or types are needed")
        return raw


class ReasonTold(_Told):
    """A reason, as a clerk reads it."""

    code: ReasonCode
    vi: str
    en: str
    document: str = ""


class ComponentTold(_Told):
    """What is known of one component."""

    type: str
    title: str
    held: Held
    vi: str
    en: str
    document: str = ""
    part: int = 0
    until: date | None = None
    reasons: list[ReasonTold] = []
    notes: list[ReasonTold] = []
    forms: list[ReleaseForm] = []
    consent: bool = False


class CheckTold(_Told):
    """The answer: each component, and those that the citizen must not be asked for."""

    id: str
    at: datetime
    on: date
    procedure: str
    purpose: str
    components: list[ComponentTold]
    dont_ask_again: list[ComponentTold]


class WantedById(Strict):
    """What is requested: one document that a check has named. ``form`` left out: the least that the caller may have."""

    document: DocumentCode
    part: Whole = Field(default=0, ge=0, le=10_000)
    purpose: PurposeCode
    procedure: ProcedureCode = ""
    form: ReleaseForm | None = None
    fields: list[TypeCode] = Field(default=[], max_length=100)
    consent: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="Reference to the consent.")


class WantedByOwner(Strict):
    """What is requested: the one paper of ``type`` of ``owner``."""

    owner: AnyOwner
    type: TypeCode
    purpose: PurposeCode
    procedure: ProcedureCode = ""
    form: ReleaseForm | None = None
    fields: list[TypeCode] = Field(default=[], max_length=100)
    consent: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="Reference to the consent.")


class RequestTold(_Told):
    """A request, bound to one paper and one form; it may be released until ``until``."""

    id: str
    agency: str
    document: str
    part: int
    type: str
    purpose: str
    procedure: str
    form: ReleaseForm
    fields: list[str]
    consent: str
    basis: str
    state: RequestState
    at: datetime
    until: datetime
    codes: list[str] = []


class JudgementTold(_Told):
    """What a paper is worth on a day."""

    on: date
    state: State
    reasons: list[ReasonTold] = []
    notes: list[ReasonTold] = []
    until: date | None = None


class PreviewTold(_Told):
    """What a release would give: no values, no content."""

    request: RequestTold
    title: str
    revision: int
    pages: int
    bytes: int
    judgement: JudgementTold


class ReleaseTold(BaseModel):
    """What leaves. ``receipt`` is a JWS; ``url`` leads to the PDF until ``url_until``, without a token."""

    request: RequestTold
    receipt: str
    disclosure: str
    sha256: str
    values: dict[str, str | int | list[str]]
    url: str | None = None
    url_until: datetime | None = None
    bytes: int = 0
    check_code: str = ""

    @classmethod
    def of(cls, made: Release) -> ReleaseTold:
        """The release as JSON."""
        return cls(
            request=RequestTold.model_validate(made.request),
            receipt=made.jws,
            disclosure=made.disclosure,
            sha256=made.receipt.sha256,
            values={key: list(value) if isinstance(value, tuple) else value for key, value in made.values},
            url=made.url or None,
            url_until=made.url_until,
            bytes=made.bytes,
            check_code=made.check_code,
        )


class EventTold(_Told):
    """One event."""

    seq: int
    id: str
    kind: EventKind
    at: datetime
    dossier: str
    document: str = ""
    type: str = ""
    revision: int = 0
    other: str = ""
    code: str = ""


class EventsTold(BaseModel):
    """Events in order; ``next`` is where to go on, now or later."""

    events: list[EventTold]
    next: str


class SubscriptionTold(_Told):
    """Where a system is told; ``key`` is the number of the secret that signs."""

    id: str
    url: str
    kinds: list[EventKind]
    offices: list[str]
    created_at: datetime
    key: int
    former_until: datetime | None = None
    ended: bool = False


class SubscriptionMade(SubscriptionTold):
    """A subscription with its ``secret``, which is shown this once."""

    secret: str


#: The code of an agency (QCVN 102:2016/BTTTT).
AgencyCode = Annotated[str, Field(pattern=r"^([0-9]{2,3}\.){0,4}[A-Z][0-9]{2}(\.[0-9]{2,3}){0,4}$", max_length=64)]

#: Where webhooks go.
_URL = r"^https://[A-Za-z0-9.\-]{1,200}(:[0-9]{1,5})?(/[!-~]{0,500})?$"


class SubscriptionWish(Strict):
    """Where to be told of what; without ``offices`` of the dossiers of the system's own agency."""

    url: str = Field(pattern=_URL, examples=["https://dvc.example.vn/su-kien"])
    kinds: list[EventKind] = Field(min_length=1, max_length=20)
    offices: list[AgencyCode] = Field(default=[], max_length=50)


class DeliveryTold(_Told):
    """A delivery that was given up at `due`, or is tried again then; `begun` is when it was first tried."""

    id: str
    event: EventTold
    subscription: str
    state: str
    tries: int
    due: datetime
    error: str = ""
    begun: datetime | None = None
