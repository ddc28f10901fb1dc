"""Reuse of what is held: who asks, what may leave, why not, what was given, and who must be told.

It all stands in the audit log, by these actions (``domain.audit.Action``); ``details`` never hold personal data:

=================  ==========================================================================================================
``check``          a system asked what is held: ``system``, ``agency``, ``procedure``, ``purpose``, ``on``, ``owner`` (hashed),
                   ``answers`` (pairs of type and :class:`Held`), ``documents``
``reuse_open``     a request was opened: ``request``, ``system``, ``agency``, ``procedure``, ``purpose``, ``type``, ``consent``
``reuse_release``  a document left: as before, with ``form``, ``fields``, ``sha256``, ``receipt`` (sha256 of the receipt)
``reuse_fetch``    what was released was fetched: ``request``, ``way`` (``link`` or ``stream``)
``reuse_refusal``  something was refused at intake, archive or release: ``gate``, ``codes``, ``request``, ``system``,
                   ``agency``, ``type``, ``purpose``
``asked_again``    a paper came in though it was held and reusable: ``held`` (the document), ``type``, ``office``
``standing``       somebody said what a document is worth: ``kind``, ``number``, ``key``, ``sha256``, ``basis``
``owner_event``    something befell an owner: ``kind``, ``key``, ``sha256``, ``basis``
``print_code``     a code for prints was made: ``key``, ``sha256``
``delivery_dead``  a webhook was given up: ``delivery``, ``event``, ``subscription``
``subscription``   a subscription was made, changed or ended: ``subscription``, ``system``, ``agency``; what was given up was
                   tried again or dropped: ``delivery``, ``event``, ``subscription``, ``system``, ``why``
``import``         a list of entitlements or exclusions was imported (``key``, ``sha256``)
=================  ==========================================================================================================
"""

from pipeline.domain.holdings import (
    Exclusion,
    Holding,
    Judgement,
    Kept,
    OwnerEvent,
    OwnerEventKind,
    PrintCode,
    PublicState,
    Reason,
    ReasonCode,
    Standing,
    StandingKind,
    State,
)
from pipeline.domain.outbox import (
    PUSHED,
    Delivery,
    DeliveryState,
    EventKind,
    EventPage,
    LettersAsked,
    ReuseEvent,
    Subscription,
)
from pipeline.domain.releases import (
    ANY,
    CheckAnswer,
    CheckQuestion,
    ComponentAnswer,
    Entitlement,
    ExcludedType,
    Held,
    Preview,
    Receipt,
    Release,
    Released,
    ReleaseForm,
    RequestScene,
    RequestState,
    ReuseRequest,
    RightsList,
    System,
    Wanted,
)

__all__ = [
    "ANY",
    "PUSHED",
    "CheckAnswer",
    "CheckQuestion",
    "ComponentAnswer",
    "Delivery",
    "DeliveryState",
    "Entitlement",
    "EventKind",
    "EventPage",
    "ExcludedType",
    "Exclusion",
    "Held",
    "Holding",
    "Judgement",
    "Kept",
    "LettersAsked",
    "OwnerEvent",
    "OwnerEventKind",
    "Preview",
    "PrintCode",
    "PublicState",
    "Reason",
    "ReasonCode",
    "Receipt",
    "Release",
    "ReleaseForm",
    "Released",
    "RequestScene",
    "RequestState",
    "ReuseEvent",
    "ReuseRequest",
    "RightsList",
    "Standing",
    "StandingKind",
    "State",
    "Subscription",
    "System",
    "Wanted",
]
