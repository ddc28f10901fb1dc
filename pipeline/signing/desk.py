"""Settings into signers: keys, time stamps, trust."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.domain.signatures import SignatureRole
from pipeline.settings import KeySettings, SigningSettings
from pipeline.signing.steps import Signers
from storage.signing.keys import Key, key_at, read_passphrase
from storage.signing.pdf_signer import Hand, PdfSigner, SigningTools
from storage.signing.revocation import FetchedAnswers
from storage.signing.time_stamps import HttpTimeStamper
from storage.signing.trial import NOTICE, TrialAuthority
from storage.signing.trust import load_trust


def open_desk(settings: SigningSettings, trial_folder: Path) -> Signers:
    """Who signs; raises ``SigningError`` for a faulty location of a key, pass phrase file or certificate.

    Trial keys lie in ``trial_folder``, and are made there at their first use.
    """
    if settings.trial:
        trial = TrialAuthority(trial_folder)
        return _signers(settings, SigningTools(trial.stamper, trial.trust, trial.answers), trial.key, NOTICE)
    trust = load_trust(settings.trust)
    keys = {SignatureRole.DIGITISER: settings.digitiser, SignatureRole.AGENCY: settings.agency}

    def key_of(role: SignatureRole) -> Key:
        found = keys[role]
        phrase = read_passphrase(found.passphrase_file) if found.passphrase_file else found.passphrase
        return key_at(found.location, phrase, trust.roots + trust.others)

    return _signers(settings, SigningTools(HttpTimeStamper(settings.tsa_url), trust, FetchedAnswers()), key_of, "")


def _signers(settings: SigningSettings, tools: SigningTools, key_of: Callable[[SignatureRole], Key], notice: str) -> Signers:
    def signer(role: SignatureRole, found: KeySettings, copy_type: str = "") -> PdfSigner | None:
        return PdfSigner(Hand(role, key_of(role), found.name, copy_type, notice), tools) if found.location else None

    return Signers(
        signer(SignatureRole.DIGITISER, settings.digitiser),
        signer(SignatureRole.AGENCY, settings.agency, settings.copy_type),
    )
